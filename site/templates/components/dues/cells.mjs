// What a row of the dues and a line of an order have in common.
import { slot } from '../../../assets/page.mjs';
import { money, monthsOf, writePeriod } from '../../../assets/words.mjs';

/** Fills the cells of a due, or of a line of an order. */
export function fillCells(row, it) {
  for (const name of ['year', 'reference', 'account']) slot(row, name).textContent = it[name];
  slot(row, 'amount').textContent = money(it.amount_centimes);
  slot(row, 'months').textContent = monthsOf(it);
  writePeriod(slot(row, 'quarter'), it);
}

// The lines of an order, as the recap and the receipt list them: contributions, then the fee.
import { copy, slot } from '../../../assets/page.mjs';
import { money, monthsOf, word } from '../../../assets/words.mjs';

function lineRow(root, line) {
  const made = copy(root, 'line');
  slot(made, 'year').textContent = line.year;
  slot(made, 'quarter').textContent = line.period;
  slot(made, 'months').textContent = monthsOf(line);
  slot(made, 'amount').textContent = money(line.amount_centimes);
  slot(made, 'reference').textContent = line.reference;
  const account = slot(made, 'account');
  account.textContent = line.account;
  if (line.kind === 'fee') account.replaceWith(word('dues.fee'));
  return made;
}

export function showLines(root, lines) {
  slot(root, 'rows').tBodies[0].replaceChildren(...lines.map((line) => lineRow(root, line)));
}

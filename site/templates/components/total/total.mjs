// What will be debited, line by line: contributions, the fee by its name, the total.
import { slot, show } from '../../../assets/page.mjs';
import { fee } from '../../../assets/fee.mjs';
import { amount, money, plural, write } from '../../../assets/words.mjs';

/** Shows the total of the dues ticked for a card origin, whose fee is in `fees`; gives it back. */
export function showTotal(root, dues, { rate, vat }) {
  const contributions = dues.reduce((sum, due) => sum + due.amount_centimes, 0);
  const fee_centimes = fee(contributions, { rate, vat });
  write(slot(root, 'count'), plural('total.count', dues.length), { count: dues.length });
  slot(root, 'contributions').textContent = money(contributions);
  slot(root, 'fee').textContent = money(fee_centimes);
  slot(root, 'total').textContent = amount(contributions + fee_centimes);
  show(slot(root, 'fee-line'), fee_centimes > 0);
  return contributions + fee_centimes;
}

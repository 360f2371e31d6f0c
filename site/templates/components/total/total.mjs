// What will be debited: the sum, the contributions, the fee by its name and its reason.
import { slot, show } from '../../../assets/page.mjs';
import { amount, money, plural, word, write } from '../../../assets/words.mjs';
import { fee } from './fee.mjs';

// The voice waits until the hand rests: only the last of several ticks is said.
const hush_milliseconds = 400;
let voice = 0;

/** Shows the total of the dues ticked, under the tariff of a card; gives it back in centimes.
    `aloud`: something else says nothing of it. */
export function showTotal(root, dues, tariff, aloud) {
  const contributions = dues.reduce((sum, due) => sum + due.amount_centimes, 0);
  const fee_centimes = fee(contributions, tariff);
  const facts = { fee: money(fee_centimes), total: money(contributions + fee_centimes) };
  const said = slot(root, 'said');
  write(slot(root, 'count'), plural('total.count', dues.length), { count: dues.length });
  slot(root, 'contributions').textContent = money(contributions);
  slot(root, 'fee').textContent = facts.fee;
  slot(root, 'total').textContent = amount(contributions + fee_centimes);
  // Of ten thousand, so many: 110 is 1.10 %.
  write(slot(root, 'reason'), word('total.reason'), { part: amount(fee(10_000, tariff)) });
  for (const part of ['fee-line', 'why']) show(slot(root, part), fee_centimes > 0);
  clearTimeout(voice);
  said.textContent = '';
  if (aloud) {
    const sentence = `${slot(root, 'count').textContent}. ${word('total.said')}`;
    voice = setTimeout(() => write(said, sentence, facts), hush_milliseconds);
  }
  return contributions + fee_centimes;
}

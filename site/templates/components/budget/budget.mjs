// "I have 3 000 DH": the oldest quarters that fit are ticked, and what came of it is said.
import { slot } from '../../../assets/page.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { money, plural, word, write } from '../../../assets/words.mjs';
import { centimesOf, fitting } from './sum.mjs';

function outcome({ dues, cost_centimes, left_centimes, needed_centimes }) {
  if (!dues.length) return [word('budget.none'), { needed: money(needed_centimes) }];
  const facts = { count: dues.length, cost: money(cost_centimes), left: money(left_centimes) };
  return [plural('budget.fits', dues.length), facts];
}

/** Runs the question in `root`. `payable()` gives the unpaid dues, oldest first, `tariff()` the fee
    on them; `tick(dues)` ticks these and no others. Gives `forgetOutcome()`, for when it has become
    untrue. */
export function budget(root, { payable, tariff, tick }) {
  const field = root.querySelector('input');
  const said = slot(root, 'outcome');

  function fit() {
    settle();
    said.textContent = '';
    const sum_centimes = centimesOf(field.value);
    if (sum_centimes === null) return complain([[field, 'budget_unread']]);
    const found = fitting(payable(), sum_centimes, tariff());
    tick(found.dues);
    return write(said, ...outcome(found));
  }

  slot(root, 'fit').addEventListener('click', fit);
  // Enter asks this question, and does not send the form round it.
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    fit();
  });
  return () => said.replaceChildren();
}

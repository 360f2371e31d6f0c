// What a number's situation is: whose it is, how many dues, which payments are begun, as of when.
import { show, slot } from '../../../assets/page.mjs';
import { dateTimeOf, grouped, timeOf, word, write } from '../../../assets/words.mjs';

function openPayment({ state, started_at, until }) {
  const item = document.createElement('li');
  const name = state === 'confirming' ? 'confirming' : 'unfinished';
  write(item, word(`creance.open.${name}`), { start: timeOf(started_at), end: timeOf(until) });
  return item;
}

function fillAll(root, name, fact) {
  for (const place of root.querySelectorAll(`[data-slot="${name}"]`)) place.textContent = fact;
}

export function showSituation(root, { registration_number, unpaid_count, as_of, open_payments }) {
  fillAll(root, 'number', grouped(registration_number));
  fillAll(root, 'as-of', dateTimeOf(as_of));
  slot(root, 'unpaid-count').textContent = unpaid_count;
  slot(root, 'open-count').textContent = open_payments.length;
  slot(root, 'open-list').replaceChildren(...open_payments.map(openPayment));
  show(slot(root, 'open'), open_payments.length > 0);
}

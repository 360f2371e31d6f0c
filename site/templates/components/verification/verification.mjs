// Is this receipt genuine? Its signed text is checked here, without asking a server about it.
import { copy, show, slot } from '../../../assets/page.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { dateTimeOf, grouped, money, monthName, quarterName, word, write } from '../../../assets/words.mjs';
import { textIn, verdict } from './signed.mjs';

const suffix = document.title;

/** A line's words by CMI's code: the year, and on two digits the quarter or the fee's month. */
function lineWords([code], isFee) {
  const [year, period] = [code.slice(0, 4), Number(code.slice(4))];
  if (!isFee) return quarterName({ year, quarter: period });
  return word('verification.fee').replace('{month}', monthName(period)).replace('{year}', year);
}

function showFacts(panel, { r, n, t, p, l, f }) {
  slot(panel, 'reference').textContent = grouped(r, 4);
  slot(panel, 'number').textContent = n;
  slot(panel, 'total').textContent = money(t);
  slot(panel, 'paid-at').textContent = dateTimeOf(p);
  slot(panel, 'lines').replaceChildren(...[...l, ...f].map((line, at) => {
    const made = copy(panel, 'line');
    slot(made, 'item').textContent = lineWords(line, at >= l.length);
    slot(made, 'amount').textContent = money(line[1]);
    return made;
  }));
}

export function verification(root) {
  const heading = root.querySelector('h1');
  const field = document.getElementById('receipt-text');
  let round = 0;

  function say(name, facts) {
    const kind = { genuine: 'success', altered: 'error' }[name] ?? 'warning';
    for (const it of ['success', 'warning', 'error']) show(slot(root, it), it === kind);
    show(slot(root, 'facts'), Boolean(facts));
    if (facts) showFacts(slot(root, 'facts'), facts);
    const values = facts && { date: dateTimeOf(facts.p), total: money(facts.t) };
    write(slot(slot(root, kind), 'text'), word(`verification.${name}`), values);
    heading.textContent = word(`verification.${name}.title`);
    document.title = `${heading.textContent} - ${suffix}`;
    heading.focus();
  }

  async function check(given) {
    const mine = ++round;
    const text = textIn(given);
    settle();
    if (!text) return complain([[field, 'receipt_text.required']]);
    const result = await verdict(text).catch(() => ['offline']);
    if (mine === round) say(...result);
    return undefined;
  }

  slot(root, 'form').addEventListener('submit', (event) => {
    event.preventDefault();
    check(field.value);
  });
  addEventListener('hashchange', () => check(location.hash));
  if (location.hash) check(location.hash);
}

// The letter of a payment: what became of it, a copy of it, and its address mended or given once.
import { show, slot } from '../../../assets/page.mjs';
import { post } from '../../../assets/api.mjs';
import { busy } from '../../../assets/busy.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { forget, keep, recall } from '../../../assets/memory.mjs';
import { word, write } from '../../../assets/words.mjs';
import { emailHelp } from '../email/email.mjs';
import { newsOf } from './story.mjs';

// Codes that have a sentence of their own where it is the letter that was asked for.
const of_the_letter = ['email_invalid', 'not_found', 'not_ready', 'too_many_requests'];
const lost = ['none', 'bounced', 'failed'];

/** Runs the letter's part of the panel. `facts()` gives what opens the payment, and its answer;
    `wanted(news)` is called when another letter is on its way. Gives `showLetter(name)`. */
export function letterActions(panel, facts, wanted) {
  const news = slot(panel, 'letter');
  const again = slot(panel, 'letter-again');
  const copyButton = slot(again, 'copy');
  const form = slot(panel, 'correction');
  const field = form.querySelector('input');
  let said = null;
  let asked = false;
  let kept = false;

  function showLetter(name) {
    const { key, answer } = facts();
    const { state, to } = answer.letter;
    const told = newsOf(name, answer.letter);
    const now = asked && told === 'waiting' ? 'asked' : told;
    const open = name === 'paid' && state !== 'waiting';
    const mending = open && !kept && 'handle' in key && lost.includes(state);
    show(form, mending);
    show(again, open && !mending && to);
    show(news, now);
    if (now && now + to !== said) write(news, word(`receipt.letter.${now}`), { to });
    said = now + to;
  }

  async function ask(more) {
    settle();
    try {
      const { letter } = await post('/api/receipt/letter', { ...facts().key, ...more });
      asked = true;
      forget('address');
      wanted(letter);
      news.focus();
    } catch ({ code }) {
      kept ||= code === 'address_kept';
      showLetter('paid');
      const own = of_the_letter.includes(code) ? `letter.${code}` : code;
      complain([[code === 'email_invalid' ? field : null, own]]);
    }
  }

  emailHelp(slot(form, 'email'));
  field.value = recall('address') ?? '';
  field.addEventListener('input', () => keep('address', field.value));
  copyButton.addEventListener('click', () => busy(copyButton, () => ask()));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    busy(slot(form, 'submit'), () => ask({ email: field.value.trim() }));
  });
  return showLetter;
}

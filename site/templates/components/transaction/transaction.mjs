// Step 6: what is about to be paid, read once more, and the way to CMI.
import { onReturn, reveal, show, slot, start } from '../../../assets/page.mjs';
import { busy } from '../../../assets/busy.mjs';
import { checkout } from '../../../assets/checkout.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { forget, keep, recall } from '../../../assets/memory.mjs';
import { grouped, money, word } from '../../../assets/words.mjs';
import { showLines } from '../dues/lines.mjs';
import { fillGatewayForm } from './gateway.mjs';

const opening_milliseconds = 15_000;
const back_to_the_dues = /^(session_expired|due_|total_changed)/;

function recapitulate(root, answer) {
  slot(root, 'number').textContent = grouped(recall('number'));
  slot(root, 'total').textContent = money(answer.total_centimes);
  slot(root, 'count').textContent = answer.item_count;
  const origin = answer.card_origin;
  slot(root, 'origin').textContent = `${word(`card.${origin}`)} (${origin})`;
  slot(root, 'payment-reference').textContent = grouped(answer.reference, 4);
  showLines(slot(root, 'lines'), answer.lines);
  show(root);
}

start('transaction', (root) => {
  const choice = recall('choice');
  if (!choice || !recall('checkout')) return show(slot(root, 'absent'));
  const form = slot(root, 'gateway');
  const button = slot(form, 'submit');
  let expiry = 0;

  /** Whether the way to CMI is open, and if not whether asking again may open it. */
  function open(usable, retry = false) {
    show(form, usable);
    show(slot(root, 'ready'), usable);
    show(slot(root, 'retry'), retry);
    show(slot(root, 'actions'));
  }

  function expire() {
    open(false);
    reveal(slot(root, 'expired'));
  }

  function render(answer) {
    recapitulate(slot(root, 'recap'), answer);
    fillGatewayForm(form, answer.gateway);
    clearTimeout(expiry);
    expiry = setTimeout(expire, answer.form_expires_in_seconds * 1000);
    show(slot(root, 'expired'), false);
    open(true);
  }

  /** The same order again, or a new one where the old is closed or the language has changed. */
  async function renew() {
    settle();
    show(slot(root, 'wait'));
    try {
      const answer = await checkout(choice);
      keep('checkout', answer);
      render(answer);
    } catch ({ code, problem }) {
      open(false, !back_to_the_dues.test(code));
      complain([[null, code, { total: money(problem.total_centimes ?? 0) }]]);
    }
    show(slot(root, 'wait'), false);
  }

  form.addEventListener('submit', (event) => {
    if (button.getAttribute('aria-disabled') === 'true') event.preventDefault();
    else busy(button, () => new Promise((resolve) => setTimeout(resolve, opening_milliseconds)));
  });
  slot(root, 'retry').addEventListener('click', renew);
  onReturn(() => {
    forget('key');
    renew();
  });
  if (location.hash === '#cancelled') {
    history.replaceState(null, '', location.pathname);
    reveal(slot(root, 'cancelled'));
  }
  recapitulate(slot(root, 'recap'), recall('checkout'));
  if (recall('fresh')) {
    forget('fresh');
    render(recall('checkout'));
  } else renew();
  return undefined;
});

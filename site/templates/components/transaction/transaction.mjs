// Step 6: what is about to be paid, read once more, and the way to CMI.
import { onReturn, reveal, show, slot } from '../../../assets/page.mjs';
import { busy } from '../../../assets/busy.mjs';
import { aboutMoney, checkout } from '../../../assets/checkout.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { forget, keep, recall } from '../../../assets/memory.mjs';
import { money } from '../../../assets/words.mjs';
import { extension } from '../extension/extension.mjs';
import { fillGatewayForm } from './gateway.mjs';
import { recapitulate } from './recap.mjs';

const opening_milliseconds = 15_000;
const back_to_the_dues = /^(session_expired|due_|total_changed)/;

export function transaction(root) {
  const choice = recall('choice');
  if (!choice || !recall('checkout')) return show(slot(root, 'absent'));
  const form = slot(root, 'gateway');
  const button = slot(form, 'submit');
  const recap = slot(root, 'recap');
  const begun = extension(slot(root, 'extension'), anew);
  let expiry = 0;

  /** Whether the way to CMI is open, and if not whether asking again may open it. */
  function open(usable, retry = false) {
    show(form, usable);
    show(slot(root, 'ready'), usable);
    show(slot(root, 'retry'), retry);
    show(slot(root, 'actions'));
  }

  function expire() {
    begun(0);
    open(false, true);
    reveal(slot(root, 'expired'));
  }

  function render(answer) {
    recapitulate(recap, answer, choice);
    fillGatewayForm(form, answer.gateway);
    clearTimeout(expiry);
    expiry = setTimeout(expire, answer.form_expires_in_seconds * 1000);
    begun(answer.form_expires_in_seconds);
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
      const fault = [null, code, { total: money(problem.total_centimes ?? 0) }];
      complain([fault, ...aboutMoney(code)]);
    }
    show(slot(root, 'wait'), false);
  }

  /** Another order for the same choice, with its own reference and fifteen minutes more. */
  function anew() {
    forget('key');
    return renew();
  }

  form.addEventListener('submit', (event) => {
    if (button.getAttribute('aria-disabled') === 'true') event.preventDefault();
    else busy(button, () => new Promise((resolve) => setTimeout(resolve, opening_milliseconds)));
  });
  slot(root, 'retry').addEventListener('click', renew);
  onReturn(anew);
  if (location.hash === '#cancelled') {
    history.replaceState(null, '', location.pathname);
    reveal(slot(root, 'cancelled'));
  }
  recapitulate(recap, recall('checkout'), choice);
  if (recall('fresh')) {
    forget('fresh');
    render(recall('checkout'));
  } else renew();
  return undefined;
}

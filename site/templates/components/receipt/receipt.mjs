// Back from CMI: what became of the payment, asked of the server and never read off the address.
import { go, slot, show, start } from '../../../assets/page.mjs';
import { post } from '../../../assets/api.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { forget, keep, recall } from '../../../assets/memory.mjs';
import { timeOf, word, write } from '../../../assets/words.mjs';
import { receiptActions, showReceipt } from './panel.mjs';
import { pauses } from './pauses.mjs';
import { kindOf, nameOf, payableAgain, unsettled } from './story.mjs';

const passing = ['offline', 'timeout', 'unavailable', 'bad_answer'];
const suffix = document.title;

/** The handle moves from the address, where a glance or a copied link would give it away, to the
    memory of the tab. */
function takeHandle() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = { handle: fragment.get('h'), returned: fragment.get('r') };
  if (location.hash) history.replaceState(null, '', location.pathname);
  if (!given.handle) return recall('receipt');
  keep('receipt', given);
  return given;
}

start('receipt', (root) => {
  const heading = root.querySelector('h1');
  const refresh = slot(root, 'refresh');
  const { handle, returned } = takeHandle() ?? {};
  let answer = null;
  let told = null;

  function tell(name, values = {}) {
    for (const kind of ['success', 'info', 'warning']) {
      show(slot(root, kind), kind === kindOf(name));
    }
    write(slot(slot(root, kindOf(name)), 'text'), word(`receipt.${name}`), values);
    if (name === told) return;
    told = name;
    heading.textContent = word(`receipt.${name.split('.')[0]}.title`);
    document.title = `${heading.textContent} - ${suffix}`;
    heading.focus();
  }

  function render() {
    const name = nameOf(answer, returned);
    settle();
    tell(name, { end: answer.until && timeOf(answer.until), to: answer.letter.to });
    showReceipt(slot(root, 'panel'), answer);
    show(slot(root, 'panel'));
    show(slot(root, 'again'), payableAgain(name));
    if (name === 'paid') forget('choice', 'checkout', 'key');
    return unsettled(name, answer);
  }

  /** Asks once; true when asking again soon may tell more. */
  async function ask(again) {
    try {
      answer = await post('/api/receipt', { handle });
    } catch ({ code }) {
      if (again && passing.includes(code)) return true;
      if (code === 'not_found') tell(code);
      else complain([[null, code], [null, 'receipt_unread']]);
      show(refresh);
      return false;
    }
    return render();
  }

  async function follow() {
    const nextPause = pauses();
    show(refresh, false);
    show(slot(root, 'wait'));
    let more = await ask(false);
    while (more) {
      show(slot(root, 'wait'), answer.state !== 'paid');
      const seconds = nextPause(answer.check_again_in_seconds ?? 0);
      if (!seconds) {
        show(refresh);
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      more = await ask(true);
    }
    show(slot(root, 'wait'), false);
  }

  if (!handle) {
    show(slot(root, 'absent'));
    return;
  }
  receiptActions(slot(root, 'panel'), () => ({ handle, reference: answer.reference }));
  refresh.addEventListener('click', follow);
  slot(root, 'again').addEventListener('click', () => {
    forget('key');
    go(recall('session') ? 'assure/creance/' : 'assure/');
  });
  follow();
});

// A payment, asked of the server until its end is known, and told in the words of the page.
import { go, slot, show } from '../../../assets/page.mjs';
import { post } from '../../../assets/api.mjs';
import { settle } from '../../../assets/faults.mjs';
import { forget, recall } from '../../../assets/memory.mjs';
import { timeOf } from '../../../assets/words.mjs';
import { letterActions } from './letter.mjs';
import { receiptActions, showReceipt } from './panel.mjs';
import { pauses } from './pauses.mjs';
import { nameOf, payableAgain, unsettled } from './story.mjs';
import { telling } from './telling.mjs';

const passing = ['offline', 'timeout', 'unavailable', 'bad_answer'];
const verdict_seconds = 120;
const letter_seconds = 20;

/** Runs the story of a payment in `root`. `returned`: what CMI's return said, if anything;
    `told(name)` is called at each news, `refused(refusal)` when there is none. Gives `follow(key)`,
    `key` being what opens the payment, and `tell(name)`. */
export function payment(root, { returned, told, refused }) {
  const panel = slot(root, 'panel');
  const refresh = slot(root, 'refresh');
  const tell = telling(root);
  const showLetter = letterActions(panel, () => ({ key, answer }), wanted);
  let key = null;
  let answer = null;
  let round = 0;

  function render() {
    const name = nameOf(answer, returned);
    settle();
    told(name);
    tell(name, { end: answer.until && timeOf(answer.until), to: answer.letter.to });
    showReceipt(panel, answer);
    showLetter(name);
    show(panel);
    show(slot(root, 'again'), payableAgain(name));
    return unsettled(name, answer);
  }

  /** Asks once; true when asking again soon may tell more. */
  async function ask(again) {
    const mine = round;
    try {
      const given = await post('/api/receipt', key);
      if (mine !== round) return false;
      answer = given;
    } catch (refusal) {
      if (again && passing.includes(refusal.code)) return true;
      if (mine !== round) return false;
      show(refresh);
      refused(refusal);
      return false;
    }
    return render();
  }

  async function watch(most_seconds) {
    const mine = ++round;
    const nextPause = pauses(most_seconds);
    let more = true;
    while (more) {
      show(slot(root, 'wait'), answer.state !== 'paid');
      const seconds = nextPause(answer.check_again_in_seconds ?? 0);
      if (!seconds) break;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      more = mine === round && (await ask(true));
    }
    if (mine !== round) return;
    show(slot(root, 'wait'), false);
    if (!more) return;
    show(refresh);
    if (nameOf(answer, returned) === 'waiting') tell('waiting.long');
  }

  function wanted(letter) {
    answer.letter = letter;
    if (render()) watch(letter_seconds);
  }

  async function follow(opened) {
    key = opened;
    round += 1;
    show(refresh, false);
    show(slot(root, 'wait'));
    const more = await ask(false);
    show(slot(root, 'wait'), false);
    if (more) watch(verdict_seconds);
  }

  receiptActions(panel, () => ({ key, answer }));
  refresh.addEventListener('click', () => follow(key));
  slot(root, 'again').addEventListener('click', () => {
    const same = recall('number')?.slice(-4) === answer.registration_number.slice(-4);
    forget('key');
    go(recall('session') && same ? 'assure/creance/' : 'assure/');
  });
  return { follow, tell };
}

// The displayed code: fetched, proved in the background, replaced when it expires or has served.
import { onReturn, slot } from '../../../assets/page.mjs';
import { post } from '../../../assets/api.mjs';
import { errorWord, word } from '../../../assets/words.mjs';
import { busy } from '../../../assets/busy.mjs';
import { digits } from '../../../assets/digits.mjs';
import { prove } from './proof.mjs';

/** Resolves when the page is looked at: no code is fetched for a tab that lies forgotten. */
function seen() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', resolve, { once: true });
  });
}

/** Runs the control code in `root`: `field` is its input, `renew()` shows another code,
    `answer()` gives what a lookup sends of it, once the proof is made. */
export function controlCode(root) {
  const shown = slot(root, 'code');
  const status = slot(root, 'status');
  const field = root.querySelector('input');
  let current = null;
  let expiry = 0;

  async function fetchCode() {
    clearTimeout(expiry);
    const { ticket, control_code, expires_in_seconds, proof } = await post('/api/control-code', {});
    shown.textContent = control_code;
    expiry = setTimeout(expire, expires_in_seconds * 1000);
    const proven = prove(root.dataset.worker, proof);
    proven.catch(() => {});
    return { ticket, proven };
  }

  async function renew(said = '') {
    status.textContent = '';
    current = fetchCode();
    try {
      await current;
      status.textContent = said;
    } catch (refusal) {
      shown.textContent = '—';
      status.textContent = errorWord(refusal.code);
    }
  }

  async function expire() {
    await seen();
    const said = field.value ? 'control-code.expired-typed' : 'control-code.expired';
    field.value = '';
    await renew(word(said));
  }

  async function answer() {
    const { ticket, proven } = await current;
    return { control_code: digits(field.value), ticket, proof: { number: await proven } };
  }

  const another = slot(root, 'renew');
  another.addEventListener('click', () => busy(another, async () => {
    field.value = '';
    await renew(word('control-code.new'));
    field.focus();
  }));
  onReturn(() => renew());
  renew();
  return { field, renew, answer };
}

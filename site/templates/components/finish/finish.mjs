// « Terminer »: on a shared computer nothing of the payer stays behind.
import { go } from '../../../assets/page.mjs';
import { forgetAll } from '../../../assets/memory.mjs';

export function finish(button) {
  button.addEventListener('click', () => {
    forgetAll();
    go('');
  });
}

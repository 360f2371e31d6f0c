// « Terminer »: on a shared computer nothing of the payer stays behind.
import { go } from '../../../assets/page.mjs';
import { forgetAll } from '../../../assets/memory.mjs';

for (const button of document.querySelectorAll('[data-module="finish"]')) {
  button.addEventListener('click', () => {
    forgetAll();
    go('');
  });
}

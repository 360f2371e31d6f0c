// "gmial.com": the address that was probably meant is offered. Nothing is changed unasked.
import { show, slot } from '../../../assets/page.mjs';
import { meant } from './domains.mjs';

// Said when the typing rests, and not when the field is left: whoever leaves it is pressing
// something else, which must not move.
const rest_milliseconds = 600;

export function emailHelp(root) {
  const field = root.querySelector('input');
  const take = slot(root, 'take');
  let rest = 0;

  function offer() {
    take.textContent = meant(field.value) ?? '';
    show(slot(root, 'meant'), take.textContent);
  }

  field.addEventListener('input', () => {
    clearTimeout(rest);
    rest = setTimeout(offer, rest_milliseconds);
  });
  take.addEventListener('click', () => {
    field.value = take.textContent;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    offer();
    field.focus();
  });
}

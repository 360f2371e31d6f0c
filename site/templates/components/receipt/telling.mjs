// How a payment stands, said in three places: a notice, the main heading, the title of the page.
import { show, slot } from '../../../assets/page.mjs';
import { word, write } from '../../../assets/words.mjs';
import { kindOf } from './story.mjs';

const suffix = document.title;

/** Gives `tell(name, values)`; another name than before takes the focus to the heading. */
export function telling(root) {
  const heading = root.querySelector('h1');
  let said = null;
  return function tell(name, values = {}) {
    for (const kind of ['success', 'info', 'warning']) {
      show(slot(root, kind), kind === kindOf(name));
    }
    write(slot(slot(root, kindOf(name)), 'text'), word(`receipt.${name}`), values);
    if (name === said) return;
    said = name;
    heading.textContent = word(`receipt.${name.split('.')[0]}.title`);
    document.title = `${heading.textContent} - ${suffix}`;
    heading.focus();
  };
}

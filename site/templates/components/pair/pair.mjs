// Two words by which a payer tells our letters from anybody's.
import { show, slot } from '../../../assets/page.mjs';

/** Shows the words of an order made in `language`; an order of before the words has none. */
export function showPair(root, words, language) {
  const place = slot(root, 'words');
  show(slot(root, 'pair'), words);
  if (!words) return;
  place.lang = language;
  place.textContent = words.join(' – ');
}

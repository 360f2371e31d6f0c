// The recap: what is paid, by which card, under which reference, and the words of our letters.
import { language, show, slot } from '../../../assets/page.mjs';
import { recall } from '../../../assets/memory.mjs';
import { grouped, money, word } from '../../../assets/words.mjs';
import { showLines } from '../dues/lines.mjs';
import { askAbout } from '../help-line/help-line.mjs';
import { showPair } from '../pair/pair.mjs';

/** Fills the recap with an answer of /api/checkout to what was chosen. */
export function recapitulate(root, answer, { email }) {
  const { card_origin, item_count, lines, reference, total_centimes, words } = answer;
  slot(root, 'number').textContent = grouped(recall('number'));
  slot(root, 'total').textContent = money(total_centimes);
  slot(root, 'count').textContent = item_count;
  slot(root, 'origin').textContent = `${word(`card.${card_origin}`)} (${card_origin})`;
  slot(root, 'payment-reference').textContent = grouped(reference, 4);
  showPair(root, words, language);
  for (const hint of root.querySelectorAll('[data-hint]')) {
    show(hint, words && hint.dataset.hint === (email ? 'letter' : 'alone'));
  }
  showLines(slot(root, 'lines'), lines);
  askAbout(reference);
  show(root);
}

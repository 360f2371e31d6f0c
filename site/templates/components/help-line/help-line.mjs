// The reference to give to the call centre: in the same place on every page, once there is one.
import { show, slot } from '../../../assets/page.mjs';
import { keep, recall } from '../../../assets/memory.mjs';
import { grouped } from '../../../assets/words.mjs';

const place = '[data-module="help-line"]';

function tell(line, reference) {
  slot(line, 'reference').textContent = grouped(reference, 4);
  show(line);
}

/** The payment that the page shows is the one to ask about, here and on the pages that follow. */
export function askAbout(reference) {
  keep('reference', reference);
  tell(document.querySelector(place), reference);
}

export function helpLine(line) {
  const reference = recall('reference');
  if (reference) tell(line, reference);
}

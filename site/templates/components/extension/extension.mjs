// The last two minutes of what ends by itself: an offer to go on, announced, no sudden end.
import { reveal, show, slot } from '../../../assets/page.mjs';
import { busy } from '../../../assets/busy.mjs';

const warning_seconds = 120;

/** Runs the offer in `root`; `renew()` asks for more time. Gives `begun(seconds)`, to be called
    whenever that time begins or goes on, and with 0 where it has ended. */
export function extension(root, renew) {
  const offer = slot(root, 'offer');
  const extended = slot(root, 'extended');
  const button = slot(offer, 'extend');
  let timer = 0;
  button.addEventListener('click', () => busy(button, renew));

  return function begun(seconds) {
    clearTimeout(timer);
    if (offer.hidden || !seconds) show(extended, false);
    else reveal(extended);
    show(offer, false);
    if (seconds <= warning_seconds) return;
    timer = setTimeout(() => {
      show(extended, false);
      show(offer);
    }, (seconds - warning_seconds) * 1000);
  };
}

// The session's last two minutes: an offer to go on, announced, in place of a sudden end.
import { reveal, show, slot } from '../../../assets/page.mjs';
import { busy } from '../../../assets/busy.mjs';

const warning_seconds = 120;

/** Runs the offer in `root`; `renew()` asks for a new session. Gives `begun(seconds)`, to be called
    whenever a session begins or goes on for so long. */
export function extension(root, renew) {
  const offer = slot(root, 'offer');
  const extended = slot(root, 'extended');
  const button = slot(offer, 'extend');
  let timer = 0;
  button.addEventListener('click', () => busy(button, renew));

  return function begun(seconds) {
    clearTimeout(timer);
    if (offer.hidden) show(extended, false);
    else reveal(extended);
    show(offer, false);
    if (seconds <= warning_seconds) return;
    timer = setTimeout(() => {
      show(extended, false);
      show(offer);
    }, (seconds - warning_seconds) * 1000);
  };
}

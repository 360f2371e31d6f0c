// Back from CMI: what became of the payment, asked of the server and never read off the address.
import { show, slot } from '../../../assets/page.mjs';
import { complain } from '../../../assets/faults.mjs';
import { forget, keep, recall } from '../../../assets/memory.mjs';
import { payment } from './payment.mjs';

/** The handle moves from the address, where a glance or a copied link would give it away, to the
    memory of the tab. */
function takeHandle() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = { handle: fragment.get('h'), returned: fragment.get('r') };
  if (location.hash) history.replaceState(null, '', location.pathname);
  if (!given.handle) return recall('receipt');
  keep('receipt', given);
  return given;
}

export function receipt(root) {
  const { handle, returned } = takeHandle() ?? {};
  // What stands below is shown with the answer, which would push it away.
  const answered = () => { root.dataset.answered = ''; };
  if (!handle) {
    answered();
    show(slot(root, 'absent'));
    return;
  }
  const { follow, tell } = payment(root, {
    returned,
    told(name) {
      answered();
      if (name === 'paid') forget('choice', 'checkout', 'key');
    },
    refused({ code }) {
      answered();
      if (code === 'not_found') tell(code);
      else complain([[null, code], [null, 'receipt_unread']]);
    },
  });
  follow({ handle });
}

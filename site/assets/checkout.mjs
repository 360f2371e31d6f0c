// The order asked of the server, under a key that makes asking twice the same as asking once.
import { language } from './page.mjs';
import { forget, keep, recall } from './memory.mjs';
import { post } from './api.mjs';

const used_up = ['key_reused', 'order_closed'];
// Refusals whose sentence serves other calls too, and so does not speak of money.
const of_any_call = /^(offline|timeout|bad_answer|unavailable|internal|too_many_requests|order_closed)$/;

function randomKey() {
  const text = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  return text.replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}

/** One key for one content: dues, card origin, e-mail and language; any change makes a new one. */
function keyFor({ due_ids, card_origin, email }) {
  const content = JSON.stringify([[...due_ids].sort(), card_origin, email, language]);
  const kept = recall('key');
  if (kept?.content === content) return kept.key;
  const key = randomKey();
  keep('key', { content, key });
  return key;
}

function ask({ due_ids, card_origin, email, terms_version, total_centimes }) {
  return post('/api/checkout', {
    session: recall('session'),
    due_ids,
    card_origin,
    accept_terms: true,
    terms_version,
    email,
    language,
    seen_total_centimes: total_centimes,
    key: keyFor({ due_ids, card_origin, email }),
  });
}

/** What else is to be said of a checkout that failed so: whether money moved. */
export function aboutMoney(code) {
  return of_any_call.test(code) ? [[null, 'checkout_failed']] : [];
}

/** The order and its form for what was chosen. A key whose order is closed is replaced, once. */
export async function checkout(choice) {
  try {
    return await ask(choice);
  } catch (refusal) {
    if (!used_up.includes(refusal.code)) throw refusal;
    forget('key');
    return ask(choice);
  }
}

// What became of a payment, as the payer is told it: one name for each thing that can be said.

// States told by their reason, and the sentence that serves where the answer has none.
const without_reason = { declined: 'technical', not_debited: 'refused' };
// What CMI's return said, where the payment is still open; unknown to who asks by reference.
const open_names = { ok: 'waiting', fail: 'not_completed' };

function confirmingName({ until, until_in_seconds, letter }) {
  if (!until || until_in_seconds === 0) return letter.to ? 'confirming.late.letter' : 'confirming.late';
  return letter.to ? 'confirming.letter' : 'confirming.alone';
}

/** The name under which the page has the title and the text for an answer of /api/receipt.
    `returned` is what CMI's return said, "ok" or "fail". */
export function nameOf(answer, returned) {
  const { state, reason } = answer;
  if (state === 'open') return open_names[returned] ?? state;
  if (state === 'confirming') return confirmingName(answer);
  return state in without_reason ? `${state}.${reason ?? without_reason[state]}` : state;
}

/** How the name is shown: `success`, `info` or `warning`. */
export function kindOf(name) {
  if (name === 'paid') return 'success';
  return /^(open|waiting|confirming|refunded)/.test(name) ? 'info' : 'warning';
}

/** Whether the quarters can be paid again, by a new payment. */
export function payableAgain(name) {
  return /^(not_completed|expired|declined|not_debited\.(uncaptured|refused))/.test(name);
}

/** Whether asking again soon may tell more: a verdict on its way, a letter about to leave. */
export function unsettled(name, { letter }) {
  return /^(open|waiting|confirming\.(letter|alone))/.test(name) || (name === 'paid' && letter.state === 'waiting');
}

/** The name of the letter's news beside the payment's, or null. Of a payment that was paid, all is
    told; of one whose money was only reserved, that it is written too. */
export function newsOf(name, { state, to }) {
  if (name === 'paid') return state;
  const written = /^not_debited\.(already_paid|refused)/.test(name) && /waiting|sent|delivered/.test(state);
  return written && to ? 'written' : null;
}

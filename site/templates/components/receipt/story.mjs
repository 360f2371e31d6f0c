// What became of a payment, as the payer is told it: one name for each thing that can be said.

// States told by their reason, and the sentence that serves where the answer has none.
const without_reason = { declined: 'technical', not_debited: 'refused' };

function openName(returned) {
  return returned === 'ok' ? 'waiting' : 'not_completed';
}

function confirmingName({ until, until_in_seconds, letter }) {
  if (!until || until_in_seconds === 0) return 'confirming.late';
  return letter.state === 'none' ? 'confirming.alone' : 'confirming.letter';
}

/** The name under which the page has the title and the text for an answer of /api/receipt.
    `returned` is what CMI's return said, "ok" or "fail". */
export function nameOf(answer, returned) {
  const { state, reason } = answer;
  if (state === 'open') return openName(returned);
  if (state === 'confirming') return confirmingName(answer);
  return state in without_reason ? `${state}.${reason ?? without_reason[state]}` : state;
}

/** How the name is shown: `success`, `info` or `warning`. */
export function kindOf(name) {
  if (name === 'paid') return 'success';
  return /^(waiting|confirming|refunded)/.test(name) ? 'info' : 'warning';
}

/** Whether the quarters can be paid again, by a new payment. */
export function payableAgain(name) {
  return /^(not_completed|expired|declined|not_debited\.(uncaptured|refused))/.test(name);
}

/** Whether asking again soon may tell more: a verdict on its way, a letter about to leave. */
export function unsettled(name, { letter }) {
  return /^(waiting|confirming.(letter|alone))/.test(name) || (name === 'paid' && letter.state === 'waiting');
}

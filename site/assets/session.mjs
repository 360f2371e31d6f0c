// The half hour during which the portal knows whose dues are on the page.
import { post } from './api.mjs';
import { keep, recall } from './memory.mjs';

/** Keeps what a lookup answered; false when the browser keeps nothing. */
export function keepAnswer({ session, ...answer }) {
  const { registration_number } = answer;
  return keep('session', session) && keep('number', registration_number) && keep('answer', answer);
}

/** Fresh dues and a renewed session; throws Refusal, `session_expired` among others. */
export async function freshDues() {
  const answer = await post('/api/lookup', { session: recall('session') });
  keepAnswer(answer);
  return answer;
}

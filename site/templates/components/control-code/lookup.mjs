// Asking whose dues to show: a number and a control code, on the first page of the journey and
// again wherever the session has run out.
import { Refusal, post } from '../../../assets/api.mjs';
import { digits, fault } from '../../../assets/digits.mjs';
import { keepAnswer } from '../../../assets/session.mjs';

const code_length = 4;
const about_the_code = /^(control_code_|proof_)/;

/** The fault of a code as typed, for `complain`: a list, empty when there is none. */
export function codeFaults(control) {
  const code = fault(digits(control.field.value), code_length);
  return code ? [[control.field, `control_code.${code}`]] : [];
}

/** Asks for the dues of a number and keeps them for the next page. Throws Refusal; after one that
    has spent the control code another is shown, and `refusal.field` is where to type it. */
export async function lookup(registration_number, control) {
  try {
    const answer = await post('/api/lookup', { registration_number, ...(await control.answer()) });
    if (!keepAnswer(answer)) throw new Refusal('storage');
    return answer;
  } catch (refusal) {
    if (about_the_code.test(refusal.code)) {
      control.field.value = '';
      await control.renew();
      refusal.field = control.field;
    }
    throw refusal;
  }
}

// Step 4: the registration number and the control code.
import { go, slot } from '../../../assets/page.mjs';
import { busy } from '../../../assets/busy.mjs';
import { complain, refused, settle } from '../../../assets/faults.mjs';
import { digits, fault } from '../../../assets/digits.mjs';
import { forget, keep, recall } from '../../../assets/memory.mjs';
import { controlCode } from '../control-code/control-code.mjs';
import { codeFaults, lookup } from '../control-code/lookup.mjs';

const number_length = 9;

export function assure(form) {
  const number = document.getElementById('registration-number');
  const control = controlCode(slot(form, 'control-code'));
  const fields = { registration_number: number, control_code: control.field };
  number.value ||= recall('number') ?? '';

  function faults() {
    const code = fault(digits(number.value), number_length);
    const found = codeFaults(control);
    return code ? [[number, `registration_number.${code}`], ...found] : found;
  }

  function explain({ code, field, problem }) {
    const named = refused(fields, problem);
    complain(named.length ? named : [[field ?? null, code]], field);
  }

  async function send() {
    const typed = digits(number.value);
    if (recall('number') !== typed) forget('choice', 'checkout', 'key');
    try {
      await lookup(typed, control);
    } catch (refusal) {
      return explain(refusal);
    }
    keep('fresh', true);
    return go('assure/creance/');
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = faults();
    if (wrong.length) complain(wrong);
    else {
      settle();
      busy(slot(form, 'submit'), send);
    }
  });
}

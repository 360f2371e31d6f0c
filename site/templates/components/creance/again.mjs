// A session that has run out: a control code is asked for in place, nothing chosen is lost.
import { slot, show } from '../../../assets/page.mjs';
import { busy } from '../../../assets/busy.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { recall } from '../../../assets/memory.mjs';
import { grouped } from '../../../assets/words.mjs';
import { controlCode } from '../control-code/control-code.mjs';
import { codeFaults, lookup } from '../control-code/lookup.mjs';

/** Prepares the form; gives `ask()`, which shows it instead of the `others`. `found(answer)` is
    called with fresh dues. */
export function sessionAgain(form, others, found) {
  let control = null;

  async function send() {
    try {
      const answer = await lookup(recall('number'), control);
      show(form, false);
      found(answer);
    } catch (refusal) {
      const code = refusal.problem?.fields?.control_code;
      const field = refusal.field ?? (code ? control.field : null);
      complain([[field, code ? `control_code.${code}` : refusal.code]], refusal.field);
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wrong = codeFaults(control);
    settle();
    if (wrong.length) complain(wrong);
    else busy(slot(form, 'submit'), send);
  });

  return function ask() {
    control ??= controlCode(slot(form, 'control-code'));
    slot(form, 'number').textContent = grouped(recall('number'));
    for (const other of others) show(other, false);
    show(form);
    slot(form, 'heading').focus();
  };
}

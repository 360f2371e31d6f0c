// Step 5: what is owed, what of it is paid now, and on which terms.
import { go, onReturn, slot, show } from '../../../assets/page.mjs';
import { busy } from '../../../assets/busy.mjs';
import { aboutMoney, checkout } from '../../../assets/checkout.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { forget, keep, recall } from '../../../assets/memory.mjs';
import { freshDues } from '../../../assets/session.mjs';
import { money } from '../../../assets/words.mjs';
import { extension } from '../extension/extension.mjs';
import { sessionAgain } from './again.mjs';
import { choices } from './choices.mjs';
import { showSituation } from './situation.mjs';
import { ticking } from './ticking.mjs';

const about_the_dues = /^(due_|nothing_selected)/;
const outdated = /^(due_|total_changed)/;

export function creance(root) {
  if (!recall('session') || !recall('answer')) return show(slot(root, 'absent'));
  const form = slot(root, 'found');
  const chosen = choices(form);
  const ticks = ticking(form, chosen.origin, save);
  const again = slot(root, 'again');
  const begun = extension(slot(root, 'extension'), refresh);
  const ask = sessionAgain(again, [form, slot(root, 'nothing'), slot(root, 'offer')], (answer) => {
    render(answer);
    slot(form, 'dues-heading').focus();
  });

  function save() {
    keep('choice', { ...chosen.read(), ...ticks.read() });
  }

  function render(answer) {
    showSituation(root, answer);
    const payable = ticks.render(answer.dues);
    show(slot(root, 'nothing'), answer.dues.length === 0);
    show(form, answer.dues.length > 0);
    for (const part of form.querySelectorAll('[data-only="payable"]')) show(part, payable > 0);
    begun(answer.session_expires_in_seconds);
  }

  function refresh() {
    return freshDues().then(render, explain);
  }

  function fieldOf(code) {
    if (form.hidden) return null;
    return about_the_dues.test(code) ? slot(form, 'dues') : chosen.field(code);
  }

  async function explain({ code, problem }) {
    if (code === 'session_expired') return ask();
    if (outdated.test(code)) await refresh();
    if (!again.hidden) return undefined;
    const fault = [fieldOf(code), code, { total: money(problem.total_centimes ?? 0) }];
    return complain([fault, ...aboutMoney(code)]);
  }

  async function pay() {
    try {
      keep('checkout', await checkout(recall('choice')));
    } catch (refusal) {
      return explain(refusal);
    }
    keep('fresh', true);
    return go('assure/transaction/');
  }

  form.addEventListener('input', save);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    settle();
    const none = ticks.read().due_ids.length ? [] : [[slot(form, 'dues'), 'nothing_selected']];
    const wrong = [...none, ...chosen.faults()];
    if (wrong.length) complain(wrong);
    else busy(slot(form, 'submit'), pay);
  });

  onReturn(() => {
    forget('key');
    refresh();
  });
  render(recall('answer'));
  if (!recall('fresh')) refresh();
  forget('fresh');
  return undefined;
}

// Step 5: what is owed, what of it is paid now, and on which terms.
import { go, onReturn, slot, show, start } from '../../../assets/page.mjs';
import { busy } from '../../../assets/busy.mjs';
import { checkout } from '../../../assets/checkout.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { forget, keep, recall } from '../../../assets/memory.mjs';
import { freshDues } from '../../../assets/session.mjs';
import { money } from '../../../assets/words.mjs';
import { duesTable } from '../dues/dues.mjs';
import { showTotal } from '../total/total.mjs';
import { sessionAgain } from './again.mjs';
import { choices } from './choices.mjs';
import { extension } from './extension.mjs';
import { showSituation } from './situation.mjs';

const about_the_dues = /^(due_|nothing_selected)/;
const outdated = /^(due_|total_changed)/;

start('creance', (root) => {
  if (!recall('session') || !recall('answer')) return show(slot(root, 'absent'));
  const form = slot(root, 'found');
  const table = duesTable(slot(form, 'dues'), ticked);
  const chosen = choices(form);
  const again = slot(root, 'again');
  const begun = extension(slot(root, 'session'), refresh);
  const ask = sessionAgain(again, [form, slot(root, 'nothing'), slot(root, 'offer')], (answer) => {
    render(answer);
    slot(form, 'dues-heading').focus();
  });
  let total_centimes = 0;

  function save() {
    const due_ids = table.chosen().map((due) => due.id);
    keep('choice', { ...chosen.read(), due_ids, total_centimes });
  }

  function ticked() {
    table.refresh();
    const fees = recall('answer').fees[chosen.origin()];
    total_centimes = showTotal(slot(form, 'total-panel'), table.chosen(), fees);
    save();
  }

  function render(answer) {
    showSituation(root, answer);
    const payable = table.render(answer.dues, recall('choice')?.due_ids ?? null);
    show(slot(root, 'nothing'), answer.dues.length === 0);
    show(form, answer.dues.length > 0);
    show(slot(form, 'payment'), payable > 0);
    ticked();
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
    return complain([[fieldOf(code), code, { total: money(problem.total_centimes ?? 0) }]]);
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

  slot(form, 'dues').addEventListener('change', ticked);
  slot(form, 'origin').addEventListener('change', ticked);
  form.addEventListener('input', save);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    settle();
    const none = table.chosen().length ? [] : [[slot(form, 'dues'), 'nothing_selected']];
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
});

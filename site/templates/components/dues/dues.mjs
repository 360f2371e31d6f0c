// The unpaid quarters as a table, and which of them are ticked.
import { copy, slot, show } from '../../../assets/page.mjs';
import { money, monthsOf, quarterName, word } from '../../../assets/words.mjs';

function byAge(one, other) {
  return one.year - other.year || one.quarter - other.quarter;
}

function fill(row, due) {
  const facts = {
    year: due.year,
    quarter: due.quarter,
    months: monthsOf(due),
    period: quarterName(due),
    amount: money(due.amount_centimes),
    reference: due.reference,
    account: due.account,
  };
  for (const [name, fact] of Object.entries(facts)) slot(row, name).textContent = fact;
}

/** Runs the table in `root`; `changed()` is called at each tick. `render(dues, ids)` shows dues and
    ticks those ids (null, nothing chosen yet: a due that stands alone is ticked) and gives how many
    can be paid; `chosen()` gives the dues ticked, oldest first. */
export function duesTable(root, changed) {
  const body = slot(root, 'rows').tBodies[0];
  const oldest = slot(root, 'oldest');
  const all = slot(root, 'all');
  let listed = [];

  function boxes() {
    return [...body.querySelectorAll('input')];
  }

  function unticked() {
    return boxes().filter((box) => !box.checked);
  }

  function refresh() {
    const left = unticked().length;
    oldest.setAttribute('aria-disabled', left === 0);
    all.textContent = word(left ? 'dues.all' : 'dues.none');
  }

  function row(due, ticked) {
    const made = copy(root, due.state === 'unpaid' ? 'payable' : 'confirming');
    fill(made, due);
    const box = made.querySelector('input');
    if (box) Object.assign(box, { value: due.id, checked: ticked });
    return made;
  }

  function render(dues, ids) {
    listed = [...dues].sort(byAge);
    const payable = listed.filter((due) => due.state === 'unpaid');
    const ticked = ids ?? (payable.length === 1 ? [payable[0].id] : []);
    body.replaceChildren(...listed.map((due) => row(due, ticked.includes(due.id))));
    show(slot(root, 'many'), payable.length > 1);
    refresh();
    return payable.length;
  }

  function tick(chosen, checked) {
    for (const box of chosen) box.checked = checked;
    changed();
  }

  oldest.addEventListener('click', () => tick(unticked().slice(0, 1), true));
  all.addEventListener('click', () => tick(boxes(), unticked().length > 0));

  return {
    render,
    refresh,
    chosen() {
      const ids = boxes().filter((box) => box.checked).map((box) => box.value);
      return listed.filter((due) => ids.includes(due.id));
    },
  };
}

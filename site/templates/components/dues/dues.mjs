// The unpaid quarters as a table, and which of them are ticked.
import { copy, slot, show } from '../../../assets/page.mjs';
import { money, quarterName, word, write } from '../../../assets/words.mjs';
import { fillCells } from './cells.mjs';

function byAge(one, other) {
  return one.year - other.year || one.quarter - other.quarter;
}

function payableRow(root, due, ticked) {
  const row = copy(root, 'payable');
  const label = { period: quarterName(due), amount: money(due.amount_centimes) };
  write(slot(row, 'label'), word('dues.label'), label);
  Object.assign(row.querySelector('input'), { value: due.id, checked: ticked });
  return row;
}

/** Runs the table in `root`; `changed()` is called at each tick. `render(dues, ids)` shows dues and
    ticks those ids (null, nothing chosen yet: a due that stands alone is ticked) and gives how many
    can be paid; `payable()` gives these, `chosen()` those ticked, oldest first; `tickOnly(dues)`
    ticks these alone. */
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

  function payable() {
    return listed.filter((due) => due.state === 'unpaid');
  }

  function refresh() {
    const left = unticked().length;
    oldest.setAttribute('aria-disabled', left === 0);
    all.textContent = word(left ? 'dues.all' : 'dues.none');
  }

  function render(dues, ids) {
    listed = [...dues].sort(byAge);
    const only = payable().length === 1 ? [payable()[0].id] : [];
    body.replaceChildren(...listed.map((due) => {
      const free = due.state === 'unpaid';
      const row = free ? payableRow(root, due, (ids ?? only).includes(due.id)) : copy(root, 'confirming');
      fillCells(row, due);
      return row;
    }));
    show(slot(root, 'many'), payable().length > 1);
    refresh();
    return payable().length;
  }

  function tick(some, checked) {
    for (const box of some) box.checked = checked;
    changed();
  }

  oldest.addEventListener('click', () => tick(unticked().slice(0, 1), true));
  all.addEventListener('click', () => tick(boxes(), unticked().length > 0));

  return {
    render,
    refresh,
    payable,
    chosen() {
      const ids = boxes().filter((box) => box.checked).map((box) => box.value);
      return listed.filter((due) => ids.includes(due.id));
    },
    tickOnly(dues) {
      const ids = dues.map((due) => due.id);
      for (const box of boxes()) box.checked = ids.includes(box.value);
    },
  };
}

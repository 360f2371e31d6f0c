// The ticks and all that follows from them: the total, what a given sum pays for.
import { slot } from '../../../assets/page.mjs';
import { recall } from '../../../assets/memory.mjs';
import { budget } from '../budget/budget.mjs';
import { duesTable } from '../dues/dues.mjs';
import { showTotal } from '../total/total.mjs';

/** Runs dues and total in `form`; `origin()` gives the card's, `changed()` is called at each tick.
    Gives `render(dues)`, which gives how many can be paid, and `read()` for the checkout. */
export function ticking(form, origin, changed) {
  const dues = slot(form, 'dues');
  const table = duesTable(dues, ticked);
  let total_centimes = 0;

  function tariff() {
    return recall('answer').fees[origin()];
  }

  function total(aloud) {
    table.refresh();
    total_centimes = showTotal(slot(form, 'total-panel'), table.chosen(), tariff(), aloud);
    changed();
  }

  function ticked() {
    forgetOutcome();
    total(true);
  }

  const forgetOutcome = budget(slot(dues, 'budget'), {
    payable: table.payable,
    tariff,
    tick(fitting) {
      table.tickOnly(fitting);
      total(false);
    },
  });

  slot(dues, 'rows').addEventListener('change', ticked);
  slot(form, 'origin').addEventListener('change', ticked);

  return {
    render(listed) {
      forgetOutcome();
      const payable = table.render(listed, recall('choice')?.due_ids ?? null);
      total(false);
      return payable;
    },
    read: () => ({ due_ids: table.chosen().map((due) => due.id), total_centimes }),
  };
}

// The lines of an order, as the recap and the receipt list them: contributions, then the fee.
import { copy, slot } from '../../../assets/page.mjs';
import { word } from '../../../assets/words.mjs';
import { fillCells } from './cells.mjs';

function lineRow(root, line) {
  const row = copy(root, 'line');
  fillCells(row, line);
  row.dataset.kind = line.kind;
  if (line.kind === 'fee') slot(row, 'account').replaceWith(word('dues.fee'));
  return row;
}

export function showLines(root, lines) {
  slot(root, 'rows').tBodies[0].replaceChildren(...lines.map((line) => lineRow(root, line)));
}

// What must be mended, said in the three places where it is looked for: beside the field, in the
// summary of the form (which takes the focus), and in the title that a screen reader reads first.
import { show } from './page.mjs';
import { errorWord, word, write } from './words.mjs';

const summary = document.querySelector('[data-module="error-summary"]');

function errorBeside(field) {
  return document.getElementById(`${field.id}-error`);
}

function describe(field, error, wrong) {
  const before = (field.getAttribute('aria-describedby') ?? '').split(' ');
  const others = before.filter((id) => id && id !== error.id);
  const ids = wrong ? [error.id, ...others] : others;
  if (ids.length) field.setAttribute('aria-describedby', ids.join(' '));
  else field.removeAttribute('aria-describedby');
  if (field.matches('input, textarea')) field.setAttribute('aria-invalid', wrong);
  field.toggleAttribute('data-wrong', wrong);
  field.closest('[data-field]').classList.toggle('field-wrong', wrong);
}

function mark(field, sentence, values) {
  const error = errorBeside(field);
  write(error, sentence, values);
  show(error);
  describe(field, error, true);
}

function entry(field, sentence, values) {
  const item = document.createElement('li');
  const place = document.createElement(field ? 'a' : 'span');
  write(place, sentence, values);
  if (field) {
    place.href = `#${field.id}`;
    place.addEventListener('click', (event) => {
      event.preventDefault();
      field.focus();
    });
  }
  item.append(place);
  return item;
}

function entitle(wrong) {
  const mark = `${word('error.title')} `;
  const title = document.title.replace(mark, '');
  document.title = wrong ? mark + title : title;
}

/** Takes back what `complain` said. */
export function settle() {
  for (const field of document.querySelectorAll('[data-wrong]')) {
    describe(field, errorBeside(field), false);
    show(errorBeside(field), false);
  }
  show(summary, false);
  entitle(false);
}

/** Says each fault, [field or null, code, values of its sentence]. `focus` takes the focus instead
    of the summary. */
export function complain(faults, focus = summary) {
  settle();
  const entries = faults.map(([field, code, values]) => {
    const sentence = errorWord(code);
    if (field) mark(field, sentence, values);
    return entry(field, sentence, values);
  });
  summary.querySelector('ul').replaceChildren(...entries);
  show(summary);
  entitle(true);
  focus.focus();
}

/** The faults that the server found in `fields`, inputs by the API's names, for `complain`. */
export function refused(fields, problem) {
  const named = Object.entries(problem.fields ?? {});
  return named.map(([name, code]) => [fields[name], `${name}.${code}`]);
}

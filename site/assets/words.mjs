// The sentences of a page, which its templates carry, and the facts put into them.
import { language } from './page.mjs';

const gap = '\u00a0';
const marks = document.documentElement.dataset;
const categories = new Intl.PluralRules(language);

function text(selector) {
  return document.querySelector(selector).content.textContent.trim();
}

/** A sentence of the page: <template data-word="name">. */
export function word(name) {
  return text(`template[data-word="${name}"]`);
}

/** The sentence for so many: <template data-plural="name"> holds one for each plural category.
    A browser that does not know the language counts as another does: then the last, "other". */
export function plural(name, count) {
  const forms = document.querySelector(`template[data-plural="${name}"]`).content;
  const form = forms.querySelector(`[data-category="${categories.select(count)}"]`);
  return (form ?? forms.lastElementChild).textContent;
}

/** The sentence of an error; one that this page has no words for is an error of ours. */
export function errorWord(code) {
  const known = document.querySelector(`template[data-error="${code}"]`);
  return known ? known.content.textContent.trim() : text('template[data-error="internal"]');
}

function isolated(value) {
  const element = document.createElement('bdi');
  element.textContent = value;
  return element;
}

/** Writes a sentence into an element, each {name} replaced by its value, kept apart from the
    direction of the words around it (an amount would else read backwards in Arabic). */
export function write(element, sentence, values = {}) {
  const pieces = sentence.split(/\{(\w+)\}/);
  element.replaceChildren(...pieces.map((piece, at) => (at % 2 ? isolated(values[piece]) : piece)));
}

/** Integer centimes as the language writes them, 1 467,06: no float comes near an amount. */
export function amount(centimes) {
  const dirhams = String(Math.trunc(centimes / 100)).replace(/\B(?=(\d{3})+$)/g, marks.group);
  return `${dirhams}${marks.decimal}${String(centimes % 100).padStart(2, '0')}`;
}

export function money(centimes) {
  return word('money').replace('{amount}', amount(centimes));
}

/** Digits in groups of `size`, as people read them out: 123 456 789, 4319 0271 8852 04. */
export function grouped(number, size = 3) {
  return number.match(new RegExp(`.{1,${size}}`, 'g')).join(gap);
}

/** The figures of an instant, day first, on the clock that the server wrote it with: an offset is
    Morocco's own, which the tables of a phone may have wrong (it moves with Ramadan, and by
    decree). Names come with the page: few browsers know the months in Tamazight. */
function clock(instant) {
  const local = /[+-]\d\d:\d\d$/.test(instant);
  const date = new Date(local ? `${instant.slice(0, 19)}Z` : instant);
  const timeZone = local ? 'UTC' : 'Africa/Casablanca';
  return date.toLocaleString('en-GB', { timeZone }).match(/\d+/g);
}

export function monthName(number) {
  return marks.months.split('|')[number - 1];
}

export function timeOf(instant) {
  return clock(instant).slice(3, 5).join(':');
}

export function dateTimeOf(instant) {
  const [day, month, year] = clock(instant);
  const values = { day: Number(day), month: monthName(month), year, time: timeOf(instant) };
  return marks.moment.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** A quarter in words: "1er trimestre 2020, janvier à mars". */
export function quarterName({ year, quarter }) {
  const name = word(`quarter.${quarter}`).replace('{year}', year);
  return word('period').replace('{quarter}', name).replace('{months}', word(`quarter.${quarter}.months`));
}

/** Writes the period of a due or of a line, its year apart; the fee's is the month of payment. */
export function writePeriod(element, { kind, year, quarter, period }) {
  const sentence = kind === 'fee' ? word('month') : word(`quarter.${quarter ?? period}`);
  write(element, sentence, { year, month: monthName(period) });
}

/** The months of a quarter; a fee has but one, which its period says already. */
export function monthsOf({ kind, quarter, period }) {
  return kind === 'fee' ? '' : word(`quarter.${quarter ?? period}.months`);
}

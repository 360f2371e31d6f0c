// The receipt itself, and what can be done with it: print, download, note the next dates.
import { language, slot, show } from '../../../assets/page.mjs';
import { Refusal, post } from '../../../assets/api.mjs';
import { busy } from '../../../assets/busy.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { dateTimeOf, grouped, money } from '../../../assets/words.mjs';
import { calendarOf } from '../calendar/calendar.mjs';
import { showLines } from '../dues/lines.mjs';
import { askAbout } from '../help-line/help-line.mjs';
import { showPair } from '../pair/pair.mjs';

/** Fills the panel with an answer of /api/receipt; only a paid one has date and lines. */
export function showReceipt(panel, answer) {
  const paid = answer.state === 'paid';
  slot(panel, 'payment-reference').textContent = grouped(answer.reference, 4);
  slot(panel, 'number').textContent = answer.registration_number;
  slot(panel, 'total').textContent = money(answer.total_centimes);
  showPair(panel, answer.words, answer.language);
  askAbout(answer.reference);
  for (const part of panel.querySelectorAll('[data-only="paid"]')) show(part, paid);
  if (!paid) return;
  slot(panel, 'paid-at').textContent = dateTimeOf(answer.paid_at);
  showLines(slot(panel, 'lines'), answer.lines);
}

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function download(key, reference) {
  const pdf = await post('/api/receipt/pdf', { ...key, language }, 'blob');
  if (pdf.type !== 'application/pdf') throw new Refusal('bad_answer');
  save(pdf, `asvi-${reference}.pdf`);
}

/** Opens what can be done; `facts()` gives what opens the payment, and its answer. */
export function receiptActions(panel, facts) {
  const pdf = slot(panel, 'pdf');
  const dates = slot(panel, 'calendar');
  slot(panel, 'print').addEventListener('click', () => print());
  dates.addEventListener('click', () => {
    const text = calendarOf(facts().answer, Number(dates.dataset.months));
    save(new Blob([text], { type: 'text/calendar;charset=utf-8' }), 'asvi.ics');
  });
  pdf.addEventListener('click', () => busy(pdf, async () => {
    settle();
    const { key, answer } = facts();
    await download(key, answer.reference).catch(({ code }) => complain([[null, code]]));
  }));
}

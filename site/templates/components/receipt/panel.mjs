// The receipt itself, and what can be done with it: print, download.
import { language, slot, show } from '../../../assets/page.mjs';
import { Refusal, post } from '../../../assets/api.mjs';
import { busy } from '../../../assets/busy.mjs';
import { complain, settle } from '../../../assets/faults.mjs';
import { dateTimeOf, grouped, money } from '../../../assets/words.mjs';
import { showLines } from '../dues/lines.mjs';

/** Fills the panel with an answer of /api/receipt; only a paid one has date and lines. */
export function showReceipt(panel, answer) {
  const paid = answer.state === 'paid';
  slot(panel, 'payment-reference').textContent = grouped(answer.reference, 4);
  slot(panel, 'number').textContent = answer.registration_number;
  slot(panel, 'total').textContent = money(answer.total_centimes);
  for (const part of panel.querySelectorAll('[data-only="paid"]')) show(part, paid);
  if (!paid) return;
  slot(panel, 'paid-at').textContent = dateTimeOf(answer.paid_at);
  showLines(slot(panel, 'lines'), answer.lines);
}

async function download(key, reference) {
  const pdf = await post('/api/receipt/pdf', { ...key, language }, 'blob');
  if (pdf.type !== 'application/pdf') throw new Refusal('bad_answer');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(pdf);
  link.download = `asvi-${reference}.pdf`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Opens « print » and « download »; `facts()` gives what opens the payment, and its answer. */
export function receiptActions(panel, facts) {
  const pdf = slot(panel, 'pdf');
  slot(panel, 'print').addEventListener('click', () => print());
  pdf.addEventListener('click', () => busy(pdf, async () => {
    settle();
    const { key, answer } = facts();
    await download(key, answer.reference).catch(({ code }) => complain([[null, code]]));
  }));
}

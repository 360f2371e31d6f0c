// A payment found again, on any device, by its reference and the registration number.
import { show, slot } from '../../../assets/page.mjs';
import { busy } from '../../../assets/busy.mjs';
import { digits, fault, referenceFault } from '../../../assets/digits.mjs';
import { complain, refused, settle } from '../../../assets/faults.mjs';
import { keep, recall } from '../../../assets/memory.mjs';
import { payment } from '../receipt/payment.mjs';

export function follow(root) {
  const search = slot(root, 'search');
  const fields = {
    reference: document.getElementById('reference'),
    registration_number: document.getElementById('registration-number'),
  };
  // Who comes back from CMI in the tab of the payment has nothing to type.
  const begun = { reference: recall('checkout')?.reference, registration_number: recall('number') };
  const left = recall('followed') ?? begun;

  const story = payment(root, {
    told() {
      remember(true);
      show(search, false);
      show(slot(root, 'story'));
    },
    refused({ code, problem }) {
      const named = refused(fields, problem);
      const unread = [[null, code], [null, 'receipt_unread']];
      if (code === 'not_found') complain([[null, 'payment_unknown']]);
      else complain(named.length ? named : unread);
    },
  });

  function remember(shown) {
    const typed = Object.entries(fields).map(([name, field]) => [name, field.value]);
    keep('followed', { ...Object.fromEntries(typed), shown });
  }

  function ask() {
    const reference = digits(fields.reference.value);
    const registration_number = digits(fields.registration_number.value);
    const codes = {
      reference: referenceFault(reference),
      registration_number: fault(registration_number, 9),
    };
    const wrong = Object.entries(codes).filter(([, code]) => code);
    settle();
    if (!wrong.length) return story.follow({ reference, registration_number });
    return complain(wrong.map(([name, code]) => [fields[name], `${name}.${code}`]));
  }

  for (const [name, field] of Object.entries(fields)) field.value ||= left[name] ?? '';
  search.addEventListener('input', () => remember(false));
  search.addEventListener('submit', (event) => {
    event.preventDefault();
    busy(slot(search, 'submit'), ask);
  });
  slot(root, 'another').addEventListener('click', () => {
    remember(false);
    location.reload();
  });
  if (left.shown) ask();
}

// What the payer chooses beside the quarters: card, address for the letter, terms.
import { slot } from '../../../assets/page.mjs';
import { recall } from '../../../assets/memory.mjs';
import { emailHelp } from '../email/email.mjs';

const addressForm = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Runs the fields, as they were left when the page was last seen in this tab. */
export function choices(form) {
  const origins = [...form.querySelectorAll('input[type="radio"]')];
  const email = document.getElementById('email');
  const terms = document.getElementById('terms');
  const left = recall('choice');

  emailHelp(slot(form, 'email'));
  // Radios without a name would not exclude each other; the static page gives none.
  for (const radio of origins) radio.name = radio.dataset.name;

  if (left) {
    for (const radio of origins) radio.checked = radio.value === left.card_origin;
    email.value = left.typed_email;
    terms.checked = left.terms;
  }

  function origin() {
    return origins.find((radio) => radio.checked).value;
  }

  return {
    origin,
    read() {
      return {
        card_origin: origin(),
        typed_email: email.value,
        email: email.value.trim() || null,
        terms: terms.checked,
        terms_version: form.dataset.termsVersion,
      };
    },
    field(code) {
      return { email_invalid: email, terms_not_accepted: terms }[code] ?? null;
    },
    faults() {
      const typed = email.value.trim();
      const wrong = [];
      if (typed && !addressForm.test(typed)) wrong.push([email, 'email_invalid']);
      if (!terms.checked) wrong.push([terms, 'terms_not_accepted']);
      return wrong;
    },
  };
}

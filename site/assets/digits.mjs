// Numbers as people type and paste them.

// Spaces, no-break ones too, and the invisible marks that right-to-left keyboards and copies leave.
const ignored = /[\s\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069]/g;
const other = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;

/** What was typed, in plain digits: Arabic-Indic, Persian and full-width ones are read (the last
    four bits of each are its value), spaces and marks are dropped. */
export function digits(text) {
  return text.replace(ignored, '').replace(other, (digit) => digit.charCodeAt(0) & 15);
}

/** The field code of a number that has not exactly `length` digits, or null: the server's rule. */
export function fault(number, length) {
  if (number === '') return 'required';
  if (/[^0-9]/.test(number)) return 'not_digits';
  if (number.length < length) return 'too_short';
  return number.length > length ? 'too_long' : null;
}

/** The same for a reference: twelve digits and two that check them (ISO 7064 MOD 97-10). */
export function referenceFault(reference) {
  const wrong = fault(reference, 14);
  return wrong ?? (BigInt(reference) % 97n === 1n ? null : 'check_digits');
}

// A sum of money as people write it, and the quarters that it pays for.
import { digits } from '../../../assets/digits.mjs';
import { fee } from '../total/fee.mjs';

// Longer than any debt here, and short enough for exact integers.
const most_digits = 9;
const currency = /(dhs?|mad|درهم|دراهم)\.?$/i;
const grouping = /[.,٬'’](?=\d{3}(?!\d))/g;
const written = /^(\d+)(?:[.,٫](\d{1,2}))?$/;

/** Centimes of a sum: `3 000`, `3.000,50`, `٣٠٠٠ درهم`, `1,467.06 DH`; null for what is none. Three
    figures after a point or a comma are thousands: nobody counts tenths of a centime. */
export function centimesOf(text) {
  const plain = digits(text).replace(currency, '').replace(grouping, '');
  const [, dirhams, centimes = ''] = written.exec(plain) ?? [];
  if (!dirhams || dirhams.length > most_digits) return null;
  return Number(dirhams + centimes.padEnd(2, '0')) || null;
}

function cost(dues, tariff) {
  const contributions = dues.reduce((sum, due) => sum + due.amount_centimes, 0);
  return contributions + fee(contributions, tariff);
}

/** Of dues given oldest first, as many of the first as a sum pays for with the fee on them; their
    cost, what is left of the sum, and what the oldest alone would cost. All in centimes. */
export function fitting(dues, sum_centimes, tariff) {
  let count = 0;
  while (count < dues.length && cost(dues.slice(0, count + 1), tariff) <= sum_centimes) count += 1;
  const cost_centimes = cost(dues.slice(0, count), tariff);
  return {
    dues: dues.slice(0, count),
    cost_centimes,
    left_centimes: sum_centimes - cost_centimes,
    needed_centimes: cost(dues.slice(0, 1), tariff),
  };
}

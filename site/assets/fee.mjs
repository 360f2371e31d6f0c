// The fee as the server computes it: contributions x rate x (1 + VAT), rounded once, half up.

function fraction(decimal) {
  const [whole, decimals = ''] = decimal.split('.');
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)];
}

/** Centimes of fee on so many centimes of contributions; rate and VAT are decimal texts, "0.01". */
export function fee(contributions_centimes, { rate, vat }) {
  const [rate_top, rate_bottom] = fraction(rate);
  const [vat_top, vat_bottom] = fraction(vat);
  const top = BigInt(contributions_centimes) * rate_top * (vat_bottom + vat_top);
  const bottom = rate_bottom * vat_bottom;
  return Number((2n * top + bottom) / (2n * bottom));
}

// The fee as the server computes it: contributions x rate x (1 + VAT), rounded once, half up.

function fraction(decimal) {
  const [whole, decimals = ''] = decimal.split('.');
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)];
}

/** The fee on so many units, of which it is a part: rate and VAT are decimal texts, "0.01". */
export function fee(units, { rate, vat }) {
  const [rate_top, rate_bottom] = fraction(rate);
  const [vat_top, vat_bottom] = fraction(vat);
  const top = BigInt(units) * rate_top * (vat_bottom + vat_top);
  const bottom = rate_bottom * vat_bottom;
  return Number((2n * top + bottom) / (2n * bottom));
}

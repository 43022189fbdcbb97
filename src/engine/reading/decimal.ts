/** Parses decimal numbers directly from bytes, without making a string for each of millions of them. */

/** Powers of ten that are exact in float64. */
const powers = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Whole numbers below this are exact in float64 even with one more digit. */
const exact = 2 ** 53 / 10 - 1;

/**
 * The JSON number in `bytes` from `from` to `to`, rounded as IEEE 754 requires. A mantissa below 2⁵³ times or over a
 * power of ten up to 10²² rounds once (Clinger 1990, "How to read floating point numbers accurately"); JavaScript's own
 * parser handles all others.
 */
export function decimalAt(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  const negative = bytes[at] === 45;
  if (negative) at++;
  let mantissa = 0;
  let shift = 0;
  let fraction = false;
  for (; at < to; at++) {
    const c = bytes[at]!;
    if (c === 46) fraction = true;
    else if (c >= 48 && c <= 57) {
      if (mantissa > exact) return textAt(bytes, from, to);
      mantissa = 10 * mantissa + (c - 48);
      if (fraction) shift--;
    } else break;
  }
  if (at < to) {
    at++;
    const down = bytes[at] === 45;
    if (down || bytes[at] === 43) at++;
    let exponent = 0;
    for (; at < to; at++) {
      exponent = 10 * exponent + (bytes[at]! - 48);
      if (exponent > 1000) return textAt(bytes, from, to);
    }
    shift += down ? -exponent : exponent;
  }
  const power = powers[Math.abs(shift)];
  if (power === undefined) return textAt(bytes, from, to);
  const size = shift < 0 ? mantissa / power : mantissa * power;
  return negative ? -size : size;
}

function textAt(bytes: Uint8Array, from: number, to: number): number {
  return Number(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1"));
}

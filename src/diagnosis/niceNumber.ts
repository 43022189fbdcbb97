/** Values that a person would write into a config. */

/** The nearest 1, 2 or 5 × a power of ten. */
export function niceNumber(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const mantissa = value / 10 ** exponent;
  const nice = mantissa < 1.5 ? 1 : mantissa < 3.5 ? 2 : mantissa < 7.5 ? 5 : 10;
  return Number(`${nice}e${exponent}`);
}

/** The largest 1, 2 or 5 × a power of ten that does not exceed `value`. */
export function niceBelow(value: number): number {
  const exponent = Math.floor(Math.log10(value));
  const mantissa = value / 10 ** exponent;
  // A mantissa that rounding left just below a step counts as the step.
  const nice = mantissa >= 5 - 1e-9 ? 5 : mantissa >= 2 - 1e-9 ? 2 : 1;
  return Number(`${nice}e${exponent}`);
}

/** Student's t distribution for whole degrees of freedom. */

/**
 * Probability of a value above `t`, by the finite sums for whole degrees of freedom (Abramowitz & Stegun 1964, formulas
 * 26.7.3 and 26.7.4).
 * @param degrees at least 1.
 */
export function upperTail(t: number, degrees: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0;
  if (t < 0) return 1 - upperTail(-t, degrees);
  const angle = Math.atan(t / Math.sqrt(degrees));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  const within = odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  return (1 - within) / 2;
}

/** The value that is exceeded with probability `level`, 0 < `level` ≤ 0.5. */
export function upperQuantile(level: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (upperTail(high, degrees) > level) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degrees) > level) low = middle;
    else high = middle;
  }
  return high;
}

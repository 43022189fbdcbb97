/** Rank correlation. */

/**
 * Kendall's τ-b of pairs of figures, which accounts for ties (Kendall 1945, *Biometrika* 33): 1 if both have the same
 * order, −1 if one is the reverse of the other; NaN if one of them has only ties.
 */
export function kendallTau(pairs: readonly (readonly [number, number])[]): number {
  let agreement = 0;
  let first = 0;
  let second = 0;
  pairs.forEach(([a, b], i) => {
    for (const [c, d] of pairs.slice(i + 1)) {
      const [x, y] = [order(a, c), order(b, d)];
      agreement += x * y;
      first += x * x;
      second += y * y;
    }
  });
  return agreement / Math.sqrt(first * second);
}

/** Infinite figures count as equal. */
function order(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Means of losses as shares of their baseline. */

/** +∞ where one of them is; NaN of nothing, or where one is not known. */
export function geometricMean(shares: readonly number[]): number {
  return Math.exp(shares.reduce((sum, s) => sum + Math.log(Math.max(s, Number.MIN_VALUE)), 0) / shares.length);
}

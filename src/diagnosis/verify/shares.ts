/** Means of losses as shares of their baseline. */

/** +∞ if one share is; NaN if there are none, or one is not known. */
export function geometricMean(shares: readonly number[]): number {
  return Math.exp(shares.reduce((sum, s) => sum + Math.log(Math.max(s, Number.MIN_VALUE)), 0) / shares.length);
}

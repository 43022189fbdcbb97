/** A noisy series as the medians of neighbouring values. */

import type { Point } from "./minMax.ts";

/**
 * The median of each of about `buckets` equal runs of values, at the middle of its run.
 * @param x ascending
 * @param y parallel to `x`; values that are not finite are left out
 */
export function medians(x: Float64Array, y: Float64Array, buckets: number): Point[] {
  const per = Math.max(1, Math.ceil(y.length / Math.max(1, buckets)));
  const points: Point[] = [];
  for (let from = 0; from < y.length; from += per) {
    const run = y
      .slice(from, from + per)
      .filter(Number.isFinite)
      .sort();
    const middle = run[run.length >> 1];
    const last = Math.min(from + per, y.length) - 1;
    if (middle !== undefined) points.push({ x: (x[from]! + x[last]!) / 2, y: middle });
  }
  return points;
}

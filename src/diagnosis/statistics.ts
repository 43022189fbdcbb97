/** Robust statistics of series that may hold NaN and Infinity. */

import { median, tail } from "../protocol/history/median.ts";
import { knownCopy, select } from "../protocol/history/select.ts";

/**
 * Standard error of the median, from the median absolute deviation: 1.253 σ / √n with σ = 1.483 MAD, both exact for
 * normally distributed values. NaN if there are none.
 */
export function standardError(values: Float64Array): number {
  const distances = knownCopy(values);
  const count = distances.length;
  const middle = select(distances, (count - 1) >> 1);
  for (let i = 0; i < count; i++) distances[i] = Math.abs(distances[i]! - middle);
  return (1.253 * 1.483 * select(distances, (count - 1) >> 1)) / Math.sqrt(count);
}

export interface Level {
  readonly mean: number;
  /** Standard deviation of a single value. */
  readonly deviation: number;
  /** Standard error of the mean. */
  readonly error: number;
  readonly count: number;
}

/**
 * Winsorized mean of the values that are not NaN: the largest and the smallest are replaced by their nearest
 * neighbours, so one spike does not move it. Unlike the median, it is not below the expected value if the values are
 * skewed. NaN if there are none.
 */
export function level(values: Float64Array): Level {
  const inner = knownCopy(values).sort();
  const count = inner.length;
  if (count >= 3) {
    inner[0] = inner[1]!;
    inner[count - 1] = inner[count - 2]!;
  }
  // Sum differences from the median, so that the mean of equal values is exactly that value.
  const middle = inner[(count - 1) >> 1] ?? Number.NaN;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += inner[i]! - middle;
  const mean = middle + sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (inner[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1, count - 1));
  return { mean, deviation, error: deviation / Math.sqrt(count), count };
}

/** Medians of the first half and of the last quarter of a series: one spike does not move them. */
export function earlyAndLate(series: Float64Array): { readonly early: number; readonly late: number } {
  const n = series.length;
  return {
    early: median(series.subarray(0, Math.max(3, Math.ceil(n / 2)))),
    late: median(tail(series, Math.max(3, Math.ceil(n / 4)))),
  };
}

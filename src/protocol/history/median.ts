/** The median, the known part and the end of a series. */

import { knownCopy, select } from "./select.ts";

/**
 * Median of the values that are not NaN (the lower of the two middle ones, so that counts stay counts); NaN if there
 * are none.
 */
export function median(values: Float64Array | Iterable<number>): number {
  const known = knownCopy(values instanceof Float64Array ? values : Float64Array.from(values));
  return select(known, (known.length - 1) >> 1);
}

/** The last `count` entries, or all if there are fewer. */
export function tail(series: Float64Array, count: number): Float64Array {
  return series.subarray(Math.max(0, series.length - count));
}

/**
 * The values that were measured: a program measures many quantities only at some of its steps, and rows of the others
 * hold NaN. Figures of the newest steps are those of the newest measured ones.
 */
export function known(series: Float64Array): Float64Array {
  for (let i = 0; i < series.length; i++)
    if (Number.isNaN(series[i])) return series.filter((value) => !Number.isNaN(value));
  return series;
}

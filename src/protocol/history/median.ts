/** The median, the known part and the end of a series. */

/**
 * Median of the values that are not NaN (the lower of the two middle ones, so that counts stay counts); NaN if there
 * are none.
 */
export function median(values: Iterable<number>): number {
  const sorted = Float64Array.from([...values].filter((v) => !Number.isNaN(v))).sort();
  return sorted.length === 0 ? Number.NaN : sorted[Math.floor((sorted.length - 1) / 2)]!;
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
  return series.some(Number.isNaN) ? series.filter((value) => !Number.isNaN(value)) : series;
}

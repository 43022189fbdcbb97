/** Robust statistics of series that may hold NaN and Infinity. */

import { median, tail } from "../protocol/history/median.ts";

/**
 * Standard error of the median, from the median absolute deviation: 1.253 σ / √n with σ = 1.483 MAD, both exact for
 * normally distributed values. NaN if there are none.
 */
export function standardError(values: Float64Array): number {
  const known = values.filter((v) => !Number.isNaN(v));
  const middle = median(known);
  return (1.253 * 1.483 * median(known.map((v) => Math.abs(v - middle)))) / Math.sqrt(known.length);
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
  const sorted = values.filter((v) => !Number.isNaN(v)).sort();
  const count = sorted.length;
  const inner = count < 3 ? sorted : sorted.map((_, i) => sorted[Math.min(count - 2, Math.max(1, i))]!);
  // Sum differences from the median, so that the mean of equal values is exactly that value.
  const middle = median(inner);
  const mean = middle + inner.reduce((sum, v) => sum + (v - middle), 0) / count;
  const squares = inner.reduce((sum, v) => sum + (v - mean) ** 2, 0);
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

/** Median over a sliding window of finite values; the search is logarithmic, so whole histories stay cheap. */
export class RunningMedian {
  readonly #window: number;
  readonly #queue: number[] = [];
  readonly #sorted: number[] = [];

  constructor(window: number) {
    this.#window = window;
  }

  get count(): number {
    return this.#queue.length;
  }

  /** The lower median; NaN if the window is empty. */
  get value(): number {
    return this.#sorted[Math.floor((this.#sorted.length - 1) / 2)] ?? Number.NaN;
  }

  push(value: number): void {
    if (!Number.isFinite(value)) return;
    if (this.#queue.length === this.#window) this.#sorted.splice(this.#position(this.#queue.shift()!), 1);
    this.#queue.push(value);
    this.#sorted.splice(this.#position(value), 0, value);
  }

  /** First index whose value is not below `value`. */
  #position(value: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (this.#sorted[mid]! < value) low = mid + 1;
      else high = mid;
    }
    return low;
  }
}

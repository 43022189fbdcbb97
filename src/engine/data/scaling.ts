/** Scales columns to unit scale, by the statistics of the training samples. */

import type { Scaling } from "../../config/scaling.ts";

/** x becomes (x − `center`) / `spread`. */
export interface ColumnScale {
  readonly center: number;
  readonly spread: number;
  /** All values are equal: there is nothing to divide by, and they become zeros. */
  readonly constant: boolean;
}

/**
 * Scale from the mean and the population standard deviation, or from the minimum and the range.
 * @param each passes on every value that counts, at least one, each time it is called.
 */
export function columnScale(scaling: Scaling, each: (visit: (value: number) => void) => void): ColumnScale {
  let n = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  each((v) => {
    n++;
    sum += v;
    if (v < min) min = v;
    if (v > max) max = v;
  });
  if (!(max > min)) return { center: n === 0 ? 0 : min, spread: 1, constant: true };
  if (scaling === "minMax") return { center: min, spread: max - min, constant: false };
  // Two passes, for accuracy.
  const mean = sum / n;
  let squares = 0;
  each((v) => {
    squares += (v - mean) ** 2;
  });
  return { center: mean, spread: Math.sqrt(squares / n), constant: false };
}

/** The slope of a straight line through points, and whether it is more than their noise. */

import { upperQuantile } from "./studentT.ts";

export interface Line {
  readonly slope: number;
  /** Standard error of the slope. */
  readonly error: number;
  /** The points' means: the line goes through them. */
  readonly x: number;
  readonly y: number;
  /** The slope is below 0 by more than the noise explains. */
  readonly falls: boolean;
  /** The slope is above 0 by more than the noise explains. */
  readonly rises: boolean;
}

/** Chance with which noise alone is said to fall; likewise, to rise. */
const errorRate = 0.006;

const criticals = new Map<number, number>();

/** Student's t that noise exceeds with that chance: the fewer points there are, the larger it is. */
function critical(degrees: number): number {
  const known = criticals.get(degrees);
  if (known !== undefined) return known;
  const value = upperQuantile(errorRate, degrees);
  criticals.set(degrees, value);
  return value;
}

/**
 * Least squares, and the one-sided t-test of the slope with the points' own degrees of freedom, n − 2.
 *
 * @param x of three points or more, not all the same.
 * @param y as many, with independent noise.
 * @returns undefined where a point is not finite.
 */
export function lineThrough(x: Float64Array, y: Float64Array): Line | undefined {
  const [mx, my] = [meanOf(x), meanOf(y)];
  let sxx = 0;
  let sxy = 0;
  x.forEach((at, i) => {
    sxx += (at - mx) ** 2;
    sxy += (at - mx) * (y[i]! - my);
  });
  const slope = sxy / sxx;
  if (!Number.isFinite(slope)) return undefined;
  let residual = 0;
  x.forEach((at, i) => {
    residual += (y[i]! - my - slope * (at - mx)) ** 2;
  });
  const degrees = x.length - 2;
  const error = Math.sqrt(residual / degrees / sxx);
  const real = Math.abs(slope) > critical(degrees) * error;
  return { slope, error, x: mx, y: my, falls: real && slope < 0, rises: real && slope > 0 };
}

/** Mean of each of so many stretches of nearly the same length, by `of`. */
export function blocksOf(
  values: Float64Array,
  blocks: number,
  of: (block: Float64Array) => number = meanOf,
): Float64Array {
  const bound = (b: number): number => Math.floor((b * values.length) / blocks);
  return Float64Array.from({ length: blocks }, (_, b) => of(values.subarray(bound(b), bound(b + 1))));
}

export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}

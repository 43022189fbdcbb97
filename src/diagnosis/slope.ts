/** The slope of a straight line through points, and whether it exceeds their noise. */

import { upperQuantile } from "./studentT.ts";

export interface Line {
  readonly slope: number;
  /** Standard error of the slope. */
  readonly error: number;
  /** Means of the points; the line goes through them. */
  readonly x: number;
  readonly y: number;
  /** The slope is below 0 by more than the noise explains. */
  readonly falls: boolean;
  /** The slope is above 0 by more than the noise explains. */
  readonly rises: boolean;
}

/** Chance that noise alone counts as falling; the same holds for rising. */
const errorRate = 0.006;

const criticals = new Map<number, number>();

/** Student's t that noise exceeds with that chance; it is larger for fewer points. */
function critical(degrees: number): number {
  const known = criticals.get(degrees);
  if (known !== undefined) return known;
  const value = upperQuantile(errorRate, degrees);
  criticals.set(degrees, value);
  return value;
}

/**
 * Least squares, and the one-sided t-test of the slope with n − 2 degrees of freedom.
 *
 * @param x at least three points, not all the same.
 * @param y one value per point, with independent noise.
 * @returns undefined if a point is not finite.
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

/** Mean, by `of`, of each of `blocks` stretches of nearly equal length. */
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

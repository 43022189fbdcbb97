/** How much two ways to compute the same figures may differ. */

import { expect } from "vitest";

/**
 * Relative. Sums of random nets cancel: in one net of a thousand, float32's rounding is 4e-4 of what is left. A wrong
 * formula is off by far more.
 */
export const tolerance = 1e-3;

/** ‖actual − expected‖ / ‖expected‖. */
export function distance(actual: Float32Array, expected: Float32Array): number {
  let sum = 0;
  let size = 0;
  for (const [i, v] of expected.entries()) {
    sum += (actual[i]! - v) ** 2;
    size += v * v;
  }
  return size === 0 ? Math.sqrt(sum) : Math.sqrt(sum / size);
}

/** log₁₀ of a norm below which float32 may not represent entries exactly where they enter from above. */
const inexact = -33;

/**
 * Within the relative tolerance; logarithms are compared by what they are the logarithms of.
 *
 * @param norms log₁₀ of the norms of the states at the timesteps, if a gain is compared
 * @param sources log₁₀ of the norms from which these come, through gates that may be close to 0: a value far below
 * its source has the rounding errors of the source.
 */
export function alike(
  actual: Float64Array,
  expected: Float64Array,
  what: string,
  norms?: Float64Array,
  sources?: Float64Array,
): void {
  expect(actual).toHaveLength(expected.length);
  const logarithm = /logNorm|logContribution|p\d0|samples/.test(what);
  for (const [t, value] of expected.entries()) {
    const own = actual[t]!;
    if (Object.is(own, value) || (norms && norms[t]! < inexact)) continue;
    if (logarithm && value < inexact && own < inexact) continue;
    const lost = Math.max(0, (sources?.[t] ?? -Infinity) - (norms?.[t] ?? value));
    const error = logarithm
      ? Math.abs(own - value) * Math.LN10
      : Math.abs(own - value) / Math.max(Math.abs(value), 1e-6);
    expect(error, `${what} at timestep ${t + 1}: ${own} instead of ${value}`).toBeLessThan(tolerance * 10 ** lost);
  }
}

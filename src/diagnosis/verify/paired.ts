/** What pairs of runs from the same seed, with and without a fix, show together. */

import { median } from "../../protocol/history/median.ts";
import type { Spread } from "../../protocol/verification.ts";
import { fewestPairs, levelAt, pairedMean } from "./sequential.ts";

export interface Effect {
  /** Mean difference, with the fix minus without. */
  readonly mean: number;
  /** Direction of the difference: −1 or +1 if it exceeds both the tolerance and the spread between seeds, else 0. */
  readonly direction: -1 | 0 | 1;
  /** The direction is 0 because of a large spread, not a small effect. */
  readonly unclear: boolean;
}

/**
 * Pairing removes the influence of the seeds (initial weights, order of samples). The effect must have a size that
 * matters and exceed what a useless fix shows at this look, by the same test as the loss. Infinite differences (one
 * side diverged) count by their sign, on which the pairs have to agree.
 *
 * @param first pairs at the first look.
 */
export function effectOf(differences: readonly number[], tolerance: number, first = fewestPairs): Effect {
  const n = differences.length;
  if (n === 0 || differences.some(Number.isNaN)) return { mean: Number.NaN, direction: 0, unclear: true };
  const infinite = differences.filter((d) => !Number.isFinite(d));
  if (infinite.length > 0) {
    const sign = Math.sign(infinite[0]!);
    const agree = differences.every((d) => Math.sign(d) === sign);
    // Only signs count here: all signs of a useless fix agree with a chance of 2⁻ⁿ, and all runs diverge on one side
    // only with 4⁻ⁿ.
    const chance = infinite.length === n ? 4 ** -n : 2 ** -n;
    const real = agree && n >= fewestPairs && chance <= levelAt(n, first);
    return { mean: sign * Number.POSITIVE_INFINITY, direction: real ? (sign > 0 ? 1 : -1) : 0, unclear: !real };
  }
  const { mean, error, limit } = pairedMean(differences, first);
  const real = Math.abs(mean) > tolerance && Math.abs(mean) > limit;
  const spread = n < 2 ? 0 : error * Math.sqrt(n);
  return {
    mean,
    direction: real ? (mean > 0 ? 1 : -1) : 0,
    unclear: !real && Math.max(Math.abs(mean), spread) > tolerance,
  };
}

/** NaN if there are no values. */
export function spreadOf(values: readonly number[]): Spread {
  const known = values.filter((v) => !Number.isNaN(v));
  if (known.length === 0) return { median: Number.NaN, min: Number.NaN, max: Number.NaN };
  return { median: median(known), min: Math.min(...known), max: Math.max(...known) };
}

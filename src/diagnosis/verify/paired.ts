/** What pairs of runs from the same seed, with and without a fix, say together. */

import type { Spread } from "../../protocol/verification.ts";
import { median } from "../statistics.ts";
import { fewestPairs, levelAt, pairedMean } from "./sequential.ts";

export interface Effect {
  /** Mean difference, with the fix minus without. */
  readonly mean: number;
  /** −1, 0, +1: its direction where it exceeds both the tolerance and the spread between seeds. */
  readonly direction: -1 | 0 | 1;
  /** No direction because the spread, not the effect, is large. */
  readonly unclear: boolean;
}

/**
 * Pairing takes out what the seeds themselves do (initial weights, order of samples). The effect must be of a size that
 * matters and beyond what a useless fix shows at this look, by the test that the loss is held to. Infinite differences
 * (one side diverged) count by their sign, which the pairs have to agree on.
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
    // Signs alone: a useless fix has all of them alike with a chance of 2⁻ⁿ, all runs diverging on one side alone with 4⁻ⁿ.
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

/** NaN of nothing. */
export function spreadOf(values: readonly number[]): Spread {
  const known = values.filter((v) => !Number.isNaN(v));
  if (known.length === 0) return { median: Number.NaN, min: Number.NaN, max: Number.NaN };
  return { median: median(known), min: Math.min(...known), max: Math.max(...known) };
}

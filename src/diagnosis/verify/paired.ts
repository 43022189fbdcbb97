/** What pairs of runs from the same seed, with and without a fix, say together. */

import type { Spread } from "../../protocol/verification.ts";
import { median } from "../statistics.ts";

export interface Effect {
  /** Mean difference, with the fix minus without. */
  readonly mean: number;
  /** Sample standard deviation of the differences; 0 of one pair. */
  readonly deviation: number;
  /** −1, 0, +1: its direction where it exceeds both the tolerance and the spread between seeds. */
  readonly direction: -1 | 0 | 1;
  /** No direction because the spread, not the effect, is large. */
  readonly unclear: boolean;
}

/**
 * Pairing takes out what the seeds themselves do (initial weights, order of samples). With the three to five pairs there
 * is time for, a test's p-value would claim more than the data hold; the rule is the plain one: the effect must be larger
 * than one standard deviation of the differences, and of a size that matters. Infinite differences count by their sign.
 */
export function effectOf(differences: readonly number[], tolerance: number): Effect {
  const n = differences.length;
  if (n === 0 || differences.some(Number.isNaN)) return { mean: Number.NaN, deviation: 0, direction: 0, unclear: true };
  const infinite = differences.filter((d) => !Number.isFinite(d));
  if (infinite.length > 0) {
    const sign = Math.sign(infinite[0]!);
    const agree = differences.every((d) => Math.sign(d) === sign);
    const direction = agree ? (sign > 0 ? 1 : -1) : 0;
    return {
      mean: sign * Number.POSITIVE_INFINITY,
      deviation: agree ? 0 : Number.POSITIVE_INFINITY,
      direction,
      unclear: !agree,
    };
  }
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const deviation = n < 2 ? 0 : Math.sqrt(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1));
  const real = Math.abs(mean) > tolerance && Math.abs(mean) > deviation;
  return {
    mean,
    deviation,
    direction: real ? (mean > 0 ? 1 : -1) : 0,
    unclear: !real && Math.max(Math.abs(mean), deviation) > tolerance,
  };
}

/** NaN of nothing. */
export function spreadOf(values: readonly number[]): Spread {
  const known = values.filter((v) => !Number.isNaN(v));
  if (known.length === 0) return { median: Number.NaN, min: Number.NaN, max: Number.NaN };
  return { median: median(known), min: Math.min(...known), max: Math.max(...known) };
}

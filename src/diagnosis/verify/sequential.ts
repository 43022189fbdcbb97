/**
 * Tests whether paired runs differ, and may look again after each further pair.
 *
 * The differences of a pair (same seed, with and without the fix) are tested by Student's paired t. Repeated looks at a
 * constant level would sooner or later find an effect that does not exist, so the error rate is spent (Lan & DeMets
 * 1983): half at the first look, because most fixes need no other, the rest in equal parts at the looks that may
 * follow. However the looks depend on each other, the parts add up to no more than the whole.
 */

import { verificationWords } from "../../messages/verification.ts";
import { upperQuantile } from "../studentT.ts";

/** Fewest pairs for any claim. */
export const fewestPairs = 3;

/** Pairs at which a verification gives up telling an effect from its spread. */
export const mostPairs = 8;

/**
 * Share of useless fixes that are claimed to lower the loss or improve the figure; the same for the other direction.
 */
export const errorRate = 0.05;

/** Chance of seeing an effect of the size that a power statement names. */
export const power = 0.8;

/** Difference of natural logarithms below which two losses count as equal: 5 %. */
export const lossTolerance = Math.log(1.05);

/** Differences are capped at a factor of a thousand, because a run that diverged has no finite one. */
const mostDifference = Math.log(1000);

/** A change of less than a fifth decides nothing about a net. */
const mattering = Math.log(1.25);

/** Mean of paired differences, and the limit that it has to exceed at a look. */
export interface PairedMean {
  readonly mean: number;
  /** Standard error of the mean; NaN for a single pair. */
  readonly error: number;
  /**
   * Student's t times the error. The mean of a useless fix exceeds it with the part of the error rate that this look
   * may spend.
   */
  readonly limit: number;
}

/** @param differences finite, at least one. @param first pairs at the first look. */
export function pairedMean(differences: readonly number[], first: number): PairedMean {
  const n = differences.length;
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  if (n < 2) return { mean, error: Number.NaN, limit: Number.POSITIVE_INFINITY };
  const error = Math.sqrt(differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1) / n);
  return { mean, error, limit: upperQuantile(levelAt(n, first), n - 1) * error };
}

export interface Difference {
  /** −1: surely lower with the fix, 1: surely higher, 0: neither. */
  readonly direction: -1 | 0 | 1;
  /** Mean difference of natural logarithms; NaN if not known. */
  readonly mean: number;
  /**
   * Smallest detectable difference of natural logarithms; +∞ for a single pair, NaN if the pairs cannot be compared.
   */
  readonly detectable: number;
  /** No direction, although an effect that matters may exist. */
  readonly open: boolean;
}

/**
 * @param differences of natural logarithms, with the fix minus without, one per pair; ±∞ if one side diverged, NaN if a
 * pair cannot be compared.
 * @param first pairs at the first look.
 */
export function differenceOf(differences: readonly number[], first: number): Difference {
  const n = differences.length;
  if (n === 0 || differences.some(Number.isNaN))
    return { direction: 0, mean: Number.NaN, detectable: Number.NaN, open: n === 0 };
  const bounded = differences.map((d) => Math.min(mostDifference, Math.max(-mostDifference, d)));
  const { mean, error, limit } = pairedMean(bounded, first);
  if (n === 1) return { direction: 0, mean, detectable: Number.POSITIVE_INFINITY, open: true };
  const detectable = Math.max(lossTolerance, limit + upperQuantile(1 - power, n - 1) * error);
  const real = n >= fewestPairs && Math.abs(mean) > lossTolerance && Math.abs(mean) > limit;
  return {
    direction: real ? (mean < 0 ? -1 : 1) : 0,
    mean,
    detectable,
    open: n < fewestPairs || (!real && detectable > mattering),
  };
}

/** The part of the error rate that the look at `n` pairs may spend. */
export function levelAt(n: number, first: number): number {
  const start = Math.max(first, fewestPairs);
  if (n <= start) return errorRate / 2;
  return errorRate / 2 / Math.max(1, mostPairs - start);
}

/** `with 3 seeds a loss lower by 40 % or more would have shown`; empty if nothing is known about it. */
export function powerText(detectable: number, pairs: number): string {
  if (Number.isNaN(detectable)) return "";
  if (detectable === Number.POSITIVE_INFINITY) return verificationWords().onePair;
  const lower = 100 * (1 - Math.exp(-detectable));
  const text =
    lower > 99
      ? verificationWords().timesLower(factorText(Math.exp(detectable)))
      : verificationWords().percentLower(Math.ceil(lower));
  return verificationWords().wouldHaveShown({ pairs, text });
}

function factorText(factor: number): string {
  return factor >= 1e6 ? factor.toExponential(0) : String(Number(factor.toPrecision(1)));
}

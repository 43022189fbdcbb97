/**
 * Whether paired runs differ, by a test that may look again after each further pair.
 *
 * The differences of a pair (same seed, with and without the fix) are tested by Student's paired t. Looking again and
 * again with the same level would find an effect sooner or later where there is none, so the error rate is spent
 * (Lan & DeMets 1983): half at the first look, because most fixes need no other, the rest in equal parts at the looks
 * that may follow. Whatever the looks have to do with each other, the parts add up to no more than the whole.
 */

import { upperQuantile } from "../studentT.ts";

/** Pairs below which nothing is claimed. */
export const fewestPairs = 3;

/** Pairs at which a verification gives up telling an effect from its spread. */
export const mostPairs = 8;

/** Share of useless fixes of which it is claimed that the loss is lower, or the figure better; likewise, higher or worse. */
export const errorRate = 0.05;

/** Chance with which an effect of the size that a power statement names is seen. */
export const power = 0.8;

/** A difference of natural logarithms below which two losses do not differ: 5 %. */
export const lossTolerance = Math.log(1.05);

/** Differences count no more than this, a factor of a thousand: a run that diverged has no finite one. */
const mostDifference = Math.log(1000);

/** A change by less than this, a fifth, decides nothing about a net. */
const mattering = Math.log(1.25);

/** Mean of paired differences, and what it has to exceed at a look. */
export interface PairedMean {
  readonly mean: number;
  /** Standard error of the mean; NaN of a single pair. */
  readonly error: number;
  /** Student's t that the mean has to exceed, times the error: of a useless fix the error rate's share of this look does. */
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
  /** Mean difference of natural logarithms; NaN where it is not known. */
  readonly mean: number;
  /**
   * Difference of natural logarithms that would have shown; +∞ of a single pair, NaN where the pairs cannot be compared.
   */
  readonly detectable: number;
  /** No direction, and an effect that matters may be there all the same. */
  readonly open: boolean;
}

/**
 * @param differences of natural logarithms, with the fix minus without: one per pair; ±∞ where one side diverged, NaN
 *   where a pair cannot be compared.
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

/** `with 3 seeds a loss lower by 40 % or more would have shown`; empty where nothing is known of it. */
export function powerText(detectable: number, pairs: number): string {
  if (Number.isNaN(detectable)) return "";
  if (detectable === Number.POSITIVE_INFINITY) return "one pair of runs says nothing of the spread between seeds";
  const lower = 100 * (1 - Math.exp(-detectable));
  const text =
    lower > 99 ? `${factorText(Math.exp(detectable))} times lower` : `lower by ${Math.ceil(lower)} % or more`;
  return `with ${pairs} seeds a loss ${text} would have shown`;
}

function factorText(factor: number): string {
  return factor >= 1e6 ? factor.toExponential(0) : String(Number(factor.toPrecision(1)));
}

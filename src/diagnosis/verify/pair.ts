/** A run with a fix paired with the run without it from the same seed. */

import { lossShare, type Replicate } from "./replicate.ts";

export interface Pair {
  readonly present: Replicate;
  readonly fixed: Replicate;
}

/** Pairs the runs; equal indices have equal seeds. */
export function pairsOf(present: readonly Replicate[], fixed: readonly Replicate[]): readonly Pair[] {
  return fixed.flatMap((run, i) => (present[i] ? [{ present: present[i], fixed: run }] : []));
}

/**
 * Whether the class weights differ: each side's loss then has the baseline of another answer, and the shares are not
 * comparable.
 */
export function weighsOtherwise({ present, fixed }: Pair): boolean {
  return present.classWeight !== fixed.classWeight;
}

/**
 * Natural logarithm of the fixed model's loss divided by the present one's, each as a share of its own baseline,
 * because a fix may change the units of the loss (scaled targets, another loss function). −∞ or +∞ if one side
 * diverged, 0 if both did; NaN if they cannot be compared: only one baseline is known, or the class weights differ.
 */
export function logLossRatio({ present, fixed }: Pair): number {
  if (present.diverged && fixed.diverged) return 0;
  const [before, after] = [figure(present), figure(fixed)];
  if (weighsOtherwise({ present, fixed })) return Number.NaN;
  if ((present.baseline === null) !== (fixed.baseline === null)) return Number.NaN;
  if (before === after) return 0;
  return Math.log(after) - Math.log(before);
}

/** A loss of 0 or below counts as the smallest number. */
function figure(run: Replicate): number {
  const value = run.baseline === null ? run.loss : lossShare(run);
  return Math.max(value, Number.MIN_VALUE);
}

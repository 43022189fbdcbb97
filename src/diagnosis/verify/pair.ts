/** A run with a fix beside the run without it from the same seed. */

import { lossShare, type Replicate } from "./replicate.ts";

export interface Pair {
  readonly present: Replicate;
  readonly fixed: Replicate;
}

/** Runs of the same seed are at the same place. */
export function pairsOf(present: readonly Replicate[], fixed: readonly Replicate[]): readonly Pair[] {
  return fixed.flatMap((run, i) => (present[i] ? [{ present: present[i], fixed: run }] : []));
}

/** With other class weights another loss is measured, whose baseline is another answer's: the shares are not comparable. */
export function weighsOtherwise({ present, fixed }: Pair): boolean {
  return present.classWeight !== fixed.classWeight;
}

/**
 * Natural logarithm of how many times the present model's loss the fixed one's is, each as a share of its own baseline:
 * a fix may change the units of the loss (scaled targets, another loss function). −∞ or +∞ where one side diverged, 0 where both did;
 * NaN where they cannot be compared: the baseline of one side alone is known, or the classes count otherwise.
 */
export function logLossRatio({ present, fixed }: Pair): number {
  if (present.diverged && fixed.diverged) return 0;
  const [before, after] = [figure(present), figure(fixed)];
  if (weighsOtherwise({ present, fixed })) return Number.NaN;
  if ((present.baseline === null) !== (fixed.baseline === null)) return Number.NaN;
  if (before === after) return 0;
  return Math.log(after) - Math.log(before);
}

/** A loss that is not above 0 is as small as numbers are. */
function figure(run: Replicate): number {
  const value = run.baseline === null ? run.loss : lossShare(run);
  return Math.max(value, Number.MIN_VALUE);
}

/**
 * The order of the fixes: by verdict, then by what tells best how full training will end.
 *
 * Not by the loss alone: a fix that lowers the learning rate is behind at first and may be ahead in the end. A net whose
 * loss is below its baseline comes before one on its way there, that before one whose gradient reaches as far as it has
 * to, and only then the loss decides: the geometric mean of its shares of the baseline, because one seed that has not
 * begun would hide in an ordinary mean what the others do.
 */

import { verdicts } from "../../protocol/verification.ts";
import { reachShare } from "./findingFigures.ts";
import type { Judgement } from "./judge.ts";
import type { LossProgress } from "./lossProgress.ts";
import { lossShare, type Replicate } from "./replicate.ts";
import { geometricMean } from "./shares.ts";

export interface Ranked {
  readonly judgement: Judgement;
  readonly runs: readonly Replicate[];
  /** How many single fixes it is made of. */
  readonly parts: number;
}

const worth: { readonly [progress in LossProgress]: number } = { below: 1, arriving: 0.8, falling: 0.4, standing: 0 };

/** Losses that differ by less than a tenth are alike: fewer edits then come first. */
const alike = 1.1;

export function byRank(a: Ranked, b: Ranked): number {
  return (
    verdicts.indexOf(a.judgement.verdict) - verdicts.indexOf(b.judgement.verdict) ||
    Number(b.runs.length > 0) - Number(a.runs.length > 0) ||
    promise(a, b)
  );
}

/** The same for runs from one seed, which have no verdict yet. */
export function promise(a: Ranked, b: Ranked): number {
  return (
    Math.round(4 * progressOf(b.runs)) - Math.round(4 * progressOf(a.runs)) ||
    clearing(b) - clearing(a) ||
    Math.round(4 * reaching(b.runs)) - Math.round(4 * reaching(a.runs)) ||
    byLoss(a, b)
  );
}

/** Whether a set of runs is better than another by more than the difference of their losses that means nothing. */
function byLoss(a: Ranked, b: Ranked): number {
  const [before, after] = [lossOf(a.runs), lossOf(b.runs)];
  if (a.parts !== b.parts && before <= after * alike && after <= before * alike) return a.parts - b.parts;
  return before - after;
}

/** Shares of the baseline where it is known. */
export function lossOf(runs: readonly Replicate[]): number {
  const mean = geometricMean(runs.map((run) => (run.baseline === null ? run.loss : lossShare(run))));
  return Number.isFinite(mean) ? mean : Number.MAX_VALUE;
}

function progressOf(runs: readonly Replicate[]): number {
  return average(runs.map(({ progress }) => worth[progress]));
}

/** Runs without a recurrent layer reach as far as any. */
function reaching(runs: readonly Replicate[]): number {
  return average(runs.map(({ reach, diverged }) => (diverged ? 0 : reach ? reachShare(reach) : 1)));
}

function clearing({ judgement, runs }: Ranked): number {
  return runs.length === 0 ? 0 : Math.round((4 * judgement.cleared) / runs.length);
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, v) => sum + v, 0) / values.length;
}

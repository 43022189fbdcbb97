/**
 * The order of the fixes: by verdict, then by what tells best how full training will end.
 *
 * Not by the loss alone: a fix that lowers the learning rate is behind at first and may be ahead in the end. A net whose
 * loss is below its baseline comes before one near it on its way there; where that is clearly so the loss decides, because
 * a net that learns needs no other proof (attention passes a recurrent layer by, whose gradient then need not reach far).
 * Of nets that have not begun to learn, those come first without the finding, then those whose gradient reaches as far as
 * it has to, then those that fall, and only then the loss decides. That a loss far above its baseline falls is no sign of
 * learning: so does that of any net, until it stands at the baseline. Losses are geometric means of shares of the
 * baseline, because one seed that has not begun would hide in an ordinary mean what the others do.
 */

import { verdicts } from "../../protocol/verification.ts";
import { reachShare } from "./findingFigures.ts";
import type { Judgement } from "./judge.ts";
import type { LossProgress } from "./lossProgress.ts";
import { lossShare, type Replicate } from "./replicate.ts";
import { geometricMean } from "./shares.ts";

/** Runs of one length with a fix. */
interface Shown {
  readonly runs: readonly Replicate[];
  /** Pairs of them in which the finding was there and is gone. */
  readonly cleared: number;
}

export interface Ranked {
  readonly judgement: Judgement;
  /** What the judgement is of. */
  readonly runs: readonly Replicate[];
  /** Longer runs that are too few for a verdict: of how training ends they tell more. */
  readonly longer?: Shown;
  /** How many single fixes it is made of. */
  readonly parts: number;
}

/** How much it tells that a net is below its baseline, or will be. */
const learning: { readonly [progress in LossProgress]: number } = { below: 1, arriving: 0.8, falling: 0, standing: 0 };
const falling: { readonly [progress in LossProgress]: number } = { below: 1, arriving: 1, falling: 1, standing: 0 };

/** Share of the baseline below which a net surely learns. */
const learnt = 0.85;

/** Share above which a loss is not near its baseline. */
const far = 1.1;

/** Losses that differ by less than a tenth are alike: fewer edits then come first. */
const alike = 1.1;

export function byRank(a: Ranked, b: Ranked): number {
  return (
    verdicts.indexOf(a.judgement.verdict) - verdicts.indexOf(b.judgement.verdict) ||
    Number(b.runs.length > 0) - Number(a.runs.length > 0) ||
    promise(a, b)
  );
}

/** The same for runs that are too few for a verdict. */
export function promise(a: Ranked, b: Ranked): number {
  const [one, other] = [shownOf(a), shownOf(b)];
  const byLosses = byLoss(one.runs, other.runs, a.parts - b.parts);
  const learns = learningOf(other.runs) - learningOf(one.runs) || learntBy(other.runs) - learntBy(one.runs);
  if (learns !== 0) return learns;
  if (learntBy(one.runs) === 1) return byLosses;
  return (
    clearing(other) - clearing(one) ||
    quarters(other.runs, reaching) - quarters(one.runs, reaching) ||
    quarters(other.runs, (run) => falling[progressOf(run)]) - quarters(one.runs, (run) => falling[progressOf(run)]) ||
    byLosses
  );
}

function shownOf({ judgement: { cleared }, runs, longer }: Ranked): Shown {
  return longer ?? { runs, cleared };
}

/** Whether runs are better than others by more than the difference of their losses that means nothing. */
function byLoss(a: readonly Replicate[], b: readonly Replicate[], edits: number): number {
  const [before, after] = [lossOf(a), lossOf(b)];
  if (edits !== 0 && before <= after * alike && after <= before * alike) return edits;
  return before - after;
}

/** Shares of the baseline where it is known. */
export function lossOf(runs: readonly Replicate[]): number {
  const mean = geometricMean(runs.map((run) => (run.baseline === null ? run.loss : lossShare(run))));
  return Number.isFinite(mean) ? mean : Number.MAX_VALUE;
}

function learningOf(runs: readonly Replicate[]): number {
  return quarters(runs, (run) => learning[progressOf(run)]);
}

/** A fall from far above the baseline is none: nobody knows whether it ends there. */
function progressOf(run: Replicate): LossProgress {
  return run.progress !== "below" && lossShare(run) > far ? "standing" : run.progress;
}

/** 1: every run is below its baseline, and clearly so. */
function learntBy(runs: readonly Replicate[]): 0 | 1 {
  const known = runs.length > 0 && runs.every(({ progress, baseline }) => progress === "below" && baseline !== null);
  return known && lossOf(runs) < learnt ? 1 : 0;
}

/** Runs without a recurrent layer reach as far as any. */
function reaching({ reach, diverged }: Replicate): number {
  return diverged ? 0 : reach ? reachShare(reach) : 1;
}

function clearing({ cleared, runs }: Shown): number {
  return runs.length === 0 ? 0 : Math.round((4 * cleared) / runs.length);
}

/** The mean of shares, to the nearest quarter: smaller differences are those of few seeds. */
function quarters(runs: readonly Replicate[], of: (run: Replicate) => number): number {
  return runs.length === 0 ? 0 : Math.round((4 * runs.reduce((sum, run) => sum + of(run), 0)) / runs.length);
}

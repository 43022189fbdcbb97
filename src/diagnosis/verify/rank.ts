/**
 * The order of the fixes: by verdict, then by what best predicts how full training ends.
 *
 * The loss alone does not decide, because a fix that lowers the learning rate is behind at first and may be ahead in
 * the end. A net whose loss is below its baseline comes before one on its way there. If the loss is clearly below, it
 * decides: a net that learns needs no other proof (attention bypasses a recurrent layer, whose gradient then need not
 * reach far). Among nets that have not begun to learn, those without the finding come first, then those whose gradient
 * reaches as far as it has to, then those whose loss falls, and only then the loss itself decides. A falling loss far
 * above its baseline is no sign of learning: the loss of any net falls until it stands at the baseline. Losses are
 * geometric means of shares of the baseline, because in an ordinary mean one seed that has not begun to learn would
 * hide the others.
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
  /** Pairs in which the finding was present and is gone. */
  readonly cleared: number;
}

export interface Ranked {
  readonly judgement: Judgement;
  /** The runs that the judgement rests on. */
  readonly runs: readonly Replicate[];
  /** Longer runs, too few for a verdict; they predict better how training ends. */
  readonly longer?: Shown;
  /** Number of single fixes it is made of. */
  readonly parts: number;
}

/** Weight of a net's loss being below its baseline, or on its way there. */
const learning: { readonly [progress in LossProgress]: number } = { below: 1, arriving: 0.8, falling: 0, standing: 0 };
const falling: { readonly [progress in LossProgress]: number } = { below: 1, arriving: 1, falling: 1, standing: 0 };

/** Share of the baseline below which a net surely learns. */
const learnt = 0.85;

/** Share above which a loss is not near its baseline. */
const far = 1.1;

/** Losses that differ by less than a tenth count as equal: fewer edits then come first. */
const alike = 1.1;

export function byRank(a: Ranked, b: Ranked): number {
  return (
    verdicts.indexOf(a.judgement.verdict) - verdicts.indexOf(b.judgement.verdict) ||
    Number(b.runs.length > 0) - Number(a.runs.length > 0) ||
    promise(a, b)
  );
}

/** Compares in the same way runs that are too few for a verdict. */
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

/** Compares losses; negligible differences count as equal. */
function byLoss(a: readonly Replicate[], b: readonly Replicate[], edits: number): number {
  const [before, after] = [lossOf(a), lossOf(b)];
  if (edits !== 0 && before <= after * alike && after <= before * alike) return edits;
  return before - after;
}

/** Losses as shares of the baseline, if it is known. */
export function lossOf(runs: readonly Replicate[]): number {
  const mean = geometricMean(runs.map((run) => (run.baseline === null ? run.loss : lossShare(run))));
  return Number.isFinite(mean) ? mean : Number.MAX_VALUE;
}

function learningOf(runs: readonly Replicate[]): number {
  return quarters(runs, (run) => learning[progressOf(run)]);
}

/** Ignores a fall from far above the baseline: nobody knows whether it ends there. */
function progressOf(run: Replicate): LossProgress {
  return run.progress !== "below" && lossShare(run) > far ? "standing" : run.progress;
}

/** 1 if every run is clearly below its baseline, else 0. */
function learntBy(runs: readonly Replicate[]): 0 | 1 {
  const known = runs.length > 0 && runs.every(({ progress, baseline }) => progress === "below" && baseline !== null);
  return known && lossOf(runs) < learnt ? 1 : 0;
}

/** A run without a recurrent layer counts as full reach. */
function reaching({ reach, diverged }: Replicate): number {
  return diverged ? 0 : reach ? reachShare(reach) : 1;
}

function clearing({ cleared, runs }: Shown): number {
  return runs.length === 0 ? 0 : Math.round((4 * cleared) / runs.length);
}

/** The mean of shares, to the nearest quarter: smaller differences are due to the few seeds. */
function quarters(runs: readonly Replicate[], of: (run: Replicate) => number): number {
  return runs.length === 0 ? 0 : Math.round((4 * runs.reduce((sum, run) => sum + of(run), 0)) / runs.length);
}

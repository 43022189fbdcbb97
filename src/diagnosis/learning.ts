/** Whether the loss shows that the net has begun to learn. */

import { median, tail } from "../protocol/history/median.ts";
import type { RunHistory } from "../protocol/history.ts";
import { arrives, lossTrend } from "./lossTrend.ts";
import { perHistory } from "./perHistory.ts";
import { level, standardError } from "./statistics.ts";

/**
 * `short`     too few steps to tell
 * `falling`   not yet better than the trivial baseline, and falling at a pace that leads there
 * `baseline`  no better than the trivial baseline, and standing still (where none is known: not yet halved)
 * `left`      better than the baseline
 * `diverged`  not finite, or far above where it began
 */
export type LearningState = "short" | "falling" | "baseline" | "left" | "diverged";

export interface Learning {
  readonly state: LearningState;
  /** Mean of the newest losses: over five batches, or more if batches are small or the loss stands still. */
  readonly loss: number;
  readonly baseline: number | null;
  /** Steps measured so far. */
  readonly steps: number;
  /** Steps before `short` ends. */
  readonly grace: number;
  /** The loss falls, or rises, by more than its noise explains. */
  readonly direction: "falls" | "rises" | "level";
}

/** Fewest losses that tell learning from the noise of single batches. */
const enough = 20;

/** Fewest batches, and fewest samples in them, that tell the present loss. */
const newest = 5;
const samples = 160;

/**
 * A probe is short by design and can only report what it saw; a training run gets a twentieth of its length to begin.
 */
export function graceSteps(history: RunHistory): number {
  const { kind, plannedSteps, diagnosis } = history.info;
  const { minSteps } = diagnosis.rules["vanishing-through-time"];
  if (kind === "probe") return Math.max(minSteps, enough);
  return Math.max(minSteps, enough, Math.ceil((plannedSteps ?? 0) / 20));
}

/** @param tolerance relative distance from the baseline within which nothing is learnt yet */
export function learningOf(history: RunHistory, tolerance?: number): Learning {
  const { baselineTolerance: usual } = history.info.diagnosis.rules["vanishing-through-time"];
  return tolerance === undefined || tolerance === usual ? usually(history) : learningWithin(history, tolerance);
}

const usually = perHistory((history) =>
  learningWithin(history, history.info.diagnosis.rules["vanishing-through-time"].baselineTolerance),
);

function learningWithin(history: RunHistory, tolerance: number): Learning {
  const losses = history.series("loss") ?? new Float64Array(0);
  const { batchSize, baselineLoss: baseline } = history.info;
  const now = level(tail(losses, batchSize > 0 ? Math.max(newest, Math.ceil(samples / batchSize)) : newest)).mean;
  const grace = graceSteps(history);
  const steps = history.lastStep;
  const trend = lossTrend(history);
  const state = hasDiverged(history, losses)
    ? "diverged"
    : steps < grace || Number.isNaN(now)
      ? "short"
      : stateOf(history, losses, tolerance);
  const loss = state === "baseline" ? level(tail(losses, Math.max(quarterOf(losses), enough))).mean : now;
  return {
    state,
    loss: state === "diverged" ? (losses.at(-1) ?? now) : loss,
    baseline,
    steps,
    grace,
    direction: trend?.falls ? "falls" : trend?.rises ? "rises" : "level",
  };
}

/** The newest loss is not finite, or the newest ones exceed the limit of `loss-diverging`. */
function hasDiverged(history: RunHistory, losses: Float64Array): boolean {
  const last = losses.at(-1);
  if (last === undefined) return false;
  if (!Number.isFinite(last)) return true;
  const { factor, minSteps } = history.info.diagnosis.rules["loss-diverging"];
  const first = losses[0]!;
  if (losses.length < minSteps) return false;
  return median(tail(losses, minSteps)) > factor * Math.max(first, history.info.baselineLoss ?? first);
}

/** Standard errors that a difference must exceed. */
const sure = 3;

function quarterOf(losses: Float64Array): number {
  return Math.max(3, Math.ceil(losses.length / 4));
}

function stateOf(history: RunHistory, losses: Float64Array, tolerance: number): LearningState {
  const { baselineLoss: baseline } = history.info;
  const quarter = quarterOf(losses);
  const limit = baseline === null ? median(losses.subarray(0, 3)) / 2 : baseline * (1 - tolerance);
  // The newest 20 losses show at once that the plateau is left; a quarter of a long run would be slow to show it.
  const noise = level(tail(losses, 2 * quarter)).deviation;
  const left = (values: Float64Array): boolean => below(values, limit, noise);
  const stays = median(tail(losses, newest)) <= Math.max(limit, limit + sure * noise);
  if (stays && (left(tail(losses, Math.max(quarter, enough))) || left(tail(losses, enough)))) return "left";

  const trend = lossTrend(history);
  if (trend?.falls && arrives(history, trend.now, trend.slope, limit)) return "falling";
  const young = losses.length < 2 * enough;
  return young && baseline !== null && surelyAbove(tail(losses, quarter), baseline * (1 + tolerance))
    ? "falling"
    : "baseline";
}

function surelyAbove(values: Float64Array, limit: number): boolean {
  const { mean, error } = level(values);
  return Math.min(median(values) - sure * standardError(values), mean - sure * error) > limit;
}

/**
 * Whether values are surely below a limit, by their median and by their mean. A few bad batches do not move the median.
 * The mean is needed because a baseline is a mean: if losses are small for most samples and large for a few (small
 * batches, rare classes), their median is below the baseline although nothing is learnt.
 * @param noise least standard deviation of a single value: 20 batches may contain no sample of a rare class
 */
function below(values: Float64Array, limit: number, noise: number): boolean {
  const { mean, deviation, count } = level(values);
  const error = Math.max(deviation, noise) / Math.sqrt(count);
  return median(values) + sure * standardError(values) < limit && mean + sure * error < limit;
}

/** Whether the loss shows that the net has begun to learn. */

import type { RunHistory } from "../protocol/history.ts";
import { level, median, standardError, tail } from "./statistics.ts";

/**
 * `short`     too few steps to tell
 * `falling`   still above the trivial baseline, on its way down to it or too young to stand still
 * `baseline`  no better than the trivial baseline (where none is known: standing still, and not yet halved)
 * `left`      better than that
 */
export type LearningState = "short" | "falling" | "baseline" | "left";

export interface Learning {
  readonly state: LearningState;
  /** Mean of the newest losses: over five batches, more where they are small or the loss stands still. */
  readonly loss: number;
  readonly baseline: number | null;
  /** Steps measured so far. */
  readonly steps: number;
  /** Steps before `short` ends. */
  readonly grace: number;
}

/** Losses it takes to tell learning from the noise of single batches. */
const enough = 20;

/** Batches, and samples in them, that tell the loss of now. */
const newest = 5;
const samples = 160;

/** A probe is short by design and can only say what it saw; a training run gets a twentieth of its length to begin. */
export function graceSteps(history: RunHistory): number {
  const { kind, plannedSteps, diagnosis } = history.info;
  const { minSteps } = diagnosis.rules["vanishing-through-time"];
  if (kind === "probe") return Math.max(minSteps, enough);
  return Math.max(minSteps, enough, Math.ceil((plannedSteps ?? 0) / 20));
}

/** @param tolerance relative distance from the baseline within which nothing is learnt yet */
export function learningOf(
  history: RunHistory,
  tolerance = history.info.diagnosis.rules["vanishing-through-time"].baselineTolerance,
): Learning {
  const losses = history.series("loss") ?? new Float64Array(0);
  const { batchSize, baselineLoss: baseline } = history.info;
  const now = level(tail(losses, Math.max(newest, Math.ceil(samples / batchSize)))).mean;
  const grace = graceSteps(history);
  const steps = history.lastStep;
  const state = steps < grace || Number.isNaN(now) ? "short" : stateOf(losses, now, baseline, tolerance);
  const loss = state === "baseline" ? level(tail(losses, Math.max(quarterOf(losses), enough))).mean : now;
  return { state, loss, baseline, steps, grace };
}

/** Standard errors that a difference must exceed. */
const sure = 3;

function quarterOf(losses: Float64Array): number {
  return Math.max(3, Math.ceil(losses.length / 4));
}

function stateOf(losses: Float64Array, now: number, baseline: number | null, tolerance: number): LearningState {
  const quarter = quarterOf(losses);
  const late = tail(losses, quarter);
  const earlier = losses.subarray(Math.max(0, losses.length - 2 * quarter), losses.length - quarter);
  const limit = baseline === null ? median(losses.subarray(0, 3)) / 2 : baseline * (1 - tolerance);
  // The newest show at once that the plateau is left, where a quarter of a long run would be slow to.
  const noise = level(tail(losses, 2 * quarter)).deviation;
  const left = (values: Float64Array): boolean => below(values, limit, limit, noise);
  if (left(tail(losses, Math.max(quarter, enough))) || left(tail(losses, enough))) return "left";

  const falls = below(late, median(earlier) * (1 - tolerance), level(earlier).mean * (1 - tolerance), 0);
  if (baseline === null) return falls ? "left" : "baseline";
  const { mean, error } = level(late);
  const least = Math.min(median(late) - sure * standardError(late), mean - sure * error);
  const above = now > baseline && least > baseline * (1 + tolerance);
  return above && (falls || losses.length < 2 * enough) ? "falling" : "baseline";
}

/**
 * Whether values are surely below a limit, by their median, which a few bad batches do not move, and by their mean: a
 * baseline is a mean, and of losses that are small for most samples and large for a few (small batches, rare classes)
 * the median is below it though nothing is learnt.
 * @param noise standard deviation that a single value has at least: in 20 batches there may be no sample of a rare class
 */
function below(values: Float64Array, medianLimit: number, meanLimit: number, noise: number): boolean {
  const { mean, deviation, count } = level(values);
  const error = Math.max(deviation, noise) / Math.sqrt(count);
  return median(values) + sure * standardError(values) < medianLimit && mean + sure * error < meanLimit;
}

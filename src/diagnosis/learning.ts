/** Whether the loss shows that the net has begun to learn. */

import type { RunHistory } from "../protocol/history.ts";
import { median, standardError, tail } from "./statistics.ts";

/**
 * `short`     too few steps to tell
 * `falling`   still above the trivial baseline, on its way down to it or too young to stand still
 * `baseline`  no better than the trivial baseline (where none is known: standing still, and not yet halved)
 * `left`      better than that
 */
export type LearningState = "short" | "falling" | "baseline" | "left";

export interface Learning {
  readonly state: LearningState;
  /** Median of the newest losses. */
  readonly loss: number;
  readonly baseline: number | null;
  /** Steps measured so far. */
  readonly steps: number;
  /** Steps before `short` ends. */
  readonly grace: number;
}

/** Losses it takes to tell learning from the noise of single batches. */
const enough = 20;

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
  const loss = median(tail(losses, 5));
  const baseline = history.info.baselineLoss;
  const grace = graceSteps(history);
  const steps = history.lastStep;
  const state = steps < grace || Number.isNaN(loss) ? "short" : stateOf(losses, baseline, tolerance);
  return { state, loss, baseline, steps, grace };
}

/** Standard errors that a difference must exceed. */
const sure = 3;

function stateOf(losses: Float64Array, baseline: number | null, tolerance: number): LearningState {
  const quarter = Math.max(3, Math.ceil(losses.length / 4));
  const late = tail(losses, quarter);
  const earlier = losses.subarray(Math.max(0, losses.length - 2 * quarter), losses.length - quarter);
  const limit = baseline === null ? median(losses.subarray(0, 3)) / 2 : baseline * (1 - tolerance);
  // The newest show at once that the plateau is left, where a quarter of a long run would be slow to.
  if (below(tail(losses, Math.max(quarter, enough)), limit) || below(tail(losses, enough), limit)) return "left";

  const falls = below(late, median(earlier) * (1 - tolerance));
  if (baseline === null) return falls ? "left" : "baseline";
  const above = median(late) - sure * standardError(late) > baseline * (1 + tolerance);
  return above && (falls || losses.length < 2 * enough) ? "falling" : "baseline";
}

/** Whether the values' median is surely below a limit. */
function below(values: Float64Array, limit: number): boolean {
  return median(values) + sure * standardError(values) < limit;
}

/** Whether the loss shows that the net has begun to learn. */

import type { RunHistory } from "../protocol/history.ts";
import { earlyAndLate, median, tail } from "./statistics.ts";

/**
 * `short`     too few steps to tell
 * `baseline`  no better than the trivial baseline (where none is known: standing still, and not yet halved)
 * `left`      better than that
 */
export type LearningState = "short" | "baseline" | "left";

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

/** A probe is short by design and can only say what it saw; a training run gets a twentieth of its length to begin. */
export function graceSteps(history: RunHistory): number {
  const { kind, plannedSteps, diagnosis } = history.info;
  const { minSteps } = diagnosis.rules["vanishing-through-time"];
  if (kind === "probe") return Math.max(minSteps, 10);
  return Math.max(minSteps, 20, Math.ceil((plannedSteps ?? 0) / 20));
}

export function learningOf(history: RunHistory): Learning {
  const losses = history.series("loss") ?? new Float64Array(0);
  const { baselineTolerance } = history.info.diagnosis.rules["vanishing-through-time"];
  const loss = median(tail(losses, 5));
  const baseline = history.info.baselineLoss;
  const grace = graceSteps(history);
  const steps = history.lastStep;
  const { late } = earlyAndLate(losses);
  // Both the smoothed and the newest losses have to be there: leaving the plateau must show at once.
  const stays = (limit: number) => late >= limit && loss >= limit;

  let state: LearningState = "left";
  if (steps < grace || Number.isNaN(loss)) state = "short";
  else if (baseline !== null) {
    if (stays(baseline * (1 - baselineTolerance))) state = "baseline";
  } else {
    const quarter = Math.ceil(losses.length / 4);
    const before = median(losses.subarray(quarter, Math.max(quarter * 2, quarter + 3)));
    const start = median(losses.subarray(0, 3));
    if (stays(before * (1 - baselineTolerance)) && late >= start / 2) state = "baseline";
  }
  return { state, loss, baseline, steps, grace };
}

/** How long the runs of a verification may be. */

import type { RunHistory } from "../../protocol/history.ts";
import { median } from "../statistics.ts";

/** Of the budget, what the first run may take, which shows how long all runs will; and milliseconds it always may. */
const trialShare = 0.25;
const leastTrial = 1500;

/** Milliseconds the first run may take; null: as long as it likes. */
export function trialTime(budget: number | null): number | null {
  return budget === null ? null : Math.max(leastTrial, budget * trialShare);
}

/** Steps below which the rules could not tell an arm that heals from one that does not. */
const fewestSteps = 60;

/** What a fix may cost more than the present model, such as a gated layer in place of a simple one. */
const dearer = 1.5;

/**
 * As many steps as all runs can have within the budget, going by how long the first one took.
 * @param whole milliseconds of a run of `steps`.
 */
export function fittingSteps(steps: number, budget: number | null, whole: number, runs: number): number {
  if (budget === null) return steps;
  const needed = whole * dearer * runs;
  if (needed <= budget) return steps;
  return Math.min(steps, Math.max(fewestSteps, Math.floor((steps * budget) / needed)));
}

/**
 * Milliseconds that a run of `steps` takes, going by one that took `elapsed` and may have ended early, because time was
 * up or its loss was no longer finite: a run that a fix keeps alive is not as short.
 */
export function wholeRun(history: RunHistory, elapsed: number, steps: number): number {
  const missing = steps - history.lastStep;
  if (missing <= 0) return elapsed;
  const each = median(history.series("milliseconds") ?? []);
  return elapsed + missing * (Number.isNaN(each) ? elapsed / Math.max(1, history.lastStep) : each);
}

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

/** How many times as long runs are made where short ones do not tell, and the least for which that is worth while. */
const longerTimes = 4;
const leastTimes = 2;

/**
 * Steps of a round of longer runs: four times as many, or all of full training where that is shorter. Null: there is no
 * time for at least twice as many, or for the rest of full training.
 * @param planned steps of full training.
 * @param left milliseconds that it may take; null: no limit.
 * @param each milliseconds of a run of `steps`.
 * @param runs how many are to be made.
 */
export function longerSteps(
  steps: number,
  planned: number,
  left: number | null,
  each: number,
  runs: number,
): number | null {
  const wanted = Math.min(longerTimes * steps, planned);
  const fitting = left === null ? wanted : Math.min(wanted, Math.floor((steps * left) / Math.max(each * runs, 1)));
  return fitting > steps && (fitting >= leastTimes * steps || fitting === planned) ? fitting : null;
}

/** The length of a verification's runs. */

import { median } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";

/**
 * The first run may use this share of the budget, and never less than `leastTrial` milliseconds; its duration predicts
 * the others'.
 */
const trialShare = 0.25;
const leastTrial = 1500;

/** Milliseconds that the first run may take; null without a limit. */
export function trialTime(budget: number | null): number | null {
  return budget === null ? null : Math.max(leastTrial, budget * trialShare);
}

/** Fewest steps with which the rules can tell an arm that helps from one that does not. */
const fewestSteps = 60;

/** Factor by which a fix may cost more than the present model, for example a gated layer instead of a simple one. */
const dearer = 1.5;

/**
 * The most steps that all runs can have within the budget, judging by the duration of the first one.
 * @param whole milliseconds of a run of `steps`.
 */
export function fittingSteps(steps: number, budget: number | null, whole: number, runs: number): number {
  if (budget === null) return steps;
  const needed = whole * dearer * runs;
  if (needed <= budget) return steps;
  return Math.min(steps, Math.max(fewestSteps, Math.floor((steps * budget) / needed)));
}

/**
 * Milliseconds that a run of `steps` takes, judging by one that took `elapsed`. That run may have ended early, because
 * time was up or its loss was not finite; a run that a fix keeps alive takes longer.
 */
export function wholeRun(history: RunHistory, elapsed: number, steps: number): number {
  const missing = steps - history.lastStep;
  if (missing <= 0) return elapsed;
  const each = median(history.series("milliseconds") ?? []);
  return elapsed + missing * (Number.isNaN(each) ? elapsed / Math.max(1, history.lastStep) : each);
}

/** Factor by which runs are lengthened if short ones do not tell, and the least factor that is worth it. */
const longerTimes = 4;
const leastTimes = 2;

/**
 * Steps of a round of longer runs: four times as many, or all of full training if that is shorter. Null if time allows
 * neither twice as many nor the rest of full training.
 * @param planned steps of full training.
 * @param left milliseconds left; null without a limit.
 * @param each milliseconds of a run of `steps`.
 * @param runs number of runs to be made.
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

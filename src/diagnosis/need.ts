/** What is known about how far back a task needs the gradient to reach, and about what its data let a net learn. */

import type { RunHistory } from "../protocol/history.ts";
import type { RunInfo } from "../protocol/run.ts";
import type { Learning } from "./learning.ts";
import { hardlyMoves } from "./movement.ts";

/** Who can state a required lag. An assumed or estimated one is no evidence by itself. */
const states: readonly RunInfo["requiredLagSource"][] = ["config", "program", "task"];

export function lagIsKnown({ info }: RunHistory): boolean {
  return states.includes(info.requiredLagSource);
}

/** Below this confidence the best possible loss counts as unknown. */
const confident = 0.5;

/** Below this confidence a search without a result proves nothing; 0.7 is the highest confidence there is. */
const confidentOfNothing = 0.45;

/** Shares of the baseline closer than this count as equal. */
const tolerance = 0.05;

/**
 * The loss is as low as the data allow, as far as that is known. Not true for a net that has covered less than half of
 * the way from the baseline to the loss of a quick model: the little that the quick model found may be part of more.
 */
export function atBest(history: RunHistory, { loss, baseline }: Learning): boolean {
  const lag = history.info.data?.lag;
  if (!lag || baseline === null || lag.achievable === null || !(lag.explained > 0)) return false;
  if (lag.achievableConfidence < confident) return false;
  return loss <= baseline * (lag.achievable + Math.min(tolerance, (1 - lag.achievable) / 2));
}

/**
 * A quick model finds nothing in the inputs, and neither does the net, although its weights move. As far as that tells,
 * the data allow nothing better than the baseline. A dependence on three or more inputs together would look the same.
 */
export function findsNothing(history: RunHistory, { state, loss, baseline }: Learning): boolean {
  const lag = history.info.data?.lag;
  if (!lag || lag.explained > 0 || lag.achievableConfidence < confidentOfNothing) return false;
  if (state === "left" || baseline === null) return false;
  return loss <= baseline * (1 + tolerance) && !hardlyMoves(history);
}

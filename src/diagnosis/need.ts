/** What is known of how far back a task needs the gradient to reach, and of what its data let a net learn at all. */

import type { RunHistory } from "../protocol/history.ts";
import type { Learning } from "./learning.ts";

/** Whether somebody knows the required lag: the config or the task. An assumed or estimated one is no evidence by itself. */
export function lagIsKnown({ info }: RunHistory): boolean {
  return info.requiredLagSource === "config" || info.requiredLagSource === "task";
}

/** Below this confidence an estimate says nothing. */
const confident = 0.5;

/** Loss that the data allow, as a share of the trivial baseline; null where nothing reliable is known. */
export function achievableShare({ info }: RunHistory): number | null {
  const lag = info.data?.lag;
  return lag && lag.confidence >= confident ? lag.achievable : null;
}

/** Shares of the baseline this close are the same. */
const tolerance = 0.05;

/** The loss is as low as the data allow, as far as that is known. */
export function atBest(history: RunHistory, { loss, baseline }: Learning): boolean {
  const share = achievableShare(history);
  return share !== null && baseline !== null && loss <= baseline * (share + tolerance);
}

/** The best that the data allow is no better than the best constant answer. */
export function nothingToLearn(history: RunHistory): boolean {
  const share = achievableShare(history);
  return share !== null && share > 1 - tolerance;
}

/** What is known of how far back a task needs the gradient to reach, and of what its data let a net learn at all. */

import type { RunHistory } from "../protocol/history.ts";
import type { Learning } from "./learning.ts";
import { median, tail } from "./statistics.ts";

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

/** Weights that move by less than this share of themselves over a whole run cannot have learnt. */
const hardly = 0.1;

/** Steps of a run whose length nobody gave. */
const usualSteps = 1000;

/**
 * How far the kernels move over the whole run at the pace of the newest steps, as a multiple of their norms: the largest
 * of all kernels' ‖Δw‖ / ‖w‖ per step times the steps. NaN where nothing was measured.
 */
export function movementOf(history: RunHistory): number {
  const { info } = history;
  const steps = Math.max(info.plannedSteps ?? 0, history.lastStep, info.kind === "probe" ? usualSteps : 0);
  const ratios = info.layers.flatMap((layer, i) =>
    layer.weights.filter(isKernel).map((weight) => {
      const series = history.series("weightUpdateRatio", i, weight);
      return series ? median(tail(series, 25)) : Number.NaN;
    }),
  );
  const known = ratios.filter((r) => !Number.isNaN(r));
  return known.length === 0 ? Number.NaN : Math.max(...known) * steps;
}

export function hardlyMoves(history: RunHistory): boolean {
  return movementOf(history) < hardly;
}

/** Biases and offsets start at zero, so that any update is large beside them. */
export function isKernel(weight: string): boolean {
  return !/(^|_)(bias|beta|gamma|alpha)(_\d+)?$/.test(weight);
}

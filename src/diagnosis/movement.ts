/** How far a run's updates move the weights. */

import type { RunHistory } from "../protocol/history.ts";
import { median, tail } from "./statistics.ts";

/** Weights that move by less than this share of themselves over a whole run cannot have learnt. */
const hardly = 0.1;

/** Steps of a run whose length nobody gave. */
const usualSteps = 1000;

/** Newest steps that tell the pace of the steps to come. */
const newest = 25;

/**
 * How far the kernels move over the whole run, as a multiple of their norms: the updates ‖Δw‖ / ‖w‖ of the steps taken,
 * and the newest pace for the steps that are left; the largest of all kernels. NaN where nothing was measured.
 */
export function movementOf(history: RunHistory): number {
  const { info, lastStep } = history;
  const steps = Math.max(info.plannedSteps ?? 0, lastStep, info.kind === "probe" ? usualSteps : 0);
  const moved = info.layers.flatMap((layer, i) =>
    layer.weights.filter(isKernel).map((weight) => {
      const known = history.series("weightUpdateRatio", i, weight)?.filter((v) => !Number.isNaN(v));
      if (!known || known.length === 0) return Number.NaN;
      // Older rows are thinned out: their mean stands for all steps taken.
      const mean = known.reduce((sum, v) => sum + v, 0) / known.length;
      return mean * lastStep + median(tail(known, newest)) * (steps - lastStep);
    }),
  );
  const known = moved.filter((m) => !Number.isNaN(m));
  return known.length === 0 ? Number.NaN : Math.max(...known);
}

export function hardlyMoves(history: RunHistory): boolean {
  return movementOf(history) < hardly;
}

/** Biases and offsets start at zero, so that any update is large beside them. */
export function isKernel(weight: string): boolean {
  return !/(^|_)(bias|beta|gamma|alpha)(_\d+)?$/.test(weight);
}

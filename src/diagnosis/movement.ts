/** How far a run's updates move the weights. */

import { known, median, tail } from "../protocol/history/median.ts";
import type { RunHistory } from "../protocol/history.ts";
import { perHistory } from "./perHistory.ts";

/** Weights that move by less than this share of themselves over a whole run cannot have learnt. */
const hardly = 0.1;

/** Length assumed for a run without a known length. */
const usualSteps = 1000;

/** Newest steps that tell the pace of the coming ones. */
export const newest = 25;

/**
 * How far the kernels move over the whole run, as a multiple of their norms; the largest of all kernels. Adds the
 * updates ‖Δw‖ / ‖w‖ of the steps taken and the newest pace for the steps left. NaN if nothing was measured.
 */
export const movementOf = perHistory((history): number => {
  const { info, lastStep } = history;
  const steps = Math.max(info.plannedSteps ?? 0, lastStep, info.kind === "probe" ? usualSteps : 0);
  const moved = kernelUpdates(history).map((ratios) => {
    // Older rows are thinned out, so the mean of the rows stands for all steps taken.
    const mean = ratios.reduce((sum, v) => sum + v, 0) / ratios.length;
    return mean * lastStep + median(tail(ratios, newest)) * (steps - lastStep);
  });
  return moved.length === 0 ? Number.NaN : Math.max(...moved);
});

/** The measured ‖Δw‖ / ‖w‖ of each kernel, in the order of the steps; kernels without any are left out. */
export const kernelUpdates = perHistory((history): readonly Float64Array[] =>
  history.info.layers.flatMap((layer, i) =>
    layer.weights.filter(isKernel).flatMap((weight) => {
      const measured = known(history.series("weightUpdateRatio", i, weight) ?? new Float64Array(0));
      return measured.length > 0 ? [measured] : [];
    }),
  ),
);

export function hardlyMoves(history: RunHistory): boolean {
  return movementOf(history) < hardly;
}

/** False for biases and offsets: they start at zero, so any update is large relative to them. */
export function isKernel(weight: string): boolean {
  return !/(^|_)(bias|beta|gamma|alpha)(_\d+)?$/.test(weight);
}

/** The norm of the kernel that has shrunk most, as a share of its initial norm. */
export function kernelLeft(history: RunHistory): number {
  const shares = history.info.layers.flatMap(({ weights }, i) =>
    weights.filter(isKernel).map((weight) => {
      const norms = history.series("weightNorm", i, weight);
      return (norms?.at(-1) ?? Number.NaN) / (norms?.[0] ?? Number.NaN);
    }),
  );
  return Math.min(...shares.filter((share) => !Number.isNaN(share)));
}

/**
 * `update-ratio`: updates that are very small or very large beside the weights they change.
 *
 * *Information*: healthy and failing nets overlap in it. *Warning* only where no weight can move by a tenth of itself over
 * the whole run and the loss stands still: whatever else is wrong, such a net cannot learn; and where updates are very
 * large at a rate far above the optimizer's usual one while nothing is learnt. Judged at the median of the newest steps, for
 * kernels only (biases and offsets start at zero, so any update is large beside them), and not "too small" once the net
 * has learnt: that is how training ends. One finding for the model, named after the kernel that is farthest off.
 */

import type { RunHistory } from "../../protocol/history.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { present } from "../fixes/layerFixes.ts";
import { adaptiveFix, isWildRate, rateFix } from "../fixes/trainingFixes.ts";
import { type Learning, learningOf } from "../learning.ts";
import { atBest, hardlyMoves, isKernel, movementOf } from "../need.ts";
import { median, tail } from "../statistics.ts";
import { count, formatNumber } from "../text/numbers.ts";
import { evidence, findingId, firstStep, type Rule } from "./rule.ts";

/** What is usual: a thousandth of the weight per step. */
const usual = 1e-3;

interface Ratio {
  readonly layer: LayerInfo;
  readonly weight: string;
  readonly ratio: number;
  readonly series: Float64Array;
  /** Factor beyond its limit, above 1. */
  readonly excess: number;
}

export const updateRatio: Rule = (history, model) => {
  const { enabled, low, high, minSteps } = history.info.diagnosis.rules["update-ratio"];
  const learning = learningOf(history);
  if (!enabled || learning.state === "short" || atBest(history, learning)) return [];
  const all = ratiosOf(history, minSteps);
  // Where no weight gets anywhere over the whole run, all of them are too small.
  const least = hardlyMoves(history) ? Math.max(low, ...all.map(({ ratio }) => 2 * ratio)) : low;
  const outside = all.flatMap((r): Ratio[] => {
    const excess = r.ratio > high ? r.ratio / high : r.ratio < least && learning.state !== "left" ? least / r.ratio : 0;
    return excess > 1 ? [{ ...r, excess }] : [];
  });
  const worst = outside.sort((a, b) => b.excess - a.excess)[0];
  if (!worst) return [];
  const small = worst.ratio < least;
  // Steps that rewrite the weights, at a rate that nobody uses: nothing else that is seen tells of the net itself.
  const wild = !small && isWildRate(model) && (learning.state === "baseline" || learning.state === "diverged");
  const stuck = small && learning.state === "baseline" && hardlyMoves(history);
  const alike = outside.filter((r) => r.ratio < least === small);
  const { optimizer } = model.training;
  return [
    {
      id: findingId("update-ratio", model.name, worst.layer.name),
      code: "update-ratio",
      severity: stuck || wild ? "warning" : "information",
      model: model.name,
      layer: worst.layer.name,
      weight: worst.weight,
      place: [...model.trainingPath, "optimizer", "learningRate"],
      timesteps: null,
      step: firstStep(history, worst.series, (v) => (small ? v < least : v > high)),
      message: `updates of ${worst.weight} of ${worst.layer.name} are ${small ? "very small" : "very large"}: ${formatNumber(worst.ratio)} of the weight per step`,
      explanation:
        `‖Δw‖ / ‖w‖ is outside ${formatNumber(low)} to ${formatNumber(high)} for ${alike.length} of ${count(all.length, "kernel")}: ` +
        `${alike.map((r) => `${r.layer.name}/${r.weight} ${formatNumber(r.ratio)}`).join(", ")}. About ${formatNumber(usual)} is usual. ${meaning(small, learning)}`,
      evidence: evidence({
        updateRatio: worst.ratio,
        low,
        high,
        weights: alike.length,
        movement: movementOf(history),
        learningRate: optimizer.learningRate,
      }),
      fixes: present([
        rateFix(model, worst.ratio === 0 ? Number.NaN : usual / worst.ratio),
        small ? adaptiveFix(model) : undefined,
      ]),
    },
  ];
};

function meaning(small: boolean, learning: Learning): string {
  if (small) return "At this pace the weights hardly move over a whole run.";
  return learning.state === "left"
    ? "The net learns all the same."
    : "Each step rewrites a good part of what the weights had learnt.";
}

function ratiosOf(history: RunHistory, minSteps: number): readonly Omit<Ratio, "excess">[] {
  return history.info.layers.flatMap((layer, i) =>
    layer.weights.filter(isKernel).flatMap((weight) => {
      const series = history.series("weightUpdateRatio", i, weight);
      const ratio = series ? median(tail(series, minSteps)) : Number.NaN;
      return series && !Number.isNaN(ratio) ? [{ layer, weight, ratio, series }] : [];
    }),
  );
}

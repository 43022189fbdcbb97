/**
 * `update-ratio`: updates that are very small or very large compared with the weights they change.
 *
 * *Information*, because healthy and failing nets overlap in it. *Warning* in two cases only. First, no weight can move
 * by a tenth of itself over the whole run and the loss stands still: such a net cannot learn, whatever else is wrong.
 * Second, updates are very large at a rate far above the optimizer's usual one while nothing is learnt.
 *
 * Judged at the median of the newest steps, for kernels only (biases and offsets start at zero, so any update is large
 * relative to them), and not "too small" once the net has learnt, because training ends like that. One finding for the
 * model, named after the kernel that is farthest off.
 */

import { gradientWords } from "../../messages/gradientFindings.ts";
import { known, median, tail } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { present } from "../fixes/fix.ts";
import { adaptiveFix, rateFix } from "../fixes/trainingFixes.ts";
import { type Learning, learningOf } from "../learning.ts";
import { hardlyMoves, isKernel, movementOf } from "../movement.ts";
import { atBest, findsNothing } from "../need.ts";
import { perHistory } from "../perHistory.ts";
import { evidence, findingId, firstStep, type Rule } from "../rule.ts";

/** Usual update: a thousandth of the weight per step. */
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
  // If no weight gets anywhere over the whole run, a tenth of the usual pace is too small; the usual pace only needs
  // more steps.
  const least = hardlyMoves(history) ? Math.max(low, usual / 10) : low;
  const outside = all.flatMap((r): Ratio[] => {
    const excess = r.ratio > high ? r.ratio / high : r.ratio < least && learning.state !== "left" ? least / r.ratio : 0;
    return excess > 1 ? [{ ...r, excess }] : [];
  });
  const worst = outside.sort((a, b) => b.excess - a.excess)[0];
  if (!worst) return [];
  const small = worst.ratio < least;
  // Steps that rewrite the weights at a rate that nobody uses: no other observation then says anything about the net
  // itself.
  const wild = !small && model.wildRate && (learning.state === "baseline" || learning.state === "diverged");
  const stuck = small && learning.state === "baseline" && hardlyMoves(history);
  // A rate that rewrites the weights hides whatever there is to learn; other rates do not matter if nothing is found.
  if (!wild && findsNothing(history, learning)) return [];
  const alike = outside.filter((r) => r.ratio < least === small);
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
      message: gradientWords().updateSize({
        weight: worst.weight,
        name: worst.layer.name,
        small,
        ratio: formatNumber(worst.ratio),
      }),
      explanation: gradientWords().updateRatios({
        relation: small ? gradientWords().below(formatNumber(least)) : gradientWords().above(formatNumber(high)),
        alike: alike.length,
        all: all.length,
        each: alike.map((r) => `${r.layer.name}/${r.weight} ${formatNumber(r.ratio)}`).join(", "),
        usual: formatNumber(usual),
        meaning: meaning(small, learning, movementOf(history)),
      }),
      evidence: evidence({
        updateRatio: worst.ratio,
        low: least,
        high,
        weights: alike.length,
        movement: movementOf(history),
        learningRate: model.learningRate,
      }),
      fixes: (config) =>
        present([
          rateFix(config, worst.ratio === 0 ? Number.NaN : usual / worst.ratio),
          small ? adaptiveFix(config) : undefined,
        ]),
    },
  ];
};

function meaning(small: boolean, learning: Learning, movement: number): string {
  if (small) return gradientWords().noneMoves(formatPercent(movement));
  return learning.state === "left" ? gradientWords().learns : gradientWords().rewrites;
}

function ratiosOf(history: RunHistory, minSteps: number): readonly Omit<Ratio, "excess">[] {
  return history.info.layers.flatMap((layer, i) =>
    layer.weights
      .filter((weight) => isKernel(weight) && isUsed(layer, weight))
      .flatMap((weight) => {
        const series = atBaseRate(history, history.series("weightUpdateRatio", i, weight));
        const ratio = series ? median(tail(known(series), minSteps)) : Number.NaN;
        return series && !Number.isNaN(ratio) ? [{ layer, weight, ratio, series }] : [];
      }),
  );
}

/** False for a recurrent kernel in a sequence of one timestep. */
function isUsed({ recurrent }: LayerInfo, weight: string): boolean {
  return !(recurrent && recurrent.timesteps < 2 && weight.startsWith("recurrent_kernel"));
}

/** The updates without the schedule, which makes them small on purpose at a run's end and in a warm-up. */
function atBaseRate(history: RunHistory, ratios: Float64Array | undefined): Float64Array | undefined {
  const factors = rateFactors(history);
  if (!ratios || !factors) return ratios;
  const series = new Float64Array(ratios.length);
  for (let i = 0; i < series.length; i++) series[i] = ratios[i]! * factors[i]!;
  return series;
}

/** By what each step's update would be larger at the largest rate of the run; null if all rates are the same. */
const rateFactors = perHistory((history): Float64Array | null => {
  const rates = history.series("learningRate");
  if (!rates) return null;
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < rates.length; i++) {
    most = Math.max(most, rates[i]! || 0);
    least = Math.min(least, rates[i]! || 0);
  }
  return least === most ? null : rates.map((rate) => (rate > 0 ? most / rate : 1));
});

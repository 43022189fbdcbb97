/**
 * `vanishing-through-time`: the gradient does not reach as far back as the task needs.
 *
 * Fires when the median horizon of the newest steps is below the required lag. It is *information* while that need not
 * mean anything: too few steps, a loss still on its way down to the baseline, a horizon that is growing at a pace that
 * leads anywhere (nets that go on to learn grow it to T − 1 before the loss leaves its plateau), a loss that has left the baseline, or another
 * recurrent layer that carries the gradient all the way. Otherwise it is a *warning*. Where truncation is what stops the
 * gradient, it says so, and waits for no growth.
 *
 * A probe sees but the first steps, in which nets that learn lose some of their reach, too, and how many it sees depends
 * on the machine. It warns only where the horizon was and is under a quarter of the required lag, where growth at a pace
 * that would count is ruled out by more than noise, and after the more steps the nearer to a quarter it is. A gradient
 * beyond float32's range waits for `minSteps` only: what is exactly zero in ordinary training cannot teach those
 * timesteps anything.
 */

import type { ConfigPath, ResolvedModel } from "../../config/resolved.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { stateGradientText } from "../../protocol/stateText.ts";
import { carriedBy } from "../carriers.ts";
import { attentionFix } from "../fixes/insertFixes.ts";
import {
  chronoFix,
  forgetBiasFix,
  identityReluFix,
  isGated,
  isLstm,
  isSimple,
  orthogonalFix,
  present,
  steeperActivationFix,
  swapFix,
} from "../fixes/layerFixes.ts";
import { gradientNormFix, untruncateFix } from "../fixes/trainingFixes.ts";
import { type Trend, trendOf } from "../horizonTrend.ts";
import {
  isSigmoid,
  keepsNorm,
  type LayerSource,
  layerSource,
  nameOf,
  recurrentInitializer,
  typePlace,
  written,
} from "../layerSource.ts";
import { type Learning, learningOf } from "../learning.ts";
import { horizonSeries, type Reach, reachOf } from "../reach.ts";
import { enteringText } from "../text/enteringText.ts";
import { count, formatDecades, formatNumber } from "../text/numbers.ts";
import { reachText } from "../text/reachText.ts";
import { evidence, findingId, type Rule } from "./rule.ts";

export const vanishingThroughTime: Rule = (history, model) => {
  const rule = history.info.diagnosis.rules["vanishing-through-time"];
  if (!rule.enabled || history.lastStep === 0) return [];
  const learning = learningOf(history);
  const reaches = history.info.layers.map((_, i) => reachOf(history, i));

  return history.info.layers.flatMap((layer, i): Finding[] => {
    const reach = reaches[i];
    if (!reach || reach.horizon >= reach.required) return [];
    const horizons = horizonSeries(history, i);
    const cut = cutOf(model, reach);
    const trend = trendOf(history, i, horizons, reach, cut);
    const carried = carriedBy(history, model, i, reaches);
    const verdict = judge(history, reach, learning, trend, carried, cut);
    const source = layerSource(model, layer.path, layer.type);
    const first = horizons.findIndex((h) => h < reach.required);
    return [
      {
        id: findingId("vanishing-through-time", model.name, layer.name),
        code: "vanishing-through-time",
        severity: verdict.warning ? "warning" : "information",
        model: model.name,
        layer: layer.name,
        weight: null,
        place: cut === null ? placeOf(source) : [...model.trainingPath, "truncate"],
        // Reached are timesteps last, last − 1, …, last − horizon; what lies before gets less than ε.
        timesteps: [1, reach.last - reach.horizon - 1],
        step: history.steps[Math.max(0, first)] ?? 1,
        message: reachText(reach, layer.recurrent?.reversed ?? false),
        explanation: `${measured(history, i, layer, reach, trend)} ${verdict.because}`,
        evidence: evidence({
          horizon: reach.horizon,
          requiredLag: reach.required,
          horizonEarlier: trend.early,
          horizonLately: trend.late,
          gainPerTimestep: reach.gain,
          survivalDecades: reach.survival,
          epsilon: rule.epsilon,
          loss: learning.loss,
          baselineLoss: learning.baseline,
          steps: learning.steps,
        }),
        fixes: present([
          untruncateFix(model, reach.required),
          steeperActivationFix(source),
          orthogonalFix(source),
          chronoFix(source, reach.required),
          forgetBiasFix(source),
          swapFix(source, "lstm", reach.required),
          source.type === "simpleRNN" ? swapFix(source, "gru", reach.required) : undefined,
          identityReluFix(source, model),
          isSimple(source) ? gradientNormFix(model) : undefined,
          attentionFix(model, source),
        ]),
      },
    ];
  });
};

/** The value that makes the gradient shrink: a written initializer, unless it keeps norms and the activation is to blame. */
function placeOf(source: LayerSource): ConfigPath {
  const initializer = written(source, "recurrentInitializer");
  const activation = written(source, "activation");
  const squashes = isSimple(source) && isSigmoid(nameOf(source, "activation"));
  if (initializer && !(squashes && keepsNorm(recurrentInitializer(source)))) return initializer;
  const bias = isGated(source) ? written(source, "biasInitializer") : undefined;
  if (bias && nameOf(source, "biasInitializer") !== "chrono") return bias;
  if (isLstm(source) && source.args["unitForgetBias"] === false) return [...source.path, "unitForgetBias"];
  return activation ?? typePlace(source);
}

/** After how many timesteps truncation stops a gradient that gets so far; null where it does not. */
function cutOf({ training: { truncate } }: ResolvedModel, { horizon, required }: Reach): number | null {
  return truncate !== null && truncate <= required && horizon >= truncate - 1 ? truncate : null;
}

/** log₁₀ of the smallest positive float32, 2⁻¹⁴⁹. */
const float32Floor = -149 * Math.log10(2);

/** Share of the required lag from which on a probe is too short to rule out that the rest is learnt. */
const hopeful = 0.25;

/** The nearer to hopeful, the more steps it takes: once `grace` for a gradient that is lost at once, to six times. */
function needed(share: number, grace: number): number {
  return grace * (1 + (5 * share) / hopeful);
}

function judge(
  history: RunHistory,
  reach: Reach,
  learning: Learning,
  trend: Trend,
  carried: string | undefined,
  cut: number | null,
): { readonly warning: boolean; readonly because: string } {
  const calm = (because: string) => ({ warning: false, because });
  const probe = history.info.kind === "probe";
  const { minSteps } = history.info.diagnosis.rules["vanishing-through-time"];
  const underflows = cut === null && reach.survival < float32Floor && learning.steps >= minSteps;
  if (learning.state === "short" && !underflows)
    return calm(
      `After ${count(learning.steps, "step")} this is the state at initialisation; many nets start so and still learn (the verdict waits for ${learning.grace} steps).`,
    );
  if (learning.state === "left")
    return calm(`The loss, ${formatNumber(learning.loss)}, has left the baseline: the net learns all the same.`);
  // What the config cuts is not learnt back, however long the run; whether a lag that is not known is needed, the loss tells.
  const certain = cut !== null && history.info.requiredLagSource !== "sequence-length";
  if (carried) return calm(`${carried}, so this need not hinder learning.`);
  if (trend.growing) return calm("The horizon is growing; nets that learn grow it before their loss falls.");
  if (learning.state === "falling" && !underflows)
    return calm(
      `The loss, ${formatNumber(learning.loss)}, is still on its way down to the baseline, ${formatNumber(learning.baseline ?? Number.NaN)}: too early to tell.`,
    );
  const share = Math.max(reach.horizon, trend.early) / reach.required;
  if (
    probe &&
    !underflows &&
    !certain &&
    (share >= hopeful || trend.mayGrow || learning.steps < needed(share, learning.grace))
  )
    return calm(
      `Over the ${count(learning.steps, "step")} of the probe the horizon did not grow; a training run will tell whether it does.`,
    );
  const why = [
    cut === null
      ? `The horizon is ${trend.crawling ? "growing too slowly to get there" : "not growing"}, and after`
      : `The config cuts the gradient every ${count(cut, "timestep")}: it cannot get any farther. After`,
    `${count(learning.steps, "step")} ${lossText(learning)}.`,
    underflows && reach.survival > Number.NEGATIVE_INFINITY
      ? "Timestep 1 is beyond the range of float32: in ordinary training its gradient is exactly zero."
      : "",
  ];
  return { warning: true, because: why.filter((s) => s !== "").join(" ") };
}

function lossText({ loss, baseline }: Learning): string {
  return baseline === null
    ? `the loss stands still at ${formatNumber(loss)}`
    : `the loss, ${formatNumber(loss)}, is no better than the trivial baseline, ${formatNumber(baseline)}`;
}

function measured(history: RunHistory, i: number, layer: LayerInfo, reach: Reach, trend: Trend): string {
  const { info } = history;
  const { epsilon } = info.diagnosis.rules["vanishing-through-time"];
  const percent = `${formatNumber(epsilon * 100)} %`;
  const region = reach.last - reach.horizon - 1;
  const sources = {
    config: "as the config says",
    task: "as the task is known to",
    estimated: "estimated from the data",
    "sequence-length": "the whole sequence",
  };
  const need = info.requiredLagSource ? `, ${sources[info.requiredLagSource]}` : "";
  const attenuation = history.latest("attenuation", i, reach.state) ?? Number.NaN;
  const first =
    reach.survival === Number.NEGATIVE_INFINITY ? "exactly nothing" : `${formatDecades(reach.survival)} decades`;
  const direction = layer.recurrent?.reversed
    ? " The layer reads backward: its timestep 1 is the sequence's last position."
    : "";
  return (
    `At least ${percent} of the gradient ${stateGradientText(reach.state)} of timestep ${reach.last} survives ${count(reach.horizon, "timestep")} back; ` +
    `the task needs ${reach.required}${need}. Timesteps 1 to ${region} get less, timestep 1 ${first}. ` +
    `Median horizon so far: ${trend.early}, then ${trend.late}.${enteringText(attenuation, reach.survival)}${direction}`
  );
}

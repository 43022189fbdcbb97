/**
 * `vanishing-through-time`: the gradient does not reach as far back as the task needs.
 *
 * Fires if the median horizon of the newest steps is below the required lag; `vanishingVerdict` decides how grave that
 * is.
 */

import { isSigmoid } from "../../config/activations.ts";
import { isGated, isLstm, isSimple } from "../../config/layerKinds.ts";
import type { JsonPath } from "../../config/resolved.ts";
import { dataWords } from "../../messages/dataTexts.ts";
import { gradientWords } from "../../messages/gradientFindings.ts";
import { verdictWords } from "../../messages/verdicts.ts";
import { horizonSeries, type Reach, reachOf, recent } from "../../protocol/history/reach.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatDecades, formatNumber } from "../../protocol/numberText.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { stateGradientText } from "../../protocol/stateText.ts";
import { carriedBy } from "../carriers.ts";
import { present } from "../fixes/fix.ts";
import { attentionFix } from "../fixes/insertFixes.ts";
import { lagFix } from "../fixes/lagFix.ts";
import {
  chronoFix,
  forgetBiasFix,
  identityReluFix,
  orthogonalFix,
  steeperActivationFix,
  swapFix,
} from "../fixes/layerFixes.ts";
import { gradientNormFix, untruncateFix } from "../fixes/trainingFixes.ts";
import { type Trend, trendOf } from "../horizonTrend.ts";
import {
  keepsNorm,
  type LayerSource,
  layerSource,
  nameOf,
  recurrentInitializer,
  typePlace,
  written,
} from "../layerSource.ts";
import { learningOf } from "../learning.ts";
import { evidence, type Found, findingId, type Rule } from "../rule.ts";
import { lagSourceText } from "../text/lagText.ts";
import { enteringText, reachText } from "../text/throughTimeText.ts";
import { cutOf, vanishingVerdict } from "./vanishingVerdict.ts";

export const vanishingThroughTime: Rule = (history, model) => {
  const rule = history.info.diagnosis.rules["vanishing-through-time"];
  if (!rule.enabled || history.lastStep === 0) return [];
  const learning = learningOf(history);
  const reaches = history.info.layers.map((_, i) => reachOf(history, i));

  return history.info.layers.flatMap((layer, i): Found[] => {
    const reach = reaches[i];
    if (!reach || reach.horizon >= reach.required) return [];
    const horizons = horizonSeries(history, i);
    const cut = cutOf(model.truncate, reach);
    const trend = trendOf(history, i, horizons, reach, cut);
    const carried = carriedBy(history, model, i, reaches);
    const verdict = vanishingVerdict({ history, reach, learning, trend, carried, cut });
    if (verdict === null) return [];
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
        // Timesteps last, last − 1, …, last − horizon are reached; earlier ones get less than ε.
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
        fixes: (config) =>
          present([
            untruncateFix(config, reach.required),
            steeperActivationFix(source),
            orthogonalFix(source),
            chronoFix(source, reach.required),
            forgetBiasFix(source),
            swapFix(source, "lstm", reach.required),
            source.type === "simpleRNN" ? swapFix(source, "gru", reach.required) : undefined,
            identityReluFix(source, config),
            isSimple(source) ? gradientNormFix(config) : undefined,
            attentionFix(config, source),
            lagFix(history, config, reach.horizon),
          ]),
      },
    ];
  });
};

/**
 * The value that makes the gradient shrink: a written initializer, unless it keeps norms and the activation is to
 * blame.
 */
function placeOf(source: LayerSource): JsonPath {
  const initializer = written(source, "recurrentInitializer");
  const activation = written(source, "activation");
  const squashes = isSimple(source) && isSigmoid(nameOf(source, "activation"));
  if (initializer && !(squashes && keepsNorm(recurrentInitializer(source)))) return initializer;
  const bias = isGated(source) ? written(source, "biasInitializer") : undefined;
  if (bias && nameOf(source, "biasInitializer") !== "chrono") return bias;
  if (isLstm(source) && source.args["unitForgetBias"] === false) return [...source.path, "unitForgetBias"];
  return activation ?? typePlace(source);
}

function measured(history: RunHistory, i: number, layer: LayerInfo, reach: Reach, trend: Trend): string {
  const { info } = history;
  const { epsilon } = info.diagnosis.rules["vanishing-through-time"];
  const percent = `${formatNumber(epsilon * 100)} %`;
  const region = reach.last - reach.horizon - 1;
  const need = gradientWords().needSource(lagSourceText(info) ?? dataWords().assumed(dataWords().nothingStates));
  const attenuation = recent(history, "attenuation", i, reach.state);
  const first =
    reach.survival === Number.NEGATIVE_INFINITY
      ? gradientWords().exactlyNothing
      : verdictWords().shortDecades(formatDecades(reach.survival));
  const direction = layer.recurrent?.reversed ? gradientWords().readsBackward : "";
  return gradientWords().vanishing({
    percent,
    stateGradient: stateGradientText(reach.state),
    last: reach.last,
    horizon: reach.horizon,
    required: reach.required,
    need,
    region,
    first,
    early: trend.early,
    late: trend.late,
    entering: enteringText(attenuation, reach.survival),
    direction,
  });
}

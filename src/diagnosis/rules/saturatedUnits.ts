/**
 * `saturated-units`: most outputs of a layer are at the ends of its activation's range.
 *
 * Within 1 % of an end the slope of tanh is below 0.04, and a sigmoid's below 0.01, a twenty-fifth of its greatest:
 * next to no gradient passes. The model's output layer is skipped once the net learns, because confident answers look
 * like this.
 */

import type { JsonPath } from "../../config/resolved.ts";
import { gradientWords } from "../../messages/gradientFindings.ts";
import { known, median, tail } from "../../protocol/history/median.ts";
import { formatPercent } from "../../protocol/numberText.ts";
import { saturatedFixes } from "../fixes/unitFixes.ts";
import { type LayerSource, largeBias, layerSource, typePlace, written } from "../layerSource.ts";
import { learningOf } from "../learning.ts";
import { gate } from "../reasonToWorry.ts";
import { evidence, type Found, findingId, firstStep, type Rule } from "../rule.ts";
import { earlyAndLate } from "../statistics.ts";

export const saturatedUnits: Rule = (history, model) => {
  const { enabled, share: limit, minSteps } = history.info.diagnosis.rules["saturated-units"];
  if (!enabled || history.steps.length < minSteps) return [];
  const learning = learningOf(history);
  const outputs = model.layers.filter(({ name }) => model.outputs.includes(name)).map(({ path }) => path);
  return history.info.layers.flatMap((layer, i): Found[] => {
    const series = history.series("activationSaturated", i);
    const share = series ? median(tail(known(series), minSteps)) : Number.NaN;
    if (!series || !(share > limit)) return [];
    if (learning.state === "left" && outputs.some((path) => path.every((key, k) => layer.path[k] === key))) return [];
    const { early, late } = earlyAndLate(known(series));
    const verdict = gate(learning);
    const mending = verdict.warning && late < early * 0.9;
    const source = layerSource(model, layer.path, layer.type);
    return [
      {
        id: findingId("saturated-units", model.name, layer.name),
        code: "saturated-units",
        severity: verdict.warning && !mending ? "warning" : "information",
        model: model.name,
        layer: layer.name,
        weight: null,
        place: placeOf(source),
        timesteps: null,
        step: firstStep(history, series, (v) => v > limit),
        message: gradientWords().saturatedUnits({ share: formatPercent(share), name: layer.name }),
        explanation: gradientWords().saturatedUnitsWhy({
          limit: formatPercent(limit),
          because: mending ? gradientWords().saturationRecovers : verdict.because,
        }),
        evidence: evidence({
          share,
          limit,
          loss: learning.loss,
          baselineLoss: learning.baseline,
          steps: learning.steps,
        }),
        fixes: (config) => saturatedFixes(config, source, layer, history.info.data?.inputs.overall ?? null),
      },
    ];
  });
};

/** What drives the units to their flat ends, if it is written: the biases, or the weights. */
function placeOf(source: LayerSource): JsonPath {
  const bias = largeBias(source) ? written(source, "biasInitializer") : undefined;
  return bias ?? written(source, "kernelInitializer") ?? written(source, "activation") ?? typePlace(source);
}

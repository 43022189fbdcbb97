/**
 * `saturated-gates`: a gate that is shut (below 0.1), or stuck at both ends at once, for most of its units and
 * timesteps.
 *
 * An open gate is no fault: an open forget (GRU: update) gate carries the gradient. Neither is a shut input gate beside
 * an open forget gate: such a cell is a slow integrator, as chrono initialization intends. At both ends (a tenth of the
 * values at each, or more) a gate is a switch without a slope, and does not learn.
 */

import type { JsonPath } from "../../config/resolved.ts";
import { gradientWords } from "../../messages/gradientFindings.ts";
import { listWords } from "../../messages/lists.ts";
import type { Channel } from "../../protocol/frame.ts";
import { median } from "../../protocol/history/median.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatPercent } from "../../protocol/numberText.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { gateFixes } from "../fixes/unitFixes.ts";
import { type LayerSource, layerSource, typePlace, written } from "../layerSource.ts";
import { learningOf } from "../learning.ts";
import { gate as verdictOf } from "../reasonToWorry.ts";
import { evidence, type Found, findingId, type Rule } from "../rule.ts";

interface Saturation {
  readonly gate: string;
  /** Shares of its values, over units, samples and timesteps. */
  readonly low: number;
  readonly high: number;
  /** The share that counts as saturated. */
  readonly share: number;
}

/** Share at each end from which a gate is stuck at both. */
const bothEnds = 0.1;

export const saturatedGates: Rule = (history, model) => {
  const { enabled, share: limit, minSteps } = history.info.diagnosis.rules["saturated-gates"];
  if (!enabled || history.steps.length < minSteps) return [];
  const learning = learningOf(history);
  const verdict = verdictOf(learning);
  return history.info.layers.flatMap((layer, i): Found[] => {
    const saturated = saturationsOf(history, i, layer, minSteps)
      .filter((s) => s.share > limit)
      .sort((a, b) => b.share - a.share);
    const worst = saturated[0];
    if (!worst) return [];
    const source = layerSource(model, layer.path, layer.type);
    return [
      {
        id: findingId("saturated-gates", model.name, layer.name),
        code: "saturated-gates",
        severity: verdict.warning ? "warning" : "information",
        model: model.name,
        layer: layer.name,
        weight: null,
        place: placeOf(source),
        timesteps: null,
        step: history.lastStep,
        message: messageOf(worst),
        explanation: gradientWords().saturatedGates({
          saturated: saturated.map(explain).join(" "),
          limit: formatPercent(limit),
          because: verdict.because,
        }),
        evidence: evidence({
          ...Object.fromEntries(
            saturated.flatMap((s) => [
              [`${s.gate}Low`, s.low],
              [`${s.gate}High`, s.high],
            ]),
          ),
          limit,
          loss: learning.loss,
          baselineLoss: learning.baseline,
          steps: learning.steps,
        }),
        fixes: (config) => gateFixes(config, source),
      },
    ];
  });
};

function saturationsOf(history: RunHistory, index: number, layer: LayerInfo, minSteps: number): readonly Saturation[] {
  const gates = layer.recurrent?.gates.filter((gate) => gate in effects) ?? [];
  const shares = gates.flatMap((gate) => {
    const low = shareOf(history, index, `gate.${gate}.low`, minSteps);
    const high = shareOf(history, index, `gate.${gate}.high`, minSteps);
    return Number.isNaN(low) || Number.isNaN(high) ? [] : [{ gate, low, high }];
  });
  const remembers = shares.some((s) => s.gate === "forget" && s.high > 0.5);
  return shares
    .filter((s) => !(s.gate === "input" && remembers))
    .map((s) => ({ ...s, share: Math.min(s.low, s.high) >= bothEnds ? s.low + s.high : s.low }));
}

/**
 * Mean over the timesteps, at the median of the newest columns of the heat map or at the newest step, whichever is
 * less: in a long run a column holds the largest of several steps.
 */
function shareOf(history: RunHistory, layer: number, channel: Channel, minSteps: number): number {
  const map = history.map(layer, channel);
  const newest = history.profile(layer, channel);
  if (!map || !newest) return Number.NaN;
  const columns = Array.from({ length: Math.min(minSteps, map.columns) }, (_, back) => {
    const start = (map.columns - 1 - back) * map.timesteps;
    return mean(map.values.subarray(start, start + map.timesteps));
  });
  return Math.min(median(columns), mean(newest));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}

function messageOf({ gate, low, share }: Saturation): string {
  return share > low
    ? gradientWords().gateStuck({ gate, share: formatPercent(share) })
    : gradientWords().gateShut({ gate, low: formatPercent(low) });
}

/**
 * The effect of each shut gate. The gates of an external memory address it and are usually shut, so they are not
 * listed.
 */
const effects: { readonly [gate: string]: () => string } = {
  forget: () => gradientWords().forgetShut,
  update: () => gradientWords().updateShut,
  output: () => gradientWords().outputShut,
  input: () => gradientWords().inputShut,
  reset: () => gradientWords().resetShut,
};

function explain({ gate, low, high, share }: Saturation): string {
  const values = gradientWords().gateValues({ low: formatPercent(low), gate, high: formatPercent(high) });
  return share > low
    ? gradientWords().gateSwitches(values)
    : listWords().sentence(listWords().named({ name: values, text: effects[gate]?.() ?? "" }));
}

/** The value that the gates start from or are made of. */
function placeOf(source: LayerSource): JsonPath {
  const keys = [
    "biasInitializer",
    "unitForgetBias",
    "recurrentInitializer",
    "kernelInitializer",
    "recurrentActivation",
  ];
  return keys.map((key) => written(source, key)).find((path) => path !== undefined) ?? typePlace(source);
}

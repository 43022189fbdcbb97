/** Edits against dead units, saturated units and saturated gates. */

import type { ConfigEdit } from "../../config/edit.ts";
import { factsOf } from "../../config/layerCatalogue.ts";
import { isGated, isLstm } from "../../config/layerKinds.ts";
import type { JsonValue, ResolvedModel } from "../../config/resolved.ts";
import { ownArgumentsOf } from "../../config/schema/layers/index.ts";
import { fixWords } from "../../messages/fixes.ts";
import type { ColumnFacts } from "../../protocol/dataFacts.ts";
import type { Fix } from "../../protocol/finding.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { type LayerSource, largeBias, nameOf, typePlace, written } from "../layerSource.ts";
import { type MaybeFix, present } from "./fix.ts";
import { normalizeBeforeFix } from "./insertFixes.ts";
import { forgetBiasFix, glorotFix, heFix, l2Fix, maxNormFix, orthogonalFix } from "./layerFixes.ts";
import { standardizeInputsFix } from "./scaleFixes.ts";
import { almostAll, symmetryFix } from "./symmetryFix.ts";
import { lowerRateFix } from "./trainingFixes.ts";

/** @param fromStart the layer was dead before anything was learnt */
export function deadFixes(
  model: ResolvedModel,
  source: LayerSource,
  layer: LayerInfo,
  fromStart: boolean,
): readonly Fix[] {
  // If all weights are alike (zero, say), no activation makes the units differ.
  if ((layer.symmetry?.units ?? 0) >= almostAll) return present([zeroBiasFix(source), symmetryFix([source])]);
  return present([
    zeroBiasFix(source),
    leakyFix(source),
    heFix(source),
    layer.recurrent ? undefined : normalizeBeforeFix(model, source, "batchNormalization"),
    fromStart ? undefined : lowerRateFix(model),
  ]);
}

/** @param inputs the model's inputs; null if nothing is known about them */
export function saturatedFixes(
  model: ResolvedModel,
  source: LayerSource,
  layer: LayerInfo,
  inputs: ColumnFacts | null,
): readonly Fix[] {
  return present([
    largeBias(source) ? zeroBiases(source) : undefined,
    inputs && nearlyStandard(inputs) ? undefined : standardizeFix(model, source),
    glorotFix(source),
    layer.recurrent ? orthogonalFix(source) : undefined,
    normalizeBeforeFix(model, source, "layerNormalization"),
    layer.recurrent ? maxNormFix(source, "recurrent") : maxNormFix(source, "kernel"),
    l2Fix(source, "kernel"),
    lowerRateFix(model),
  ]);
}

export function gateFixes(model: ResolvedModel, source: LayerSource): readonly Fix[] {
  return present([
    zeroBiasFix(source),
    softGatesFix(source),
    forgetBiasFix(source),
    glorotFix(source),
    orthogonalFix(source),
    l2Fix(source, "recurrent"),
    lowerRateFix(model),
  ]);
}

/**
 * An activation with some slope below zero, too: elu (Clevert et al. 2016) or a leaky ReLU, depending on the layer's
 * form.
 */
function leakyFix(source: LayerSource): MaybeFix {
  if (factsOf(source.type)?.applies === "relu") {
    const edits: ConfigEdit[] = [{ path: typePlace(source), value: "leakyReLU" }];
    for (const key of ownArgumentsOf(source.type)) {
      const path = written(source, key);
      if (path) edits.push({ path, value: undefined });
    }
    return { id: "leaky-relu", title: fixWords().useLeakyRelu, edits };
  }
  const path = written(source, "activation");
  if (!path) return undefined;
  return { id: "elu", title: fixWords().useElu, edits: [{ path, value: "elu" }] };
}

/** A bias that starts below zero shuts units and gates; the fix also opens an LSTM's forget gate. */
function zeroBiasFix(source: LayerSource): MaybeFix {
  const path = written(source, "biasInitializer");
  const value =
    numberOf(source.args["biasInitializer"], "value") ?? numberOf(source.args["biasInitializer"], "mean") ?? 0;
  return path && value < 0 && source.args["useBias"] !== false ? zeroBiases(source) : undefined;
}

function zeroBiases(source: LayerSource): Fix {
  const edits: ConfigEdit[] = [{ path: [...source.path, "biasInitializer"], value: "zeros" }];
  if (isLstm(source)) edits.push({ path: [...source.path, "unitForgetBias"], value: true });
  return { id: "zero-bias", title: fixWords().zeroBias, edits };
}

/** tfjs's default hardSigmoid is exactly flat beyond ±2.5. */
function softGatesFix(source: LayerSource): MaybeFix {
  if (!isGated(source) || (nameOf(source, "recurrentActivation") ?? "hardSigmoid") !== "hardSigmoid") return undefined;
  return {
    id: "sigmoid-gates",
    title: fixWords().sigmoidGates,
    edits: [{ path: [...source.path, "recurrentActivation"], value: "sigmoid" }],
  };
}

/** Whether standardizing the values would change next to nothing. */
function nearlyStandard({ mean, deviation }: ColumnFacts): boolean {
  return Math.abs(mean) < 0.5 && deviation > 0.5 && deviation < 2;
}

/** Only for the layer that reads the data. */
function standardizeFix(model: ResolvedModel, source: LayerSource): MaybeFix {
  const first = model.layers[0]?.path.every((key, i) => source.path[i] === key) ?? false;
  return first ? standardizeInputsFix(model) : undefined;
}

function numberOf(value: JsonValue | undefined, key: string): number | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const found = Object.entries(value).find(([k]) => k === key)?.[1];
  return typeof found === "number" ? found : undefined;
}

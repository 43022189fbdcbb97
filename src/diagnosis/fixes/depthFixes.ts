/** Edits against gradients that shrink or grow from layer to layer. */

import type { ConfigEdit } from "../../config/edit.ts";
import type { LayerEntry, ResolvedModel } from "../../config/resolved.ts";
import type { Fix } from "../../protocol/finding.ts";
import { isSigmoid, type LayerSource, layerSource, nameOf } from "../layerSource.ts";
import { count } from "../text/numbers.ts";
import type { Direction } from "../throughDepth.ts";
import { scaledFix } from "./initialFixes.ts";
import { normalizeBeforeFix } from "./insertFixes.ts";
import { type MaybeFix, orthogonalFix, present } from "./layerFixes.ts";
import { clipFix } from "./trainingFixes.ts";

/** @param source of `steepest`, the layer that changes the gradient most; @param norm of the gradient before it does */
export function depthFixes(
  direction: Direction,
  model: ResolvedModel,
  source: LayerSource,
  steepest: LayerEntry,
  norm: number,
): readonly Fix[] {
  const hidden = model.layers.slice(0, -1);
  const recurrent = ["simpleRNN", "gru", "lstm"].includes(source.type);
  return present([
    direction === "vanishing" ? reluHeFix(model, hidden) : undefined,
    scaledFix(model),
    recurrent ? orthogonalFix(source) : undefined,
    normalizeBeforeFix(model, { ...source, path: steepest.path }, "layerNormalization"),
    normalizeBeforeFix(model, { ...source, path: steepest.path }, "batchNormalization"),
    direction === "exploding" ? clipFix(model, Math.max(1, norm)) : undefined,
  ]);
}

/** Slope 1 where a unit is active, and a variance that makes up for the half that is not: He et al. 2015. */
function reluHeFix(model: ResolvedModel, layers: readonly LayerEntry[]): MaybeFix {
  const sources = feedForward(model, layers).filter((s) => isSigmoid(nameOf(s, "activation")));
  if (sources.length === 0) return undefined;
  const edits = sources.flatMap(({ path }): ConfigEdit[] => [
    { path: [...path, "activation"], value: "relu" },
    { path: [...path, "kernelInitializer"], value: "heNormal" },
  ]);
  return {
    id: "relu-he",
    title: `Use ReLU with He initial weights in ${count(sources.length, "sigmoid layer")}`,
    edits,
  };
}

function feedForward(model: ResolvedModel, layers: readonly LayerEntry[]): readonly LayerSource[] {
  return layers
    .map((l) => layerSource(model, l.type === "timeDistributed" ? [...l.path, "layer"] : l.path, l.type))
    .filter((s) => s.type === "dense" || s.type.startsWith("conv"));
}

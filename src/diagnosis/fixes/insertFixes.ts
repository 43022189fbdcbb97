/** Normalizing layers put before a layer. */

import type { LayerEntry, ResolvedModel } from "../../config/resolved.ts";
import type { LayerSource } from "../layerSource.ts";
import type { MaybeFix } from "./layerFixes.ts";

const kinds = {
  layerNormalization: { id: "layer-normalization", words: "Normalize each sample", stem: "layer_normalization" },
  batchNormalization: { id: "batch-normalization", words: "Normalize each feature", stem: "batch_normalization" },
} as const;

/**
 * Undefined for the first layer (a feature by itself would be normalized away), for one whose inputs are named (who
 * else takes them is not ours to change), after a layer of one unit or a normalizing one, and where a name that is
 * counted (`batch_normalization_1`) is in use: it would then mean another layer.
 */
export function normalizeBeforeFix(model: ResolvedModel, source: LayerSource, kind: keyof typeof kinds): MaybeFix {
  const index = model.layers.findIndex((l) => l.path.every((key, i) => source.path[i] === key));
  const entry = model.layers[index];
  const before = model.layers[index - 1];
  if (!entry || !before || entry.inputs.length !== 1 || entry.inputs[0] !== before.name) return undefined;
  const { id, words, stem } = kinds[kind];
  const named = model.layers.some((l) => l.inputs.some((name) => name.startsWith(stem) && !follows(model, l, name)));
  if (named || /Normalization$/.test(before.type) || before.args["units"] === 1) return undefined;
  return {
    id,
    title: `${words} before ${entry.name} (${kind})`,
    edits: [{ path: entry.path, value: { type: kind }, insert: true }],
  };
}

/** Whether a layer takes `name` only because it comes after it. */
function follows(model: ResolvedModel, layer: LayerEntry, name: string): boolean {
  return layer.inputs.length === 1 && model.layers[model.layers.indexOf(layer) - 1]?.name === name;
}

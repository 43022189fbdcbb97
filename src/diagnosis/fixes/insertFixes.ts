/** Inserts a layer before another: a normalizing one, or attention over the states of a recurrent layer. */

import { takersOf, writtenInOrder } from "../../config/graph/takers.ts";
import { isDenseRecurrent } from "../../config/layerKinds.ts";
import type { LayerEntry, ResolvedModel } from "../../config/resolved.ts";
import { fixWords } from "../../messages/fixes.ts";
import type { LayerSource } from "../layerSource.ts";
import { follows } from "./firstLayer.ts";
import type { MaybeFix } from "./fix.ts";

const kinds = {
  layerNormalization: {
    id: "layer-normalization",
    words: (name: string, kind: string) => fixWords().normalizeSample({ name, kind }),
    stem: "layer_normalization",
  },
  batchNormalization: {
    id: "batch-normalization",
    words: (name: string, kind: string) => fixWords().normalizeFeature({ name, kind }),
    stem: "batch_normalization",
  },
} as const;

/**
 * Undefined for the first layer (a single feature would be normalized away), for a layer with named inputs (other
 * layers may take them, too), after a layer of one unit or a normalizing one, and if a counted name
 * (`batch_normalization_1`) is in use: it would then mean another layer.
 */
export function normalizeBeforeFix(model: ResolvedModel, source: LayerSource, kind: keyof typeof kinds): MaybeFix {
  const index = model.layers.findIndex((l) => same(l, source));
  const entry = model.layers[index];
  const before = model.layers[index - 1];
  if (!writtenInOrder(model) || !entry || !before || entry.inputs.length !== 1 || entry.inputs[0] !== before.name)
    return undefined;
  const { id, words, stem } = kinds[kind];
  const named = model.layers.some((l) =>
    l.inputs.some((name) => name.startsWith(stem) && !follows(model.layers, l, name)),
  );
  if (named || /Normalization$/.test(before.type) || before.args["units"] === 1) return undefined;
  return {
    id,
    title: words(entry.name, kind),
    edits: [{ path: entry.path, value: { type: kind }, insert: true }],
  };
}

/**
 * Attention over all states instead of the last one (Bahdanau et al. 2015): each state gets its share of the gradient
 * directly. Applies only between a recurrent layer that returns its last state and the single layer that takes it.
 */
export function attentionFix(model: ResolvedModel, source: LayerSource): MaybeFix {
  const index = model.layers.findIndex((l) => same(l, source));
  const entry = model.layers[index];
  const next = model.layers[index + 1];
  // A bidirectional layer returns the states of both directions.
  const whole = entry && (entry.path.length === source.path.length || entry.type === "bidirectional");
  if (!writtenInOrder(model) || !whole || !next || !isDenseRecurrent(source)) return undefined;
  if (source.args["returnSequences"] === true || source.args["returnState"] === true) return undefined;
  if (takersOf(model, entry.name).length !== 1 || !next.inputs.includes(entry.name)) return undefined;
  if (next.inputs.length > 1 || model.layers.some((l) => l.type === "attention")) return undefined;
  return {
    id: "attention",
    title: fixWords().attend(entry.name),
    edits: [
      { path: [...source.path, "returnSequences"], value: true },
      { path: next.path, value: { type: "attention" }, insert: true },
    ],
  };
}

function same(entry: LayerEntry, source: LayerSource): boolean {
  return entry.path.every((key, i) => source.path[i] === key);
}

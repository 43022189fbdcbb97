/** Inserts a layer before all others. */

import type { ConfigEdit } from "../../config/edit.ts";
import { takesInput, writtenInOrder } from "../../config/graph/takers.ts";
import type { JsonValue, LayerEntry, ResolvedModel } from "../../config/resolved.ts";

/**
 * Undefined if the new layer would not be the only way to all others: another layer also takes the input, or one names
 * a layer whose counted name (`masking_1`) would shift. Also undefined for a saved model, whose layers are not in the
 * config.
 *
 * @param stem name that the new layer gets if there is no other of its type.
 */
export function firstLayerEdits(
  model: ResolvedModel,
  entry: { readonly [key: string]: JsonValue },
  stem: string,
): readonly ConfigEdit[] | undefined {
  const { layers } = model;
  const [first, ...rest] = layers;
  if (!writtenInOrder(model) || first?.inputs.length !== 1) return undefined;
  if (rest.some((l) => takesInput(model, l))) return undefined;
  if (layers.some((l) => l.inputs.some((name) => name.startsWith(stem) && !follows(layers, l, name)))) return undefined;
  const after = [...first.path.slice(0, -1), 1, "inputs"];
  return [
    { path: first.path, value: entry, insert: true },
    // A layer that names the input would bypass the new layer.
    { path: after, value: undefined },
  ];
}

/** Whether a layer takes `name` only because it comes after it. */
export function follows(layers: readonly LayerEntry[], layer: LayerEntry, name: string): boolean {
  return layer.inputs.length === 1 && layers[layers.indexOf(layer) - 1]?.name === name;
}

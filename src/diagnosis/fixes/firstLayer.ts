/** A layer put before all others. */

import type { ConfigEdit } from "../../config/edit.ts";
import type { JsonValue, LayerEntry, ResolvedModel } from "../../config/resolved.ts";

/**
 * Undefined where it would not be the one way to all other layers: where another layer takes the input, too, or one
 * names a layer whose counted name (`masking_1`) would shift; and for a saved model, whose layers are not in the config.
 *
 * @param stem name that the new layer gets, were there no other of its type.
 */
export function firstLayerEdits(
  { layers }: ResolvedModel,
  entry: { readonly [key: string]: JsonValue },
  stem: string,
): readonly ConfigEdit[] | undefined {
  const [first, ...rest] = layers;
  if (first?.inputs.length !== 1 || rest.some((l) => l.inputs.includes("input"))) return undefined;
  if (layers.some((l) => l.inputs.some((name) => name.startsWith(stem) && !follows(layers, l, name)))) return undefined;
  const after = [...first.path.slice(0, -1), 1, "inputs"];
  return [
    { path: first.path, value: entry, insert: true },
    // "input" by name would pass the new layer by.
    { path: after, value: undefined },
  ];
}

/** Whether a layer takes `name` only because it comes after it. */
export function follows(layers: readonly LayerEntry[], layer: LayerEntry, name: string): boolean {
  return layer.inputs.length === 1 && layers[layers.indexOf(layer) - 1]?.name === name;
}

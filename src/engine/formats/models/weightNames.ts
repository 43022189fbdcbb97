/** Finds the layer of a weight, from the path in its name. */

import type { SavedWeight, WeightsByLayer } from "./savedModel.ts";

/** Most parts of a name that are examined: bounds the time for a forged name. */
const mostParts = 32;

/**
 * The weights of each layer. A weight's name contains its layer's name between slashes: `lstm_1/kernel`, or with the
 * whole path in front, as tfjs's converter writes the weights of Keras 3, `sequential_4/lstm_1/lstm_cell/kernel`. A
 * wrapper comes before its parts, and a layer's own name may contain slashes. So the earliest run of parts that is a
 * layer's name counts, and of several such runs the longest.
 *
 * @param layers the name that each layer gets, by the name that the weights have.
 */
export function weightsByLayer(
  layers: ReadonlyMap<string, string>,
  weights: readonly (readonly [name: string, weight: SavedWeight])[],
): WeightsByLayer {
  const longest = Math.min(
    mostParts,
    [...layers.keys()].reduce((most, name) => Math.max(most, name.split("/").length), 1),
  );
  const result = new Map<string, SavedWeight[]>();
  for (const [name, weight] of weights) {
    const layer = layerIn(name.split("/", mostParts + 1).slice(0, -1), layers, longest);
    if (layer === null) continue;
    const own = result.get(layer);
    if (own) own.push(weight);
    else result.set(layer, [weight]);
  }
  return result;
}

function layerIn(parts: readonly string[], known: ReadonlyMap<string, string>, longest: number): string | null {
  for (let from = 0; from < parts.length; from++)
    for (let length = Math.min(longest, parts.length - from); length > 0; length--) {
      const layer = known.get(parts.slice(from, from + length).join("/"));
      if (layer !== undefined) return layer;
    }
  return null;
}

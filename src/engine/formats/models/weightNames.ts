/** Which layer a weight belongs to, by the path in its name. */

import type { SavedWeight, WeightsByLayer } from "./savedModel.ts";

/** Parts of a name that are looked at: a bound on the time that a made-up name takes. */
const mostParts = 32;

/**
 * The parts of a name between slashes that name a layer: `lstm_1/kernel`, and with the whole path in front, as tfjs's
 * converter writes the weights of Keras 3, `sequential_4/lstm_1/lstm_cell/kernel`. Of a wrapper's parts the wrapper comes first,
 * and a layer's own name may hold slashes; so the earliest and then the longest run of parts that is a layer's name counts.
 */
export function weightsByLayer(
  layers: readonly string[],
  weights: readonly (readonly [name: string, weight: SavedWeight])[],
): WeightsByLayer {
  const known = new Set(layers);
  const longest = Math.min(
    mostParts,
    layers.reduce((most, name) => Math.max(most, name.split("/").length), 1),
  );
  const result = new Map<string, SavedWeight[]>();
  for (const [name, weight] of weights) {
    const layer = layerIn(name.split("/", mostParts + 1).slice(0, -1), known, longest);
    if (layer === null) continue;
    const own = result.get(layer);
    if (own) own.push(weight);
    else result.set(layer, [weight]);
  }
  return result;
}

function layerIn(parts: readonly string[], known: ReadonlySet<string>, longest: number): string | null {
  for (let from = 0; from < parts.length; from++)
    for (let length = Math.min(longest, parts.length - from); length > 0; length--) {
      const name = parts.slice(from, from + length).join("/");
      if (known.has(name)) return name;
    }
  return null;
}

/**
 * The masks that a MultiHeadAttention of Keras 3 takes off: `call` deletes the masks of the tensors that it gets (keras 3.15,
 * multi_head_attention.py), so an attention that takes one of them later sees no mask. Its own output keeps the query's mask.
 */

import type { SavedLayer } from "./graph.ts";
import { multiHeadClass } from "./kerasLayers.ts";

/** Ends the names of the layers that take a mask off. */
export const unmaskedSuffix = "_unmasked";

const attentions: readonly string[] = [multiHeadClass, "Attention", "AdditiveAttention"];

/**
 * The layers with a slice of all timesteps, which passes no mask on, in front of each input that has lost its mask.
 *
 * @param layers of Keras 3, each after what it takes.
 */
export function withLostMasks(layers: readonly SavedLayer[]): readonly SavedLayer[] {
  const lost = new Set<string>();
  return layers.flatMap((layer): readonly SavedLayer[] => {
    if (!attentions.includes(layer.className)) return [layer];
    const bare = [...new Set(layer.inputs)].filter((name) => lost.has(name));
    if (layer.className === multiHeadClass) for (const name of layer.inputs) lost.add(name);
    const slices = bare.map((input, i): SavedLayer => {
      const name = `${layer.name}${i === 0 ? "" : `_${i}`}${unmaskedSuffix}`;
      const plain = { initialState: [], masked: null, causal: false, shares: null };
      return { ...plain, name, className: "Slice", config: { name, axis: 1 }, inputs: [input] };
    });
    const inputs = layer.inputs.map((name) => slices[bare.indexOf(name)]?.name ?? name);
    return [...slices, { ...layer, inputs }];
  });
}

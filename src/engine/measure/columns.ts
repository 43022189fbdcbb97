/** Which scalars a run measures, in which order. */

import {
  type Column,
  type LayerInfo,
  layerQuantities,
  modelQuantities,
  stateQuantities,
  weightQuantities,
} from "../../protocol/run.ts";

/** `hasGradient(layer)`: whether ∂L/∂ of the layer's output is computed at all. */
export function columnsOf(layers: readonly LayerInfo[], hasGradient: (layer: number) => boolean): readonly Column[] {
  const columns: Column[] = modelQuantities.map((quantity) => ({ quantity, layer: null, name: null }));
  for (const [layer, info] of layers.entries()) {
    for (const quantity of layerQuantities) {
      if (quantity !== "outputGradientNorm" || hasGradient(layer)) columns.push({ quantity, layer, name: null });
    }
    for (const name of info.weights) {
      for (const quantity of weightQuantities) columns.push({ quantity, layer, name });
    }
    for (const name of info.recurrent?.states ?? []) {
      for (const quantity of stateQuantities) columns.push({ quantity, layer, name });
    }
  }
  return columns;
}

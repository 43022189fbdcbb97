/** Defines which scalars a run measures, and in which order. */

import {
  layerQuantities,
  modelQuantities,
  penaltyQuantities,
  stateQuantities,
  type TestQuantity,
  weightQuantities,
} from "../../protocol/quantities.ts";
import type { Column, LayerInfo } from "../../protocol/run.ts";

/**
 * @param hasGradient whether ∂L/∂ a layer's output is computed at all.
 * @param tests what is known about the samples held out for testing.
 * @param metrics the metrics that the config asks for.
 * @param penalized whether layers have regularizers.
 */
export function columnsOf(
  layers: readonly LayerInfo[],
  hasGradient: (layer: number) => boolean,
  tests: readonly TestQuantity[],
  metrics: readonly string[] = [],
  penalized = false,
): readonly Column[] {
  const ofModel = [...modelQuantities, ...tests, ...(penalized ? penaltyQuantities : [])];
  const columns: Column[] = ofModel.map((quantity) => ({ quantity, layer: null, name: null }));
  for (const name of metrics) {
    columns.push({ quantity: "metric", layer: null, name });
    if (tests.length > 0) columns.push({ quantity: "testMetric", layer: null, name });
  }
  for (const [layer, info] of layers.entries()) {
    for (const quantity of layerQuantities) {
      if (quantity === "outputGradientNorm" && !hasGradient(layer)) continue;
      if (quantity === "stateNonFiniteFrom" && info.recurrent?.method !== "kernel") continue;
      columns.push({ quantity, layer, name: null });
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

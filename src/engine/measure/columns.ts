/** Defines which scalars a run measures, and in which order. */

import {
  layerQuantities,
  modelQuantities,
  penaltyQuantities,
  type Quantity,
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

/** The places in a row of the quantities of one thing: the model, a layer, or something of a layer that has a name. */
export type Places = ReadonlyMap<Quantity, number>;

/** Finds places by layer and name. Nested maps need no string key, because they are looked up for the values of every step. */
export function placesOf(columns: readonly Column[]): (layer: number | null, name: string | null) => Places {
  const places = new Map<number | null, Map<string | null, Map<Quantity, number>>>();
  for (const [i, { quantity, layer, name }] of columns.entries()) {
    const ofLayer = places.get(layer) ?? new Map<string | null, Map<Quantity, number>>();
    const ofName = ofLayer.get(name) ?? new Map<Quantity, number>();
    places.set(layer, ofLayer.set(name, ofName.set(quantity, i)));
  }
  const none: Places = new Map();
  return (layer, name) => places.get(layer)?.get(name) ?? none;
}

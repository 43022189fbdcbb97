/** The penalties of the layers' regularizers. */

import type { Scalar } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { type Layer, measuredLayers } from "../instrument/measuredLayers.ts";
import { internal } from "../tfjs/internals.ts";

/**
 * The layers whose penalties count, each once. tfjs's own sum omits those of recurrent cells and of both directions of
 * a bidirectional layer, because these layers do not pass them on.
 */
export function regularizedLayers(model: LayersModel): readonly Layer[] {
  const layers = measuredLayers(model).map(({ layer, cell }) => cell?.cell ?? layer);
  return layers.filter((layer, i) => layers.indexOf(layer) === i && ownLosses(layer) > 0);
}

/** Number of a layer's own penalties; a wrapper's penalties belong to the layer inside it. */
function ownLosses(layer: Layer): number {
  const own = internal(layer, "_losses");
  return Array.isArray(own) ? own.length : 0;
}

/** Differentiable scalars, to be added to the data loss. */
export function penalties(layers: readonly Layer[]): Scalar[] {
  return layers.flatMap((layer) => layer.calculateLosses());
}

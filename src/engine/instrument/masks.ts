/** Finds the layers of a model that receive a mask. */

import { type LayersModel, type layers, RNN } from "@tensorflow/tfjs-layers";
import { Attention } from "../layers/attention.ts";
import { isOn } from "../tfjs/internals.ts";

type Layer = layers.Layer;

export function makesMask(layer: Layer): boolean {
  return layer.getClassName() === "Masking" || isOn(layer, "maskZero");
}

/**
 * Whether a layer passes its mask on. Attention removes the time axis. Recurrent layers, also inside a bidirectional
 * one, keep the mask only if they return sequences.
 */
export function passesMaskOn(layer: Layer): boolean {
  const recurrent = layer instanceof RNN || layer.getClassName() === "Bidirectional";
  return layer.supportsMasking && !(layer instanceof Attention) && !(recurrent && !isOn(layer, "returnSequences"));
}

/** The model's own layers that receive a mask (parts of wrappers share their wrapper's). */
export function maskedLayers(model: LayersModel): ReadonlySet<Layer> {
  const masked = new Set<Layer>();
  for (let size = -1; size !== masked.size; ) {
    size = masked.size;
    for (const layer of model.layers) {
      const before = layer.inboundNodes.flatMap((node) => node.inboundLayers);
      if (before.some((other) => makesMask(other) || (masked.has(other) && passesMaskOn(other)))) masked.add(layer);
    }
  }
  return masked;
}

/** Whether any layer masks timesteps. */
export function masksRows(model: LayersModel): boolean {
  return model.layers.some(makesMask);
}

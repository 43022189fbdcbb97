/** Finds the layers of a model that receive a mask. */

import { type LayersModel, type layers, RNN } from "@tensorflow/tfjs-layers";
import { has } from "../../config/layerCatalogue.ts";
import { Attention } from "../layers/attention.ts";
import { CrossAttention } from "../layers/crossAttention.ts";
import { ScoredAttention } from "../layers/scoredAttention.ts";
import { isOn, numberAt } from "../tfjs/internals.ts";
import { layerType } from "../tfjs/layerType.ts";

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
  if (!layer.supportsMasking || layer instanceof Attention || layer.getClassName() === "Dot") return false;
  if (layer.getClassName() === "Concatenate") return alongUnits(layer);
  return !(recurrent && !isOn(layer, "returnSequences"));
}

/** Whether a layer processes masked timesteps like any other. It passes the mask on nevertheless. */
export function ignoresMask(layer: Layer): boolean {
  return isOn(layer, "ignoreMask");
}

/** Whether a layer combines several inputs, timestep by timestep: a timestep counts if it counts in all of them. */
export function mergesInputs(layer: Layer): boolean {
  return has("merges", { type: layerType(layer) });
}

/** Whether a layer takes the masks of all its inputs, and passes only that of the first one on. */
export function takesAllMasks(layer: Layer): boolean {
  return layer instanceof CrossAttention || layer instanceof ScoredAttention;
}

/**
 * Whether a concatenation runs along the units. Along another axis, timesteps of one input follow those of the other.
 */
function alongUnits(layer: Layer): boolean {
  const axis = numberAt(layer, "axis") ?? -1;
  const rank = layer.inboundNodes[0]?.inputTensors[0]?.rank ?? 0;
  return axis === -1 || axis === rank - 1;
}

/** The model's own layers that receive a mask (parts of wrappers share their wrapper's). */
export function maskedLayers(model: LayersModel): ReadonlySet<Layer> {
  return new Set([...reachedByMasks(model)].filter((layer) => !ignoresMask(layer)));
}

/** The model's own layers whose input has a mask, whether or not they use it. */
export function reachedByMasks(model: LayersModel): ReadonlySet<Layer> {
  const masked = new Set<Layer>();
  const giving = new Set(model.layers.filter(makesMask));
  for (let size = -1; size !== masked.size + giving.size; ) {
    size = masked.size + giving.size;
    for (const layer of model.layers) {
      const before = layer.inboundNodes.flatMap((node) => node.inboundLayers);
      if (before.some((other) => giving.has(other))) masked.add(layer);
      const passed = takesAllMasks(layer) ? before.slice(0, 1) : before;
      if (passesMaskOn(layer) && passed.some((other) => giving.has(other))) giving.add(layer);
    }
  }
  return masked;
}

/** Whether any layer masks timesteps. */
export function masksRows(model: LayersModel): boolean {
  return model.layers.some(makesMask);
}

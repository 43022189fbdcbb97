/**
 * Finds where a mask comes from. Masks depend only on a model's inputs (rows of one value, index 0 of an embedding), so
 * those of a whole data set are known before the first step, without running a recurrent layer.
 */

import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { ignoresMask, makesMask, passesMaskOn, takesAllMasks } from "../instrument/masks.ts";
import { unpacked } from "./forward.ts";
import { sharesWeights } from "./sharedWeights.ts";

type Layer = tfl.layers.Layer;

/** Layers whose combined masks (a timestep counts if it counts in all of them) are the mask of a tensor. */
export interface MaskSources {
  readonly layers: readonly Layer[];
}

/** The mask of the model's output; null: no mask arrives there, or the inputs alone do not determine it. */
export function outputMask(model: tfl.LayersModel, index = 0): MaskSources | null {
  const output = model.outputs[index];
  return output ? sourcesOf(output) : null;
}

/** The mask of a layer's input; null as above, or if the layer ignores it. */
export function inputMask(layer: Layer): MaskSources | null {
  if (ignoresMask(layer)) return null;
  const [input] = layer.inboundNodes[0]?.inputTensors ?? [];
  return input ? sourcesOf(input) : null;
}

/** Visits each tensor once, because nets branch and join again. */
function sourcesOf(tensor: tfl.SymbolicTensor): MaskSources | null {
  const known = new Map<tfl.SymbolicTensor, ReadonlySet<Layer>>();
  const visit = (of: tfl.SymbolicTensor): ReadonlySet<Layer> => {
    const found = known.get(of) ?? new Set(find(of));
    known.set(of, found);
    return found;
  };
  const find = (of: tfl.SymbolicTensor): readonly Layer[] => {
    const layer: Layer = of.sourceLayer;
    const before = inputsOf(of);
    if (makesMask(layer)) return before.some(dependsOnWeights) ? [] : [layer];
    const passed = takesAllMasks(layer) ? before.slice(0, 1) : before;
    return passesMaskOn(layer) ? passed.flatMap((input) => [...visit(input)]) : [];
  };
  const all = visit(tensor);
  return all.size === 0 ? null : { layers: [...all] };
}

/** Empty for the model's input, which tfjs makes its own input. */
function inputsOf(tensor: tfl.SymbolicTensor): readonly tfl.SymbolicTensor[] {
  const node = tensor.sourceLayer.inboundNodes[tensor.nodeIndex];
  return node && node.inboundLayers.length > 0 ? node.inputTensors : [];
}

function dependsOnWeights(tensor: tfl.SymbolicTensor): boolean {
  const seen = new Set<tfl.SymbolicTensor>();
  const visit = (of: tfl.SymbolicTensor): boolean => {
    if (seen.has(of)) return false;
    seen.add(of);
    return of.sourceLayer.weights.length > 0 || sharesWeights(of.sourceLayer) || inputsOf(of).some(visit);
  };
  return visit(tensor);
}

/** Number of values that go through tfjs at once. */
const chunk = 1_000_000;

/**
 * The masks of samples.
 *
 * @param inputs `samples × inputShape`.
 * @returns `samples × timesteps` of zeros (masked) and ones.
 */
export function masksOf(
  { layers }: MaskSources,
  model: tfl.LayersModel,
  inputs: Float32Array,
  samples: number,
  inputShape: readonly number[],
): Uint8Array {
  const size = inputs.length / samples;
  const atOnce = Math.max(1, Math.floor(chunk / Math.max(1, size)));
  let result = new Uint8Array(0);
  for (const [k, layer] of layers.entries()) {
    const entry = entryOf(layer, model);
    for (let from = 0; from < samples; from += atOnce) {
      const count = Math.min(atOnce, samples - from);
      const values = tf.tidy(() => {
        const x = tf.tensor(inputs.subarray(from * size, (from + count) * size), [count, ...inputShape]);
        const mask = layer.computeMask(entry(x));
        if (!(mask instanceof tf.Tensor)) throw new Error(`The layer ${layer.name} made no mask.`);
        return mask.dataSync();
      });
      const width = values.length / count;
      if (k === 0 && from === 0) result = new Uint8Array(samples * width).fill(1);
      values.forEach((one, i) => {
        if (!one) result[from * width + i] = 0;
      });
    }
  }
  return result;
}

/** A function from the model's inputs, as they travel, to the input of a layer. */
function entryOf(layer: Layer, model: tfl.LayersModel): (x: tf.Tensor) => tf.Tensor {
  const [input] = layer.inboundNodes[0]?.inputTensors ?? [];
  const shapes = model.inputs.map(({ shape }) => shape.slice(1).map(Number));
  const at = input ? model.inputs.indexOf(input) : 0;
  if (!input || at >= 0) return (x) => unpacked(x, shapes)[Math.max(0, at)] ?? x;
  const needed = neededInputs(input, model);
  const before = tfl.model({ inputs: needed.map((i) => model.inputs[i]!), outputs: input });
  return (x) => {
    const parts = unpacked(x, shapes);
    const values = before.apply(
      needed.map((i) => parts[i]!),
      { training: false },
    );
    if (!(values instanceof tf.Tensor)) throw new Error(`What enters ${layer.name} is not one tensor.`);
    return values;
  };
}

/** Indices of the model's inputs on which a tensor depends. */
function neededInputs(tensor: tfl.SymbolicTensor, model: tfl.LayersModel): readonly number[] {
  const seen = new Set<tfl.SymbolicTensor>();
  const visit = (of: tfl.SymbolicTensor): void => {
    if (seen.has(of)) return;
    seen.add(of);
    for (const each of inputsOf(of)) visit(each);
  };
  visit(tensor);
  return model.inputs.flatMap((input, i) => (seen.has(input) ? [i] : []));
}

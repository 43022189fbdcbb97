/**
 * The forward pass through a model's graph, replacing tfjs's own. tfjs calls a layer once for each of its used outputs,
 * passes the mask of one layer to all later ones, and combines the masks of merged inputs wrongly.
 *
 * Inputs, targets and outputs of a model each travel as one tensor. If there are several, each sample's values follow
 * one another in the order of the model's inputs or outputs. So a batch is one tensor for any model.
 */

import * as tf from "@tensorflow/tfjs-core";
import type * as tfl from "@tensorflow/tfjs-layers";
import { ignoresMask, makesMask, mergesInputs, passesMaskOn, takesAllMasks } from "../instrument/masks.ts";
import { withMask } from "./maskedOutputs.ts";

type Layer = tfl.layers.Layer;

/** An intermediate tensor with its mask. */
interface Value {
  readonly tensor: tf.Tensor;
  readonly mask: tf.Tensor | null;
}

/**
 * @param inputs one tensor, `[batch, ...inputShape]`, or `[batch, all values of all inputs]`.
 * @returns one tensor in the same form. Call within a tidy; without `training`, tensors are freed as soon as they have
 * been used.
 */
export function forward(model: tfl.LayersModel, inputs: tf.Tensor, training: boolean): tf.Tensor {
  const values = new Map<number, Value>();
  const parts = unpacked(inputs, model.inputs.map(shapeOf));
  for (const [i, symbolic] of model.inputs.entries()) values.set(symbolic.id, { tensor: parts[i]!, mask: null });
  const waiting = training ? null : consumers(model);
  for (const layer of model.layers) {
    const node = layer.inboundNodes[0];
    if (!node || node.inboundLayers.length === 0) continue;
    const taken = node.inputTensors.map(({ id, name }): Value => {
      const value = values.get(id);
      if (!value) throw new Error(`The layer ${layer.name} comes before ${name}, which it takes.`);
      return value;
    });
    const results = call(layer, taken, training);
    for (const [i, symbolic] of node.outputTensors.entries()) {
      const result = results[i];
      if (result) values.set(symbolic.id, result);
    }
    for (const { id } of waiting ? node.inputTensors : []) release(id, values, waiting);
  }
  return packed(
    model.outputs.map(({ id, name }) => {
      const value = values.get(id);
      if (!value) throw new Error(`The model gives no ${name}.`);
      return value.tensor;
    }),
  );
}

function call(layer: Layer, taken: readonly Value[], training: boolean): readonly Value[] {
  const tensors = taken.map(({ tensor }) => tensor);
  const masks = taken.map(({ mask }) => mask);
  const first = ignoresMask(layer) ? null : (masks[0] ?? null);
  const given = takesAllMasks(layer) ? masks : first;
  const result = layer.apply(tensors, { training, ...(given && { mask: given }) });
  const outputs = (Array.isArray(result) ? result : [result]).filter((each) => each instanceof tf.Tensor);
  // Only the first output has timesteps; the others are states.
  return outputs.map((tensor, i) =>
    i > 0
      ? { tensor, mask: null }
      : { tensor: withMask(layer, tensor, first, taken.length > 1), mask: maskOf(layer, tensors, masks) },
  );
}

/** The mask of a layer's output, as Keras makes it. */
function maskOf(layer: Layer, tensors: tf.Tensor[], masks: readonly (tf.Tensor | null)[]): tf.Tensor | null {
  if (makesMask(layer)) return firstOf(layer.computeMask(tensors, []));
  const present = masks.filter((mask) => mask !== null);
  const [first] = present;
  if (!first || !passesMaskOn(layer)) return null;
  if (!mergesInputs(layer)) return masks[0] ? firstOf(layer.computeMask(tensors, [masks[0]])) : null;
  return present.slice(1).reduce<tf.Tensor>((all, mask) => tf.logicalAnd(all, mask), tf.cast(first, "bool"));
}

function firstOf(mask: tf.Tensor | tf.Tensor[] | null): tf.Tensor | null {
  return (Array.isArray(mask) ? mask[0] : mask) ?? null;
}

/** Number of layers that take each tensor; outputs of the model count once more. */
function consumers(model: tfl.LayersModel): Map<number, number> {
  const counts = new Map<number, number>();
  const taken = model.layers.flatMap((layer) => layer.inboundNodes[0]?.inputTensors ?? []);
  for (const { id } of [...taken, ...model.outputs, ...model.inputs]) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function release(id: number, values: ReadonlyMap<number, Value>, waiting: Map<number, number> | null): void {
  const left = (waiting?.get(id) ?? 0) - 1;
  waiting?.set(id, left);
  if (left === 0) values.get(id)?.tensor.dispose();
}

function shapeOf({ shape }: tfl.SymbolicTensor): readonly number[] {
  return shape.slice(1).map(Number);
}

/** Joins several tensors of one batch, `[batch, all values]`; a single one is returned unchanged. */
export function packed(tensors: readonly tf.Tensor[]): tf.Tensor {
  const [only, ...others] = tensors;
  if (only && others.length === 0) return only;
  return tf.concat(
    tensors.map((tensor) => tf.reshape(tensor, [tensor.shape[0] ?? 0, -1])),
    1,
  );
}

/** The inverse of `packed`. @param shapes shape of one sample of each */
export function unpacked(tensor: tf.Tensor, shapes: readonly (readonly number[])[]): readonly tf.Tensor[] {
  if (shapes.length === 1) return [tensor];
  const batch = tensor.shape[0] ?? 0;
  let from = 0;
  return shapes.map((shape) => {
    const size = sizeOf(shape);
    const part = tf.reshape(tf.slice(tensor, [0, from], [batch, size]), [batch, ...shape]);
    from += size;
    return part;
  });
}

/** Number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

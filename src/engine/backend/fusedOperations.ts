/**
 * Kernel operations that each replace a dozen of tfjs's, with their gradients. They return null if there are no
 * kernels, and on tfjs-node; callers then use tfjs's own operations.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { AttentionSpec } from "../../kernels/attention.ts";
import type { Kernels } from "../../kernels/kernels.ts";
import { borrowHeld, tensorOf } from "./borrow.ts";

type Operations = Pick<Kernels, "attentions" | "normalizations" | "batchNormalizations">;

let provided: Operations | null = null;

/** Makes the operations of `kernels` available to this process; null: it has none. @returns the former ones. */
export function provideOperations(kernels: Operations | null): Operations | null {
  const former = provided;
  provided = kernels;
  return former;
}

/** Whether kernels also run products and convolutions on the present backend. */
export function hasOperations(): boolean {
  return provided !== null && backends.includes(tf.getBackend());
}

const backends: readonly string[] = ["wasm", "cpu"];

function operationsFor(...tensors: readonly tf.Tensor[]): Operations | null {
  const usable = tensors.every(({ dtype, size }) => dtype === "float32" && size > 0);
  return usable && backends.includes(tf.getBackend()) ? provided : null;
}

/**
 * Scaled dot-product attention in each head.
 * @param sequences query, key and value, each samples × timesteps × heads · size.
 * @param added values added to the scores of each timestep as a key, samples × timesteps; null: none. They get no
 * gradient.
 */
export function attention(
  spec: AttentionSpec,
  sequences: readonly [query: tf.Tensor, key: tf.Tensor, value: tf.Tensor],
  added: tf.Tensor | null,
): tf.Tensor | null {
  const attentions = operationsFor(...sequences)?.attentions;
  if (!attentions) return null;
  const shift = added ? added.dataSync<"float32">() : null;
  const { shape } = sequences[0];
  const borrowed = (tensors: readonly tf.Tensor[]) => {
    const [query, key, value] = tensors.map(borrowHeld);
    if (!query || !key || !value) throw new Error("Attention takes three sequences.");
    return { query, key, value };
  };
  return differentiable(sequences, {
    forward: (tensors) => tensorOf(attentions.forward(spec, borrowed(tensors), shift), shape),
    backward: (dy, tensors) => {
      const { query, key, value } = attentions.backward(spec, borrowed(tensors), shift, borrowHeld(dy));
      return [query, key, value].map((values) => tensorOf(values, shape));
    },
  });
}

/**
 * Layer normalization over the last axes of x.
 * @param gamma one factor for each of the values that are normalized together; `beta`: one offset for each.
 */
export function layerNormalization(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor | null {
  const normalizations = operationsFor(x, gamma, beta)?.normalizations;
  if (!normalizations) return null;
  const spec = { rows: x.size / gamma.size, width: gamma.size, epsilon };
  return differentiable([x, gamma, beta], {
    forward: (tensors) => {
      const [values, factors, offsets] = tensors.map(borrowHeld);
      if (!values || !factors || !offsets) throw new Error("Layer normalization takes three tensors.");
      return tensorOf(normalizations.forward(spec, values, factors, offsets), x.shape);
    },
    backward: (dy, tensors) => {
      const [values, factors] = tensors.map(borrowHeld);
      if (!values || !factors) throw new Error("Layer normalization takes three tensors.");
      const gradients = normalizations.backward(spec, values, factors, borrowHeld(dy));
      return [
        tensorOf(gradients.x, x.shape),
        tensorOf(gradients.gamma, gamma.shape),
        tensorOf(gradients.beta, beta.shape),
      ];
    },
  });
}

/** The output of batch normalization, and what it was computed with: one value for each feature. */
export interface NormalizedBatch {
  readonly y: tf.Tensor;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/**
 * Batch normalization of the last axis of x, over all others.
 * @param gamma one factor for each feature; `beta`: one offset for each.
 */
export function batchNormalization(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): NormalizedBatch | null {
  const normalizations = operationsFor(x, gamma, beta)?.batchNormalizations;
  if (!normalizations) return null;
  const width = gamma.size;
  const spec = { rows: x.size / width, width, epsilon };
  let moments = new Float32Array();
  const y = differentiable([x, gamma, beta], {
    forward: (tensors) => {
      const [values, factors, offsets] = tensors.map(borrowHeld);
      if (!values || !factors || !offsets) throw new Error("Batch normalization takes three tensors.");
      const found = normalizations.forward(spec, values, factors, offsets);
      moments = found.moments;
      return tensorOf(found.y, x.shape);
    },
    backward: (dy, tensors) => {
      const [values, factors] = tensors.map(borrowHeld);
      if (!values || !factors) throw new Error("Batch normalization takes three tensors.");
      const gradients = normalizations.backward(spec, values, factors, moments, borrowHeld(dy));
      return [
        tensorOf(gradients.x, x.shape),
        tensorOf(gradients.gamma, gamma.shape),
        tensorOf(gradients.beta, beta.shape),
      ];
    },
  });
  return { y, mean: moments.subarray(0, width), variance: moments.subarray(2 * width) };
}

/** One operation on the tape; `backward` receives the inputs again and returns the gradient of each. */
function differentiable(
  inputs: readonly tf.Tensor[],
  pass: {
    forward(inputs: readonly tf.Tensor[]): tf.Tensor;
    backward(dy: tf.Tensor, inputs: readonly tf.Tensor[]): tf.Tensor[];
  },
): tf.Tensor {
  const operation = tf.customGrad((...args) => {
    const tensors = args.filter((value): value is tf.Tensor => value instanceof tf.Tensor);
    const save = args.at(-1);
    if (typeof save === "function") save(tensors);
    return {
      value: pass.forward(tensors),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => pass.backward(dy, saved),
    };
  });
  return operation(...inputs);
}

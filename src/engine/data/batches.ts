/** The order in which samples are shown: every epoch all of them, shuffled anew. */

import * as tf from "@tensorflow/tfjs-core";
import type { Dataset } from "./dataset.ts";
import { createRandom, permutation } from "./random.ts";

/** Steps one epoch takes. */
export function stepsPerEpoch(samples: number, batchSize: number): number {
  return Math.max(1, Math.floor(samples / batchSize));
}

/**
 * Indices of the samples of batch after batch, without end; the same for the same seed.
 *
 * The last, short batch of an epoch is left out: its gradient is noisier than the others', and norms over the batch
 * (of state gradients, say) would jump once an epoch for no reason in the net. Shuffling sees to it that every sample
 * has its turn. Only a set smaller than one batch is taken whole.
 */
export function* batchIndices(samples: number, batchSize: number, seed: number): Generator<Uint32Array, never> {
  const random = createRandom(seed);
  const size = Math.min(samples, batchSize);
  const steps = stepsPerEpoch(samples, batchSize);
  for (;;) {
    const order = permutation(samples, random);
    for (let step = 0; step < steps; step++) yield order.slice(step * size, (step + 1) * size);
  }
}

export interface Batch {
  /** `[batch, ...inputShape]`. The caller disposes both. */
  readonly inputs: tf.Tensor;
  /** `[batch, ...targetShape]`. */
  readonly targets: tf.Tensor;
}

/** The samples at `indices` as tensors. */
export function batchTensors(dataset: Dataset, indices: Uint32Array): Batch {
  return {
    inputs: tf.tensor(gather(dataset.inputs, dataset.samples, indices), [indices.length, ...dataset.inputShape]),
    targets: tf.tensor(gather(dataset.targets, dataset.samples, indices), [indices.length, ...dataset.targetShape]),
  };
}

/** Batch after batch, without end, but for the first `skipped`. */
export function* batches(dataset: Dataset, batchSize: number, seed: number, skipped = 0): Generator<Batch, never> {
  const indices = batchIndices(dataset.samples, batchSize, seed);
  for (let i = 0; i < skipped; i++) indices.next();
  for (;;) yield batchTensors(dataset, indices.next().value);
}

function gather(values: Float32Array, samples: number, indices: Uint32Array): Float32Array {
  const size = values.length / samples;
  const result = new Float32Array(indices.length * size);
  indices.forEach((sample, i) => {
    result.set(values.subarray(sample * size, (sample + 1) * size), i * size);
  });
  return result;
}

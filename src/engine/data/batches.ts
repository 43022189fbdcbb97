/** The order in which samples are shown: every epoch all of them, shuffled anew; or one after another, for stateful layers. */

import * as tf from "@tensorflow/tfjs-core";
import { stepsPerEpoch } from "../../config/stepsPerEpoch.ts";
import type { Dataset, Samples } from "./dataset.ts";
import { createRandom, permutation } from "./random.ts";
import { normalized, type PositionWeights } from "./weights.ts";

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

/**
 * Batches of one epoch in which sample i of a batch goes on where sample i of the batch before ended, so that a state can
 * be carried from one to the next.
 *
 * @param continues sample n + `continues` goes on where sample n ends: the samples are divided into as many stretches
 *   as a batch has samples, and each is read from its beginning to its end. Null: it is not known what follows what, and
 *   the samples come in their own order, n of them at a time, which is what Keras does without shuffling.
 */
export function contiguousBatches(samples: number, batchSize: number, continues: number | null): Uint32Array[] {
  const size = Math.min(samples, batchSize);
  const stretch = Math.floor(samples / size);
  if (continues === null) {
    return Array.from({ length: stretch }, (_, k) => Uint32Array.from({ length: size }, (_, i) => k * size + i));
  }
  const steps = Math.max(1, Math.floor(stretch / continues));
  return Array.from({ length: steps }, (_, k) =>
    Uint32Array.from({ length: size }, (_, i) => i * stretch + k * continues),
  );
}

/** One epoch's batches again and again. */
export function* repeated(epoch: readonly Uint32Array[]): Generator<Uint32Array, never> {
  for (;;) yield* epoch;
}

/** All samples in their own order, the last batch as short as it is. */
export function everySample(samples: number, batchSize: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(samples / batchSize) }, (_, k) =>
    Uint32Array.from({ length: Math.min(batchSize, samples - k * batchSize) }, (_, i) => k * batchSize + i),
  );
}

export interface Batch {
  /** `[batch, ...inputShape]`. The caller disposes all three. */
  readonly inputs: tf.Tensor;
  /** `[batch, ...targetShape]`. */
  readonly targets: tf.Tensor;
  /** `[batch, ...targetShape]` without its last axis: factors under which a mean over all positions is the loss; null: all are 1. */
  readonly weights: tf.Tensor | null;
}

type Source = Samples & Pick<Dataset, "inputShape" | "targetShape">;

/**
 * The samples at `indices` as tensors.
 *
 * @param weights of all samples of `dataset`.
 * @param factor what the weights are multiplied by; left out: what makes the batch's own loss Keras's.
 */
export function batchTensors(
  dataset: Source,
  indices: Uint32Array,
  weights: PositionWeights | null = null,
  factor?: number,
): Batch {
  const n = indices.length;
  return {
    inputs: tf.tensor(gather(dataset.inputs, dataset.samples, indices), [n, ...dataset.inputShape]),
    targets: tf.tensor(gather(dataset.targets, dataset.samples, indices), [n, ...dataset.targetShape]),
    weights:
      weights &&
      tf.tensor(normalized(weights, dataset.samples, indices, factor), [n, ...dataset.targetShape.slice(0, -1)]),
  };
}

export interface Supply {
  /** Indices of the samples of batch after batch. */
  readonly order: Generator<Uint32Array, never>;
  readonly weights: PositionWeights | null;
  /** Batches that are left out at the start. */
  readonly skipped: number;
}

/** Batch after batch, without end. */
export function* batches(dataset: Dataset, { order, weights, skipped }: Supply): Generator<Batch, never> {
  for (let i = 0; i < skipped; i++) order.next();
  for (;;) yield batchTensors(dataset, order.next().value, weights);
}

function gather(values: Float32Array, samples: number, indices: Uint32Array): Float32Array {
  const size = values.length / samples;
  const result = new Float32Array(indices.length * size);
  indices.forEach((sample, i) => {
    result.set(values.subarray(sample * size, (sample + 1) * size), i * size);
  });
  return result;
}

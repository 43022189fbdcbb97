/** The order of the samples: all of them in every epoch, shuffled anew; or contiguous, for stateful layers. */

import * as tf from "@tensorflow/tfjs-core";
import { stepsPerEpoch } from "../../config/stepsPerEpoch.ts";
import type { Dataset, Samples } from "./dataset.ts";
import { normalized, type PositionWeights } from "./positionWeights.ts";
import { createRandom, permutation } from "./random.ts";

/**
 * Endless batches of sample indices; the same for the same seed.
 *
 * The last, short batch of an epoch is left out. Its gradient is noisier than the others', so norms over the batch
 * (state gradients, for example) would jump once per epoch for no reason in the net. Shuffling makes sure that every
 * sample has its turn. Only a set smaller than one batch is used whole.
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
 * Batches of one epoch in which sample i of a batch continues sample i of the previous batch, so that a state can be
 * carried from one batch to the next.
 *
 * @param continues sample n + `continues` continues sample n: the samples are divided into as many stretches as a batch
 * has samples, and each stretch is read from start to end. Null: it is unknown which sample follows which, and the
 * samples come in their own order, as in Keras without shuffling.
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

/** Repeats one epoch's batches without end. */
export function* repeated(epoch: readonly Uint32Array[]): Generator<Uint32Array, never> {
  for (;;) yield* epoch;
}

/** All samples in their own order; the last batch may be short. */
export function everySample(samples: number, batchSize: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(samples / batchSize) }, (_, k) =>
    Uint32Array.from({ length: Math.min(batchSize, samples - k * batchSize) }, (_, i) => k * batchSize + i),
  );
}

export interface Batch {
  /** `[batch, ...inputShape]`. The caller disposes all three tensors. */
  readonly inputs: tf.Tensor;
  /** `[batch, ...targetShape]`. */
  readonly targets: tf.Tensor;
  /**
   * `[batch, ...targetShape]` without its last axis: factors under which a mean over all positions is the loss; null:
   * all are 1.
   */
  readonly weights: tf.Tensor | null;
}

type Source = Samples & Pick<Dataset, "inputShape" | "targetShape">;

/**
 * The samples at `indices` as tensors.
 *
 * @param weights weights of all samples of `dataset`.
 * @param factors multiply the weights, one for each output. Default: those that make the batch's own loss equal Keras's.
 */
export function batchTensors(
  dataset: Source,
  indices: Uint32Array,
  weights: PositionWeights | null = null,
  factors?: readonly number[],
): Batch {
  const n = indices.length;
  return {
    inputs: tf.tensor(gather(dataset.inputs, dataset.samples, indices), [n, ...dataset.inputShape]),
    targets: tf.tensor(gather(dataset.targets, dataset.samples, indices), [n, ...dataset.targetShape]),
    weights:
      weights &&
      tf.tensor(normalized(weights, dataset.samples, indices, factors), [
        n,
        ...(weights.spans ? [weights.values.length / dataset.samples] : dataset.targetShape.slice(0, -1)),
      ]),
  };
}

export interface Supply {
  /** Endless batches of sample indices. */
  readonly order: Generator<Uint32Array, never>;
  readonly weights: PositionWeights | null;
  /** Number of batches to skip at the start. */
  readonly skipped: number;
}

/** Batches without end. */
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

/** Loss and accuracy on samples that nothing is learnt from. */

import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { LossName } from "../../config/resolved.ts";
import { batchTensors, contiguousBatches, everySample } from "../data/batches.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import { isRegression } from "../data/tableTargets.ts";
import { factorOf, type PositionWeights } from "../data/weights.ts";
import type { OutputLoss } from "../model/outputLoss.ts";
import type { CarriedStates } from "../recurrent/carriedStates.ts";
import type { Instrumentation } from "../recurrent/instrument.ts";

export interface Evaluation {
  /** Mean over the samples, each position times its weight, without penalties. */
  readonly loss: number;
  /** Share of right answers at the positions that count at all; null where the loss is that of a regression. */
  readonly accuracy: number | null;
}

export interface EvaluateOptions {
  readonly dataset: Dataset;
  readonly test: Samples;
  readonly name: LossName;
  readonly loss: OutputLoss;
  /** Of the test samples; null: every position counts the same. */
  readonly weights: PositionWeights | null;
  readonly batchSize: number;
  /** Of stateful layers, which begin at zero here and go on from batch to batch; null: there are none. */
  readonly states: CarriedStates | null;
}

/**
 * Runs the model in inference mode (no dropout, the moving averages of normalization) batch after batch, letting others
 * have their turn between two.
 */
export async function evaluate(
  model: LayersModel,
  instrumentation: Instrumentation,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { states } = options;
  if (states) return await states.apart(() => batchAfterBatch(model, instrumentation, options));
  return await batchAfterBatch(model, instrumentation, options);
}

async function batchAfterBatch(
  model: LayersModel,
  instrumentation: Instrumentation,
  { dataset, test, name, loss, weights, batchSize, states }: EvaluateOptions,
): Promise<Evaluation> {
  const source = { ...dataset, ...test };
  const { samples } = test;
  const epoch = states
    ? contiguousBatches(samples, batchSize, dataset.continues ?? null)
    : everySample(samples, batchSize);
  const all = Uint32Array.from(epoch.flatMap((indices) => [...indices]));
  const factor = factorOf(weights?.unmasked ?? null, samples, all);
  let total = 0;
  let right = 0;
  let answers = 0;
  for (const [k, indices] of epoch.entries()) {
    if (k > 0) await setImmediate();
    const batch = batchTensors(source, indices, weights, factor);
    const figures = tf.tidy(() => {
      const outputs = instrumentation.infer(() => model.apply(batch.inputs, { training: false }));
      if (!(outputs instanceof tf.Tensor)) throw new Error("The model does not have exactly one output.");
      const right = isRight(name, loss.threshold, batch.targets, outputs);
      const counted = batch.weights && tf.cast(tf.greater(batch.weights, 0), "float32");
      answers += counted ? numberOf(tf.sum(counted)) * (right.size / counted.size) : right.size;
      return {
        loss: loss.of(batch.targets, outputs, batch.weights),
        right: tf.sum(counted ? tf.mul(right, fitting(counted, right)) : right),
      };
    });
    total += numberOf(figures.loss) * indices.length;
    right += numberOf(figures.right);
    tf.dispose([batch.inputs, batch.targets, figures.loss, figures.right]);
    batch.weights?.dispose();
    states?.advance();
  }
  return { loss: total / all.length, accuracy: isRegression(name) || answers === 0 ? null : right / answers };
}

/** A value per position, for values that may be several per position: yes-or-no answers side by side. */
function fitting(positions: tf.Tensor, values: tf.Tensor): tf.Tensor {
  return values.rank > positions.rank ? tf.expandDims(positions, -1) : positions;
}

function numberOf(scalar: tf.Tensor): number {
  return scalar.dataSync()[0] ?? Number.NaN;
}

/**
 * 1 at the positions (samples, and timesteps where each has a target) whose likeliest class is the target's, else 0; without
 * meaning for a regression.
 */
function isRight(name: LossName, threshold: number, targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  const equal = (): tf.Tensor => {
    switch (name) {
      case "categoricalCrossentropy":
        return tf.equal(tf.argMax(outputs, -1), tf.argMax(targets, -1));
      case "sparseCategoricalCrossentropy": {
        const classes = tf.reshape(tf.cast(targets, "int32"), outputs.shape.slice(0, -1));
        return tf.equal(tf.cast(tf.argMax(outputs, -1), "int32"), classes);
      }
      default:
        return tf.equal(tf.greater(outputs, threshold), tf.greater(targets, 0.5));
    }
  };
  return tf.cast(equal(), "float32");
}

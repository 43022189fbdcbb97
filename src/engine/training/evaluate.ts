/** Loss and accuracy on samples that are not trained on. */

import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { isRegression } from "../../config/regression.ts";
import type { LossName, MetricName } from "../../config/resolved.ts";
import { batchTensors, contiguousBatches, everySample } from "../data/batches.ts";
import type { Dataset, Samples } from "../data/dataset.ts";
import { factorsOf, type PositionWeights } from "../data/positionWeights.ts";
import type { CarriedStates } from "../instrument/carriedStates.ts";
import type { Instrumentation } from "../instrument/instrument.ts";
import { forward } from "../model/forward.ts";
import type { OutputLoss } from "../model/outputLoss.ts";
import type { OutputWithLoss } from "../model/severalOutputs.ts";
import { Metrics, type MetricValues } from "./metrics.ts";
import { OutputMetrics } from "./outputMetrics.ts";

export interface Evaluation {
  /** Mean over the samples, each position multiplied by its weight, without penalties. */
  readonly loss: number;
  /** Share of right answers at positions whose weight is not 0; null if the loss is a regression's. */
  readonly accuracy: number | null;
  /** Values of the requested metrics. */
  readonly metrics: MetricValues;
}

export interface EvaluateOptions {
  readonly dataset: Dataset;
  readonly test: Samples;
  readonly name: LossName;
  readonly loss: OutputLoss;
  /** Weights of the test samples; null: every position weighs the same. */
  readonly weights: PositionWeights | null;
  readonly metrics: readonly MetricName[];
  /** Several outputs with a loss each; null or omitted: there is one. */
  readonly outputs?: readonly OutputWithLoss[] | null;
  readonly batchSize: number;
  /** States of stateful layers, which begin at zero here and continue from batch to batch; null: there are none. */
  readonly states: CarriedStates | null;
}

/**
 * Runs the model in inference mode (no dropout, the moving averages of normalization) batch by batch, and yields to
 * other tasks in between.
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
  { dataset, test, name, loss, weights, metrics, outputs: several, batchSize, states }: EvaluateOptions,
): Promise<Evaluation> {
  const source = { ...dataset, ...test };
  const { samples } = test;
  const epoch = states
    ? contiguousBatches(samples, batchSize, dataset.continues ?? null)
    : everySample(samples, batchSize);
  const all = Uint32Array.from(epoch.flatMap((indices) => [...indices]));
  const factors = factorsOf(weights, samples, all);
  let total = 0;
  const names = new Set<MetricName>(isRegression(name) ? metrics : [...metrics, "accuracy"]);
  const measured = several ? new OutputMetrics(metrics, several) : new Metrics([...names], name, loss.threshold);
  for (const [k, indices] of epoch.entries()) {
    if (k > 0) await setImmediate();
    const batch = batchTensors(source, indices, weights, factors);
    try {
      const mean = tf.tidy(() => {
        const outputs = instrumentation.infer(() => forward(model, batch.inputs, false));
        measured.add(batch.targets, outputs, batch.weights);
        return loss.of(batch.targets, outputs, batch.weights);
      });
      total += numberOf(mean) * indices.length;
      mean.dispose();
    } finally {
      tf.dispose([batch.inputs, batch.targets]);
      batch.weights?.dispose();
    }
    states?.advance();
  }
  const values = measured.take();
  const right = several || isRegression(name) ? undefined : values["accuracy"];
  return {
    loss: total / all.length,
    accuracy: right === undefined || Number.isNaN(right) ? null : right,
    metrics: several ? values : Object.fromEntries(metrics.map((metric) => [metric, values[metric] ?? Number.NaN])),
  };
}

function numberOf(scalar: tf.Tensor): number {
  return scalar.dataSync()[0] ?? Number.NaN;
}

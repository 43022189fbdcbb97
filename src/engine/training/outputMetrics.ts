/** The metrics of a model with several outputs: those of each output, and the loss of each. */

import * as tf from "@tensorflow/tfjs-core";
import { isRegression } from "../../config/regression.ts";
import type { MetricName } from "../../config/resolved.ts";
import { type OutputWithLoss, shares } from "../model/severalOutputs.ts";
import { type Measures, Metrics, type MetricValues } from "./metrics.ts";

/** The metrics that suit an output's loss. */
function suiting(names: readonly MetricName[], { loss }: OutputWithLoss): readonly MetricName[] {
  return names.filter((name) => (name === "accuracy") !== isRegression(loss));
}

/** Names of the metrics in the order of their columns: `words loss`, `words accuracy`. */
export function outputMetricNames(names: readonly MetricName[], outputs: readonly OutputWithLoss[]): readonly string[] {
  return outputs.flatMap((output) => ["loss", ...suiting(names, output)].map((metric) => `${output.name} ${metric}`));
}

export class OutputMetrics implements Measures {
  readonly #outputs: readonly OutputWithLoss[];
  readonly #metrics: readonly Metrics[];
  /** Sum of each output's losses, each multiplied by its number of samples. */
  readonly #losses: number[];
  #samples = 0;

  constructor(names: readonly MetricName[], outputs: readonly OutputWithLoss[]) {
    this.#outputs = outputs;
    this.#metrics = outputs.map((output) => new Metrics(suiting(names, output), output.loss, output.own.threshold));
    this.#losses = outputs.map(() => 0);
  }

  add(targets: tf.Tensor, outputs: tf.Tensor, weights: tf.Tensor | null): void {
    const batch = targets.shape[0] ?? 0;
    this.#samples += batch;
    tf.tidy(() => {
      const parts = shares(this.#outputs, targets, outputs, weights);
      const losses = parts.map((part, k) => this.#outputs[k]!.own.of(part.targets, part.outputs, part.weights));
      for (const [k, loss] of tf.stack(losses).dataSync<"float32">().entries()) this.#losses[k]! += loss * batch;
      for (const [k, part] of parts.entries()) this.#metrics[k]!.add(part.targets, part.outputs, part.weights);
    });
  }

  take(): MetricValues {
    const values: Record<string, number> = {};
    for (const [k, { name }] of this.#outputs.entries()) {
      values[`${name} loss`] = this.#losses[k]! / this.#samples;
      for (const [metric, value] of Object.entries(this.#metrics[k]!.take())) values[`${name} ${metric}`] = value;
    }
    this.#losses.fill(0);
    this.#samples = 0;
    return values;
  }
}

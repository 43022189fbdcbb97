/** The metrics reported besides the loss: the share of right answers, and how far numbers are off. */

import * as tf from "@tensorflow/tfjs-core";
import type { LossName, MetricName } from "../../config/resolved.ts";

/** `NaN`: there was nothing to measure. */
export interface MetricValues {
  readonly [name: string]: number;
}

/** Adds up metrics batch by batch. */
export interface Measures {
  /** @param weights weights of the batch's positions; null: all count. */
  add(targets: tf.Tensor, outputs: tf.Tensor, weights: tf.Tensor | null): void;
  /** The metrics of all batches since the last call. */
  take(): MetricValues;
}

/** Sums over the batches of one step, or of one evaluation of the samples held out for testing. */
export class Metrics implements Measures {
  readonly #names: readonly MetricName[];
  readonly #loss: LossName;
  readonly #threshold: number;
  /** Sum of each metric's values, and their number. */
  readonly #sums = new Map<MetricName, { readonly sum: number; readonly counted: number }>();

  /** @param threshold a single output above this means yes. */
  constructor(names: readonly MetricName[], loss: LossName, threshold: number) {
    this.#names = names;
    this.#loss = loss;
    this.#threshold = threshold;
  }

  /**
   * Adds a batch.
   * @param weights weights of its positions; null: all count. Positions with weight 0, such as masked ones, do not
   * count; all others count the same, as in Keras's metrics.
   */
  add(targets: tf.Tensor, outputs: tf.Tensor, weights: tf.Tensor | null): void {
    if (this.#names.length === 0) return;
    const sizes: number[] = [];
    // Read in one go, because each read waits for the backend.
    const read = tf.tidy(() => {
      const positions = weights && tf.greater(weights, 0);
      const sums = this.#names.map((name) => {
        const values = this.#values(name, targets, outputs);
        sizes.push(values.size);
        return tf.sum(positions ? tf.where(fitting(positions, values), values, tf.zerosLike(values)) : values);
      });
      const counted = positions ? [tf.sum(tf.cast(positions, "float32"))] : [];
      return tf.stack([...sums, ...counted]).dataSync<"float32">();
    });
    const share = weights ? read[this.#names.length]! / weights.size : 1;
    for (const [i, name] of this.#names.entries()) {
      const { sum, counted } = this.#sums.get(name) ?? { sum: 0, counted: 0 };
      this.#sums.set(name, { sum: sum + read[i]!, counted: counted + sizes[i]! * share });
    }
  }

  /** The metrics of all batches since the last call. */
  take(): MetricValues {
    const mean = (name: MetricName): number => {
      const { sum, counted } = this.#sums.get(name) ?? { sum: 0, counted: 0 };
      const value = counted === 0 ? Number.NaN : sum / counted;
      return name === "rootMeanSquaredError" ? Math.sqrt(value) : value;
    };
    const result = Object.fromEntries(this.#names.map((name) => [name, mean(name)]));
    this.#sums.clear();
    return result;
  }

  #values(name: MetricName, targets: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
    switch (name) {
      case "accuracy":
        return isRight(this.#loss, this.#threshold, targets, outputs);
      case "meanAbsoluteError":
        return tf.abs(tf.sub(outputs, targets));
      case "rootMeanSquaredError":
        return tf.square(tf.sub(outputs, targets));
    }
  }
}

/** Repeats one value per position for positions with several values: units side by side. */
function fitting(positions: tf.Tensor, values: tf.Tensor): tf.Tensor {
  const wide = values.rank > positions.rank ? tf.expandDims(positions, -1) : positions;
  return tf.broadcastTo(wide, values.shape);
}

/**
 * 1 at the positions (samples, or timesteps if each has a target) whose most likely class is the target's, otherwise 0;
 * meaningless for a regression.
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

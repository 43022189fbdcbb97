/** Activations as layers, with the arguments of Keras's that tfjs does not support. */

import * as tf from "@tensorflow/tfjs-core";
import { fromStart, type LayerArgs, OneInput } from "./oneInput.ts";

export interface RectifierArgs extends LayerArgs {
  readonly maxValue?: number;
  readonly negativeSlope: number;
  readonly threshold: number;
}

/** x from `threshold` to `maxValue`, `maxValue` above, and negativeSlope × (x − threshold) below. */
export class Rectifier extends OneInput {
  static readonly className = "ExtendedReLU";
  readonly #args: RectifierArgs;

  constructor(args: RectifierArgs) {
    super(args);
    this.#args = args;
    this.supportsMasking = true;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const { maxValue, negativeSlope, threshold } = this.#args;
    const above = maxValue === undefined ? x : tf.minimum(x, maxValue);
    return tf.where(tf.greater(x, threshold), above, tf.mul(tf.sub(x, threshold), negativeSlope));
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { maxValue = null, negativeSlope, threshold } = this.#args;
    return { ...super.getConfig(), maxValue, negativeSlope, threshold };
  }
}

export interface ScaledEluArgs extends LayerArgs {
  readonly alpha: number;
}

/** x above zero, alpha × (eˣ − 1) below. */
export class ScaledElu extends OneInput {
  static readonly className = "ExtendedELU";
  readonly alpha: number;

  constructor(args: ScaledEluArgs) {
    super(args);
    this.alpha = args.alpha;
    this.supportsMasking = true;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.where(tf.greater(x, 0), x, tf.mul(tf.elu(x), this.alpha));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), alpha: this.alpha };
  }
}

export interface SoftmaxAlongArgs extends LayerArgs {
  readonly axis: number;
}

/** Softmax along any axis. */
export class SoftmaxAlong extends OneInput {
  static readonly className = "ExtendedSoftmax";
  readonly axis: number;
  /** A field, as in tfjs's softmax, so that model/outputLoss.ts can take it off. */
  softmax: (x: tf.Tensor) => tf.Tensor = (x) => tf.softmax(x);

  constructor(args: SoftmaxAlongArgs) {
    super(args);
    this.axis = args.axis;
    this.supportsMasking = true;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const axis = fromStart(this.axis, x.rank);
    if (axis === x.rank - 1) return this.softmax(x);
    const order = x.shape.map((_, i) => (i === axis ? x.rank - 1 : i === x.rank - 1 ? axis : i));
    return tf.transpose(this.softmax(tf.transpose(x, order)), order);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.axis };
  }
}

for (const kind of [Rectifier, ScaledElu, SoftmaxAlong]) tf.serialization.registerClass(kind);

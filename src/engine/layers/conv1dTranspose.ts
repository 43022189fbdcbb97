/** The transposed convolution over time, which tfjs has for images only. */

import * as tf from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";
import { type BatchShape, batchShape, type OneInput, sized } from "./oneInput.ts";
import { built, SequenceConvolution, type Window } from "./sequenceConvolutions.ts";
import { type WeightArguments, type Weighting, weighting } from "./weighting.ts";

export interface Conv1DTransposeArgs extends Window {
  readonly filters: number;
  readonly kernelInitializer: WeightArguments["initializer"];
  readonly kernelRegularizer?: WeightArguments["regularizer"];
  readonly kernelConstraint?: WeightArguments["constraint"];
}

/** A transposed convolution, which lengthens the sequence; weight kernel [k, filters, D]. */
export class Conv1DTranspose extends SequenceConvolution {
  static readonly className = "Conv1DTranspose";
  readonly filters: number;
  readonly kernelInitializer: Weighting["initializer"];
  readonly #args: Conv1DTransposeArgs;
  #kernel: LayerVariable | null = null;

  constructor(args: Conv1DTransposeArgs) {
    super(args);
    this.#args = args;
    this.filters = args.filters;
    this.kernelInitializer = weighting({ initializer: args.kernelInitializer }).initializer;
  }

  override build(inputShape: Parameters<OneInput["build"]>[0]): void {
    const features = Number(batchShape(inputShape).at(-1));
    const { regularizer, constraint } = weighting({
      initializer: "zeros",
      regularizer: this.#args.kernelRegularizer,
      constraint: this.#args.kernelConstraint,
    });
    const shape = [this.kernelSize, this.filters, features];
    this.#kernel = this.addWeight("kernel", shape, "float32", this.kernelInitializer, regularizer, true, constraint);
    this.addBias(this.filters);
    this.built = true;
  }

  protected override outputOf([batch = null, timesteps]: BatchShape): BatchShape {
    const longer = sized(timesteps) * this.strides;
    return [
      batch,
      this.padding === "same" ? longer : longer + Math.max(this.kernelSize - this.strides, 0),
      this.filters,
    ];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const kernel = built(this.#kernel);
    const [size = 0, filters = 0, features = 0] = kernel.shape;
    const [batch = null, timesteps = null] = x.shape;
    const [, length] = this.outputOf([batch, timesteps, features]);
    const filter = tf.reshape<tf.Rank.R4>(kernel, [1, size, filters, features]);
    const shape: [number, number, number, number] = [batch ?? 0, 1, Number(length), filters];
    return this.finished(tf.conv2dTranspose(this.asImage(x), filter, shape, [1, this.strides], this.imagePadding));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), filters: this.filters };
  }
}

tf.serialization.registerClass(Conv1DTranspose);

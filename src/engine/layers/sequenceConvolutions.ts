/** Convolutions over time that tfjs has for images only. They run as convolutions of images with one row. */

import * as tf from "@tensorflow/tfjs-core";
import { InputSpec, type LayerVariable, layers } from "@tensorflow/tfjs-layers";
import { type Activation, internal } from "../tfjs/internals.ts";
import { type BatchShape, batchShape, type LayerArgs, OneInput, sized } from "./oneInput.ts";
import { type WeightArguments, type Weighting, weighting } from "./weighting.ts";

type Padding = "valid" | "same" | "causal";
type ActivationName = NonNullable<Parameters<typeof layers.dense>[0]["activation"]>;

export interface Window extends LayerArgs {
  readonly kernelSize: number | readonly number[];
  readonly strides: number | readonly number[];
  readonly padding: Padding;
  readonly dilationRate: number | readonly number[];
  readonly activation: ActivationName;
  readonly useBias: boolean;
  readonly biasInitializer: WeightArguments["initializer"];
  readonly biasRegularizer?: WeightArguments["regularizer"];
  readonly biasConstraint?: WeightArguments["constraint"];
}

/** What the convolutions share: the window, the bias and the activation. */
export abstract class SequenceConvolution extends OneInput {
  readonly kernelSize: number;
  readonly strides: number;
  readonly padding: Padding;
  readonly dilationRate: number;
  readonly useBias: boolean;
  // A public name, as in tfjs's layers, so that it can be taken off or examined.
  readonly activation: Activation;
  readonly activationName: ActivationName;
  readonly biasInitializer: Weighting["initializer"];
  readonly #window: Window;
  #bias: LayerVariable | null = null;

  protected constructor(args: Window) {
    super(args);
    this.#window = args;
    this.kernelSize = oneOf(args.kernelSize);
    this.strides = oneOf(args.strides);
    this.padding = args.padding;
    this.dilationRate = oneOf(args.dilationRate);
    this.useBias = args.useBias;
    this.activationName = args.activation;
    this.activation = activationOf(this.activationName);
    this.biasInitializer = weighting({ initializer: args.biasInitializer }).initializer;
    this.inputSpec = [new InputSpec({ ndim: 3 })];
  }

  protected addBias(filters: number): void {
    if (!this.useBias) return;
    const { regularizer, constraint } = weighting({
      initializer: "zeros",
      regularizer: this.#window.biasRegularizer,
      constraint: this.#window.biasConstraint,
    });
    this.#bias = this.addWeight("bias", [filters], "float32", this.biasInitializer, regularizer, true, constraint);
  }

  /** Timesteps of the output of a convolution. */
  protected timestepsAfter(timesteps: number): number {
    const reach = (this.kernelSize - 1) * this.dilationRate;
    return Math.ceil((this.padding === "valid" ? timesteps - reach : timesteps) / this.strides);
  }

  /** The sequence as an image of one row, padded in front if the padding is causal. */
  protected asImage(x: tf.Tensor): tf.Tensor4D {
    const [batch = 0, timesteps = 0, features = 0] = x.shape;
    const before = this.padding === "causal" ? (this.kernelSize - 1) * this.dilationRate : 0;
    const padded =
      before > 0
        ? tf.pad(x, [
            [0, 0],
            [before, 0],
            [0, 0],
          ])
        : x;
    return tf.reshape(padded, [batch, 1, timesteps + before, features]);
  }

  protected get imagePadding(): "valid" | "same" {
    return this.padding === "same" ? "same" : "valid";
  }

  protected finished(y: tf.Tensor4D): tf.Tensor {
    const [batch, , timesteps, filters] = y.shape;
    const sequence = tf.reshape(y, [batch, timesteps, filters]);
    return this.activation.apply(this.#bias ? tf.add(sequence, this.#bias.read()) : sequence);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { kernelSize, strides, padding, dilationRate, useBias, activationName } = this;
    return { ...super.getConfig(), kernelSize, strides, padding, dilationRate, useBias, activation: activationName };
  }
}

export interface DepthwiseConv1DArgs extends Window {
  readonly depthMultiplier: number;
  readonly depthwiseInitializer: WeightArguments["initializer"];
  readonly depthwiseRegularizer?: WeightArguments["regularizer"];
  readonly depthwiseConstraint?: WeightArguments["constraint"];
}

/** A convolution of each feature; weight depthwise_kernel [k, D, multiplier]. */
export class DepthwiseConv1D extends SequenceConvolution {
  static readonly className: string = "DepthwiseConv1D";
  readonly depthMultiplier: number;
  readonly depthwiseInitializer: Weighting["initializer"];
  readonly #args: DepthwiseConv1DArgs;
  #depthwise: LayerVariable | null = null;

  constructor(args: DepthwiseConv1DArgs) {
    super(args);
    this.#args = args;
    this.depthMultiplier = args.depthMultiplier;
    this.depthwiseInitializer = weighting({
      initializer: args.depthwiseInitializer,
    }).initializer;
  }

  override build(inputShape: Parameters<OneInput["build"]>[0]): void {
    const features = Number(batchShape(inputShape).at(-1));
    this.addDepthwise(features);
    this.addBias(features * this.depthMultiplier);
    this.built = true;
  }

  protected addDepthwise(features: number): void {
    const { regularizer, constraint } = weighting({
      initializer: "zeros",
      regularizer: this.#args.depthwiseRegularizer,
      constraint: this.#args.depthwiseConstraint,
    });
    const shape = [this.kernelSize, features, this.depthMultiplier];
    this.#depthwise = this.addWeight(
      "depthwise_kernel",
      shape,
      "float32",
      this.depthwiseInitializer,
      regularizer,
      true,
      constraint,
    );
  }

  protected override outputOf([batch = null, timesteps, features]: BatchShape): BatchShape {
    return [batch, this.timestepsAfter(sized(timesteps)), sized(features) * this.depthMultiplier];
  }

  protected depthwise(x: tf.Tensor): tf.Tensor4D {
    const kernel = built(this.#depthwise);
    const [size = 0, features = 0, multiplier = 0] = kernel.shape;
    const filter = tf.reshape<tf.Rank.R4>(kernel, [1, size, features, multiplier]);
    // Along the single row, strides and spacing make no difference.
    const [stride, rate] = [this.strides, this.dilationRate];
    return tf.depthwiseConv2d(this.asImage(x), filter, [stride, stride], this.imagePadding, "NHWC", [rate, rate]);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return this.finished(this.depthwise(x));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), depthMultiplier: this.depthMultiplier };
  }
}

export interface SeparableConv1DArgs extends DepthwiseConv1DArgs {
  readonly filters: number;
  readonly pointwiseInitializer: WeightArguments["initializer"];
  readonly pointwiseRegularizer?: WeightArguments["regularizer"];
  readonly pointwiseConstraint?: WeightArguments["constraint"];
}

/** A convolution of each feature, then one across features: weight pointwise_kernel [1, D × multiplier, filters]. */
export class SeparableConv1D extends DepthwiseConv1D {
  static override readonly className: string = "SeparableConv1D";
  readonly filters: number;
  readonly pointwiseInitializer: Weighting["initializer"];
  readonly #args: SeparableConv1DArgs;
  #pointwise: LayerVariable | null = null;

  constructor(args: SeparableConv1DArgs) {
    super(args);
    this.#args = args;
    this.filters = args.filters;
    this.pointwiseInitializer = weighting({
      initializer: args.pointwiseInitializer,
    }).initializer;
  }

  override build(inputShape: Parameters<OneInput["build"]>[0]): void {
    const features = Number(batchShape(inputShape).at(-1));
    this.addDepthwise(features);
    const { regularizer, constraint } = weighting({
      initializer: "zeros",
      regularizer: this.#args.pointwiseRegularizer,
      constraint: this.#args.pointwiseConstraint,
    });
    const shape = [1, features * this.depthMultiplier, this.filters];
    this.#pointwise = this.addWeight(
      "pointwise_kernel",
      shape,
      "float32",
      this.pointwiseInitializer,
      regularizer,
      true,
      constraint,
    );
    this.addBias(this.filters);
    this.built = true;
  }

  protected override outputOf([batch = null, timesteps]: BatchShape): BatchShape {
    return [batch, this.timestepsAfter(sized(timesteps)), this.filters];
  }

  protected override compute(x: tf.Tensor): tf.Tensor {
    const kernel = built(this.#pointwise);
    const [, features = 0, filters = 0] = kernel.shape;
    const filter = tf.reshape<tf.Rank.R4>(kernel, [1, 1, features, filters]);
    return this.finished(tf.conv2d(this.depthwise(x), filter, 1, "valid"));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), filters: this.filters };
  }
}

export function built(weight: LayerVariable | null): tf.Tensor {
  if (!weight) throw new Error("The layer has not been built.");
  return weight.read();
}

function oneOf(size: number | readonly number[]): number {
  return typeof size === "number" ? size : (size[0] ?? 1);
}

/** tfjs does not export its activations; a layer is made to read the name. */
function activationOf(name: ActivationName): Activation {
  const activation: unknown = internal(layers.activation({ activation: name }), "activation");
  if (typeof activation !== "object" || activation === null || !("apply" in activation))
    throw new Error(`There is no activation ${name}.`);
  const { apply } = activation;
  if (typeof apply !== "function") throw new Error(`The activation ${name} is no function.`);
  return {
    apply(x) {
      const y: unknown = Reflect.apply(apply, activation, [x]);
      if (!(y instanceof tf.Tensor)) throw new Error(`The activation ${name} gave no tensor.`);
      return y;
    },
  };
}

for (const kind of [DepthwiseConv1D, SeparableConv1D]) tf.serialization.registerClass(kind);

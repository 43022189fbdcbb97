/** A transformer encoder block, made of layers that are measured like any other. */

import * as tf from "@tensorflow/tfjs-core";
import { InputSpec, type LayerVariable, layers } from "@tensorflow/tfjs-layers";
import { setInternal } from "../tfjs/internals.ts";
import { SelfAttention } from "./selfAttention.ts";
import { type WeightArguments, weighting } from "./weighting.ts";

type Call = layers.Layer["call"];
type Shape = Parameters<layers.Layer["build"]>[0];
type DenseArgs = Parameters<typeof layers.dense>[0];

export interface TransformerEncoderArgs extends NonNullable<ConstructorParameters<typeof layers.Layer>[0]> {
  readonly heads: number;
  readonly keyDim?: number;
  readonly units?: number;
  readonly activation: NonNullable<DenseArgs["activation"]>;
  readonly normalization: "pre" | "post";
  readonly causal: boolean;
  readonly dropout: number;
  readonly epsilon: number;
  readonly kernelInitializer: WeightArguments["initializer"];
}

/**
 * Multi-head self-attention, then two dense layers per timestep, each with a residual connection and layer
 * normalization. The normalization comes after the sum ("post", Vaswani et al. 2017) or before the part ("pre", Xiong
 * et al. 2020, which keeps the residual path free of it). B × T × D → B × T × D.
 */
export class TransformerEncoder extends layers.Layer {
  static readonly className = "TransformerEncoder";
  /** The parts, in the order in which x passes through them. */
  readonly layers: readonly layers.Layer[];
  readonly #args: TransformerEncoderArgs;
  readonly #attend: Part;
  readonly #feedForward: Part;

  constructor(args: TransformerEncoderArgs) {
    super(args);
    this.#args = args;
    const { heads, keyDim, causal, activation, epsilon } = args;
    const initializer = () => ({
      kernelInitializer: weighting({ initializer: args.kernelInitializer }).initializer,
    });
    const part = (name: string, inside: readonly layers.Layer[]): Part => ({
      inside: args.dropout > 0 ? [...inside, layers.dropout({ name: `${name}_dropout`, rate: args.dropout })] : inside,
      normalization: layers.layerNormalization({ name: `${name}_normalization`, epsilon }),
      pre: args.normalization === "pre",
    });
    const attention = new SelfAttention({
      ...initializer(),
      name: "attention",
      heads,
      ...(keyDim === undefined ? {} : { keyDim }),
      causal,
      dropout: 0,
      residual: false,
      useBias: true,
      biasInitializer: "zeros",
    });
    this.#attend = part("attention", [attention]);
    // Their sizes may depend on the input's, and are set when it is known.
    const hidden = layers.dense({ ...initializer(), name: "hidden", units: args.units ?? 1, activation });
    this.#feedForward = part("feed_forward", [
      hidden,
      layers.dense({ ...initializer(), name: "feed_forward", units: 1 }),
    ]);
    this.layers = [this.#attend, this.#feedForward].flatMap(({ inside, normalization, pre }) =>
      pre ? [normalization, ...inside] : [...inside, normalization],
    );
    if (args.trainable === false) for (const layer of this.layers) layer.trainable = false;
    this.supportsMasking = true;
    this.inputSpec = [new InputSpec({ ndim: 3 })];
  }

  override get trainableWeights(): LayerVariable[] {
    return this.trainable ? this.layers.flatMap((layer) => layer.trainableWeights) : [];
  }

  override set trainableWeights(_: LayerVariable[]) {
    throw new Error("The weights of a block are those of its parts.");
  }

  override get nonTrainableWeights(): LayerVariable[] {
    return this.layers.flatMap((layer) => (this.trainable ? layer.nonTrainableWeights : layer.weights));
  }

  override set nonTrainableWeights(_: LayerVariable[]) {
    throw new Error("The weights of a block are those of its parts.");
  }

  override build(inputShape: Shape): void {
    const [batch = null, timesteps = null, features = null] = inputShape.flat();
    const [hidden, last] = this.#feedForward.inside;
    const width = this.#args.units ?? 4 * Number(features);
    if (hidden) setInternal(hidden, "units", width);
    if (last) setInternal(last, "units", features);
    for (const layer of this.layers) {
      layer.build([batch, timesteps, layer === last ? width : features]);
      layer.built = true;
    }
    this.built = true;
  }

  override call(inputs: Parameters<Call>[0], kwargs: Parameters<Call>[1]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!x) throw new Error("The block was called without input.");
      return residual(this.#feedForward, residual(this.#attend, x, kwargs), kwargs);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { heads, keyDim = null, units = null, normalization, causal, dropout } = this.#args;
    return { ...super.getConfig(), heads, keyDim, units, normalization, causal, dropout };
  }
}

/** The part that is bypassed by one residual connection. */
interface Part {
  readonly inside: readonly layers.Layer[];
  readonly normalization: layers.Layer;
  /** Whether the normalization comes before `inside` rather than after the sum. */
  readonly pre: boolean;
}

function residual({ inside, normalization, pre }: Part, x: tf.Tensor, kwargs: Parameters<Call>[1]): tf.Tensor {
  const apply = (layer: layers.Layer, input: tf.Tensor): tf.Tensor => {
    const output = layer.call(input, kwargs);
    const [first] = Array.isArray(output) ? output : [output];
    if (!first) throw new Error(`${layer.name} has no output.`);
    return first;
  };
  const changed = inside.reduce((value, layer) => apply(layer, value), pre ? apply(normalization, x) : x);
  return pre ? tf.add(x, changed) : apply(normalization, tf.add(x, changed));
}

tf.serialization.registerClass(TransformerEncoder);

/** The four matrices of multi-head attention: queries, keys and values of all heads, and the output. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayerVariable, layers } from "@tensorflow/tfjs-layers";
import { biasedProduct } from "../tfjs/patches/denseCalls.ts";
import { attend } from "./attend.ts";
import { type KernelAndBias, type Weighting, weighting } from "./weighting.ts";

type LayerArgs = ConstructorParameters<typeof layers.Layer>[0];

export interface HeadArgs extends NonNullable<LayerArgs>, KernelAndBias {
  readonly heads: number;
  readonly keyDim?: number;
  readonly causal: boolean;
  readonly dropout: number;
  readonly useBias: boolean;
}

interface Projection {
  readonly kernel: LayerVariable;
  readonly bias: LayerVariable | null;
}

/** Rows and columns of each kernel. */
export interface Sizes {
  readonly query: readonly [number, number];
  readonly key: readonly [number, number];
  readonly value: readonly [number, number];
  readonly output: readonly [number, number];
}

/** What attention is computed from: B × T × D, and the masks of the timesteps. */
export interface Attended {
  readonly query: tf.Tensor;
  readonly key: tf.Tensor;
  readonly value: tf.Tensor;
  readonly queryMask: tf.Tensor | null;
  readonly keyMask: tf.Tensor | null;
}

/**
 * A layer with the weights of Keras's MultiHeadAttention: query_kernel, key_kernel, value_kernel [D, heads × size],
 * output_kernel [heads × value size, D], and their biases.
 */
export abstract class HeadProjections extends layers.Layer {
  readonly heads: number;
  readonly causal: boolean;
  /** Share of the attention that is dropped in training. */
  readonly dropout: number;
  /** Drops entries of a tensor; the code that seeds the model replaces it by one with a stream of its own. */
  dropoutFunc: (x: tf.Tensor, rate: number) => tf.Tensor = (x, rate) => tf.dropout(x, rate);
  // One initializer per weight, under a name at which the code that seeds the model's weights finds it.
  readonly queryKernelInitializer: Weighting["initializer"];
  readonly queryBiasInitializer: Weighting["initializer"];
  readonly keyKernelInitializer: Weighting["initializer"];
  readonly keyBiasInitializer: Weighting["initializer"];
  readonly valueKernelInitializer: Weighting["initializer"];
  readonly valueBiasInitializer: Weighting["initializer"];
  readonly outputKernelInitializer: Weighting["initializer"];
  readonly outputBiasInitializer: Weighting["initializer"];
  readonly #args: HeadArgs;
  #projections: { readonly [part in keyof Sizes]: Projection } | null = null;

  constructor(args: HeadArgs) {
    super(args);
    this.#args = args;
    this.heads = args.heads;
    this.causal = args.causal;
    this.dropout = args.dropout;
    const ofKernel = () => weighting({ initializer: args.kernelInitializer }).initializer;
    const ofBias = () => weighting({ initializer: args.biasInitializer }).initializer;
    this.queryKernelInitializer = ofKernel();
    this.queryBiasInitializer = ofBias();
    this.keyKernelInitializer = ofKernel();
    this.keyBiasInitializer = ofBias();
    this.valueKernelInitializer = ofKernel();
    this.valueBiasInitializer = ofBias();
    this.outputKernelInitializer = ofKernel();
    this.outputBiasInitializer = ofBias();
    this.supportsMasking = true;
  }

  protected addProjections({ query, key, value, output }: Sizes): void {
    this.#projections = {
      query: this.#projection("query", query),
      key: this.#projection("key", key),
      value: this.#projection("value", value),
      output: this.#projection("output", output),
    };
  }

  #projection(name: keyof Sizes, [rows, columns]: readonly [number, number]): Projection {
    const { useBias, kernelRegularizer, kernelConstraint, biasRegularizer, biasConstraint } = this.#args;
    const add = (part: "Kernel" | "Bias", shape: number[], { regularizer, constraint }: Weighting): LayerVariable => {
      const initializer = this[`${name}${part}Initializer`];
      return this.addWeight(
        `${name}_${part.toLowerCase()}`,
        shape,
        "float32",
        initializer,
        regularizer,
        true,
        constraint,
      );
    };
    const ofKernel = weighting({ initializer: "zeros", regularizer: kernelRegularizer, constraint: kernelConstraint });
    const ofBias = weighting({ initializer: "zeros", regularizer: biasRegularizer, constraint: biasConstraint });
    return {
      kernel: add("Kernel", [rows, columns], ofKernel),
      bias: useBias ? add("Bias", [columns], ofBias) : null,
    };
  }

  /** The output for a query, keys and values; B × T × output features. */
  protected attended({ query, key, value, queryMask, keyMask }: Attended, training: boolean): tf.Tensor {
    const parts = this.#projections;
    if (!parts) throw new Error("The layer has not been built.");
    const { heads, causal, dropout } = this;
    const joined = attend(
      { query: project(query, parts.query), key: project(key, parts.key), value: project(value, parts.value) },
      {
        heads,
        causal,
        queryMask,
        keyMask,
        drop: training && dropout > 0 ? (shares) => this.dropoutFunc(shares, dropout) : null,
      },
    );
    return project(joined, parts.output);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { heads, causal, dropout } = this;
    return { ...super.getConfig(), heads, causal, dropout, keyDim: this.#args.keyDim ?? null };
  }
}

/** x W + b along the last axis of a B × T × D tensor. */
function project(x: tf.Tensor, { kernel, bias }: Projection): tf.Tensor {
  return biasedProduct(x, kernel.read(), bias?.read() ?? null);
}

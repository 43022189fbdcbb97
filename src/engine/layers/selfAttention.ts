/** Multi-head self-attention over a sequence. */

import * as tf from "@tensorflow/tfjs-core";
import { InputSpec, type LayerVariable, layers } from "@tensorflow/tfjs-layers";
import type { AttentionSpec } from "../../kernels/attention.ts";
import { attention } from "../backend/fusedOperations.ts";
import { UnfitArgument } from "./unfitArgument.ts";
import { type WeightArguments, type Weighting, weighting } from "./weighting.ts";

type Call = layers.Layer["call"];
type LayerArgs = ConstructorParameters<typeof layers.Layer>[0];

export interface SelfAttentionArgs extends NonNullable<LayerArgs> {
  readonly heads: number;
  readonly keyDim?: number;
  readonly causal: boolean;
  readonly residual: boolean;
  readonly useBias: boolean;
  readonly kernelInitializer: WeightArguments["initializer"];
  readonly kernelRegularizer?: WeightArguments["regularizer"];
  readonly kernelConstraint?: WeightArguments["constraint"];
  readonly biasInitializer: WeightArguments["initializer"];
  readonly biasRegularizer?: WeightArguments["regularizer"];
  readonly biasConstraint?: WeightArguments["constraint"];
}

/** Added to the score of a hidden timestep: its share is then exactly 0 in float32, and NaN stays NaN. */
const unseen = -1e9;

interface Projection {
  readonly kernel: LayerVariable;
  readonly bias: LayerVariable | null;
}

/**
 * Vaswani et al. 2017, section 3.2: softmax(Q Kᵀ / √keyDim) V in each of `heads` heads, side by side, times an output
 * matrix; B × T × D → B × T × D. Computes the same as Keras's MultiHeadAttention of x with itself. Weights:
 * query_kernel, key_kernel, value_kernel [D, heads × keyDim], output_kernel [heads × keyDim, D], and their biases.
 */
export class SelfAttention extends layers.Layer {
  static readonly className = "SelfAttention";
  readonly heads: number;
  readonly causal: boolean;
  readonly residual: boolean;
  // One initializer per weight, under a name at which the code that seeds the model's weights finds it.
  readonly queryKernelInitializer: Weighting["initializer"];
  readonly queryBiasInitializer: Weighting["initializer"];
  readonly keyKernelInitializer: Weighting["initializer"];
  readonly keyBiasInitializer: Weighting["initializer"];
  readonly valueKernelInitializer: Weighting["initializer"];
  readonly valueBiasInitializer: Weighting["initializer"];
  readonly outputKernelInitializer: Weighting["initializer"];
  readonly outputBiasInitializer: Weighting["initializer"];
  readonly #args: SelfAttentionArgs;
  #keyDim = 1;
  #query: Projection | null = null;
  #key: Projection | null = null;
  #value: Projection | null = null;
  #output: Projection | null = null;

  constructor(args: SelfAttentionArgs) {
    super(args);
    this.#args = args;
    this.heads = args.heads;
    this.causal = args.causal;
    this.residual = args.residual;
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
    this.inputSpec = [new InputSpec({ ndim: 3 })];
  }

  override build(inputShape: Parameters<layers.Layer["build"]>[0]): void {
    const features = Number(inputShape.flat().at(-1));
    const { heads } = this;
    const keyDim = this.#args.keyDim ?? features / heads;
    if (!Number.isInteger(keyDim)) {
      throw new UnfitArgument(
        "heads",
        `${features} features cannot be divided among ${heads} heads. Choose a number of heads that divides ${features}, or set "keyDim".`,
      );
    }
    this.#keyDim = keyDim;
    const inside = heads * keyDim;
    this.#query = this.#projection("query", features, inside);
    this.#key = this.#projection("key", features, inside);
    this.#value = this.#projection("value", features, inside);
    this.#output = this.#projection("output", inside, features);
    this.built = true;
  }

  #projection(name: "query" | "key" | "value" | "output", rows: number, columns: number): Projection {
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

  override call(inputs: Parameters<Call>[0], kwargs: Parameters<Call>[1]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!x) throw new Error("Self-attention was called without input.");
      const [batch = 0, timesteps = 0] = x.shape;
      const sequences = [project(x, this.#query), project(x, this.#key), project(x, this.#value)] as const;
      const given: unknown = kwargs?.["mask"];
      const mask = given instanceof tf.Tensor ? hidden(given, batch, timesteps) : null;
      const spec = {
        samples: batch,
        timesteps,
        heads: this.heads,
        size: this.#keyDim,
        later: this.causal ? unseen : null,
      };
      const joined = attention(spec, sequences, mask) ?? composed(spec, sequences, mask);
      const out = project(joined, this.#output);
      return this.residual ? tf.add(x, out) : out;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { heads, causal, residual } = this;
    return { ...super.getConfig(), heads, causal, residual, keyDim: this.#args.keyDim ?? null };
  }
}

/** Attention in tfjs's own operations. */
function composed(
  { samples, timesteps, heads, size, later }: AttentionSpec,
  sequences: readonly [query: tf.Tensor, key: tf.Tensor, value: tf.Tensor],
  mask: tf.Tensor | null,
): tf.Tensor {
  const apart = (x: tf.Tensor): tf.Tensor =>
    tf.transpose(tf.reshape(x, [samples, timesteps, heads, size]), [0, 2, 1, 3]);
  const [query, key, value] = sequences;
  let scores = tf.mul(tf.matMul(apart(query), apart(key), false, true), 1 / Math.sqrt(size));
  if (later !== null) scores = tf.add(scores, afterwards(timesteps, later));
  if (mask) scores = tf.add(scores, mask);
  const seen = tf.matMul(tf.softmax(scores), apart(value));
  return tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [samples, timesteps, heads * size]);
}

/** x W + b along the last axis of a B × T × D tensor. */
function project(x: tf.Tensor, projection: Projection | null): tf.Tensor {
  if (!projection) throw new Error("The layer has not been built.");
  const [batch = 0, timesteps = 0, features = 0] = x.shape;
  const kernel = projection.kernel.read();
  const flat = tf.reshape<tf.Rank.R2>(x, [batch * timesteps, features]);
  const bias = projection.bias?.read();
  const biased = tf.fused.matMul({ a: flat, b: kernel, ...(bias && { bias }) });
  return tf.reshape(biased, [batch, timesteps, kernel.shape[1] ?? 0]);
}

/** T × T: `value` where row t must not see a column after t. */
function afterwards(timesteps: number, value: number): tf.Tensor {
  const values = new Float32Array(timesteps * timesteps);
  for (let t = 0; t < timesteps; t++) values.fill(value, t * timesteps + t + 1, (t + 1) * timesteps);
  return tf.tensor2d(values, [timesteps, timesteps]);
}

/** Converts a mask (B × T, 1: visible) to what is added to the scores of any row and head. */
export function hidden(mask: tf.Tensor, batch: number, timesteps: number): tf.Tensor {
  const shown = tf.reshape(tf.cast(tf.cast(mask, "bool"), "float32"), [batch, 1, 1, timesteps]);
  return tf.mul(tf.sub(1, shown), unseen);
}

tf.serialization.registerClass(SelfAttention);

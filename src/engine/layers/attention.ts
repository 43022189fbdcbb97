/** Attention pooling: turns a sequence of states into one vector. */

import * as tf from "@tensorflow/tfjs-core";
import { InputSpec, type LayerVariable, layers } from "@tensorflow/tfjs-layers";
import { hidden } from "./attend.ts";
import { type WeightArguments, type Weighting, weighting } from "./weighting.ts";

type Call = layers.Layer["call"];
type Shape = Parameters<layers.Layer["build"]>[0];

export interface AttentionArgs extends NonNullable<ConstructorParameters<typeof layers.Layer>[0]> {
  readonly units?: number;
  readonly kernelInitializer: WeightArguments["initializer"];
  readonly kernelRegularizer?: WeightArguments["regularizer"];
  readonly kernelConstraint?: WeightArguments["constraint"];
  readonly biasInitializer: WeightArguments["initializer"];
  readonly contextInitializer: WeightArguments["initializer"];
}

/**
 * Additive attention (Bahdanau et al. 2015) with a learnt query, as a pooling over time (Yang et al. 2016, section
 * 2.2): e_t = vᵀ tanh(W h_t + b), α = softmax over t, output Σ α_t h_t; B × T × H → B × H. The gradient enters every
 * state directly, weighted by α_t, however long the way back through the recurrence is. Weights: kernel [H, units],
 * bias [units], context (v) [units, 1].
 */
export class Attention extends layers.Layer {
  /** Not `Attention`, which is another layer in Keras. */
  static readonly className = "AttentionPooling";
  readonly kernelInitializer: Weighting["initializer"];
  readonly biasInitializer: Weighting["initializer"];
  readonly contextInitializer: Weighting["initializer"];
  readonly #units: number | null;
  readonly #ofKernel: Weighting;
  #kernel: LayerVariable | null = null;
  #bias: LayerVariable | null = null;
  #context: LayerVariable | null = null;

  constructor(args: AttentionArgs) {
    super(args);
    this.#units = args.units ?? null;
    this.#ofKernel = weighting({
      initializer: args.kernelInitializer,
      regularizer: args.kernelRegularizer,
      constraint: args.kernelConstraint,
    });
    this.kernelInitializer = this.#ofKernel.initializer;
    this.biasInitializer = weighting({ initializer: args.biasInitializer }).initializer;
    this.contextInitializer = weighting({ initializer: args.contextInitializer }).initializer;
    this.supportsMasking = true;
    // No mask comes out, because the time axis is gone. tfjs expects null for this, which its types do not allow.
    Object.defineProperty(this, "computeMask", { value: () => null });
    this.inputSpec = [new InputSpec({ ndim: 3 })];
  }

  override build(inputShape: Shape): void {
    const features = Number(inputShape.flat().at(-1));
    const units = this.#units ?? features;
    const { regularizer, constraint } = this.#ofKernel;
    const { kernelInitializer, biasInitializer, contextInitializer } = this;
    this.#kernel = this.addWeight(
      "kernel",
      [features, units],
      "float32",
      kernelInitializer,
      regularizer,
      true,
      constraint,
    );
    this.#bias = this.addWeight("bias", [units], "float32", biasInitializer);
    this.#context = this.addWeight("context", [units, 1], "float32", contextInitializer);
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape): (number | null)[] {
    const shape = inputShape.flat();
    return [shape[0] ?? null, shape.at(-1) ?? null];
  }

  override call(inputs: Parameters<Call>[0], kwargs: Parameters<Call>[1]): tf.Tensor {
    return tf.tidy(() => {
      const h = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!h || !this.#kernel || !this.#bias || !this.#context)
        throw new Error("Attention was called before it was built.");
      const [batch = 0, timesteps = 0, features = 0] = h.shape;
      const flat = tf.reshape(h, [batch * timesteps, features]);
      const energy = tf.matMul(
        tf.tanh(tf.add(tf.matMul(flat, this.#kernel.read()), this.#bias.read())),
        this.#context.read(),
      );
      const mask: unknown = kwargs?.["mask"];
      let scores: tf.Tensor = tf.reshape(energy, [batch, 1, timesteps]);
      if (mask instanceof tf.Tensor)
        scores = tf.add(scores, tf.reshape(hidden(mask, batch, timesteps), [batch, 1, timesteps]));
      return tf.reshape(tf.matMul(tf.softmax(scores), h), [batch, features]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.#units };
  }
}

tf.serialization.registerClass(Attention);

/** Positional encoding: tells layers without recurrence the position in the sequence. */

import * as tf from "@tensorflow/tfjs-core";
import { InputSpec, type LayerVariable, layers } from "@tensorflow/tfjs-layers";
import { type WeightArguments, type Weighting, weighting } from "./weighting.ts";

type Call = layers.Layer["call"];

export interface PositionalEncodingArgs extends NonNullable<ConstructorParameters<typeof layers.Layer>[0]> {
  readonly encoding: "sinusoidal" | "learned";
  readonly positionsInitializer: WeightArguments["initializer"];
}

/**
 * Adds a vector that depends only on the position to each timestep of x (B × T × D): the sines and cosines of Vaswani
 * et al. 2017, section 3.5, or a learnt vector (weight positions [T, D]; Gehring et al. 2017).
 */
export class PositionalEncoding extends layers.Layer {
  static readonly className = "PositionalEncoding";
  readonly encoding: "sinusoidal" | "learned";
  readonly positionsInitializer: Weighting["initializer"];
  #positions: LayerVariable | null = null;

  constructor(args: PositionalEncodingArgs) {
    super(args);
    this.encoding = args.encoding;
    this.positionsInitializer = weighting({ initializer: args.positionsInitializer }).initializer;
    this.supportsMasking = true;
    this.inputSpec = [new InputSpec({ ndim: 3 })];
  }

  override build(inputShape: Parameters<layers.Layer["build"]>[0]): void {
    const [, timesteps, features] = inputShape.flat();
    if (this.encoding === "learned") {
      const shape = [Number(timesteps), Number(features)];
      this.#positions = this.addWeight("positions", shape, "float32", this.positionsInitializer);
    }
    this.built = true;
  }

  override call(inputs: Parameters<Call>[0]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!x) throw new Error("The positional encoding was called without input.");
      const [, timesteps = 0, features = 0] = x.shape;
      const positions = this.#positions?.read() ?? tf.tensor2d(sinusoids(timesteps, features), [timesteps, features]);
      return tf.add(x, positions);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), encoding: this.encoding };
  }
}

/** PE(t, 2i) = sin(t / 10000^(2i/D)), PE(t, 2i + 1) = cos of the same, t from 0; row-major, T × D. */
function sinusoids(timesteps: number, features: number): Float32Array {
  const values = new Float32Array(timesteps * features);
  for (let t = 0; t < timesteps; t++) {
    for (let d = 0; d < features; d++) {
      const angle = t / 10_000 ** ((d - (d % 2)) / features);
      values[t * features + d] = d % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return values;
}

tf.serialization.registerClass(PositionalEncoding);

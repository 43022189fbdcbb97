/** Layers without weights that apply a function to each value. */

import * as tf from "@tensorflow/tfjs-core";
import type { ElementwiseFunction } from "../../config/schema/names.ts";
import { type LayerArgs, OneInput } from "./oneInput.ts";

const functions: { readonly [name in ElementwiseFunction]: (x: tf.Tensor) => tf.Tensor } = {
  abs: tf.abs,
  sign: tf.sign,
  sqrt: tf.sqrt,
  rsqrt: tf.rsqrt,
  log: tf.log,
  log1p: tf.log1p,
  expm1: tf.expm1,
  reciprocal: tf.reciprocal,
  sin: tf.sin,
  cos: tf.cos,
  sinh: tf.sinh,
  cosh: tf.cosh,
  atan: tf.atan,
  erf: tf.erf,
  floor: tf.floor,
  ceil: tf.ceil,
};

export interface ElementwiseArgs extends LayerArgs {
  readonly function: ElementwiseFunction;
}

export class Elementwise extends OneInput {
  static readonly className = "Elementwise";
  readonly #function: ElementwiseFunction;

  constructor(args: ElementwiseArgs) {
    super(args);
    this.#function = args.function;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return functions[this.#function](x);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), function: this.#function };
  }
}

export interface PowerArgs extends LayerArgs {
  readonly exponent: number;
}

/** x to a constant power. */
export class Power extends OneInput {
  static readonly className = "Power";
  readonly #exponent: number;

  constructor(args: PowerArgs) {
    super(args);
    this.#exponent = args.exponent;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.pow(x, this.#exponent);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), exponent: this.#exponent };
  }
}

export interface ClipArgs extends LayerArgs {
  readonly low: number;
  readonly high: number;
}

/** The nearest value from `low` to `high`. */
export class Clip extends OneInput {
  static readonly className = "Clip";
  readonly #args: ClipArgs;

  constructor(args: ClipArgs) {
    super(args);
    this.#args = args;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.clipByValue(x, this.#args.low, this.#args.high);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { low, high } = this.#args;
    return { ...super.getConfig(), low, high };
  }
}

for (const kind of [Elementwise, Power, Clip]) tf.serialization.registerClass(kind);

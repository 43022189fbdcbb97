/** Comparisons, and the choice between two values that they decide. */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import type { Comparison } from "../../config/schema/names.ts";
import { type LayerArgs, OneInput } from "./oneInput.ts";

const comparisons: { readonly [name in Comparison]: (a: tf.Tensor, b: number) => tf.Tensor } = {
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  equal: tf.equal,
  notEqual: tf.notEqual,
};

export interface CompareArgs extends LayerArgs {
  readonly by: Comparison;
  readonly to: number;
}

/** 1 where a comparison with a number holds, otherwise 0. No gradient passes. */
export class Compare extends OneInput {
  static readonly className = "Compare";
  readonly by: Comparison;
  readonly to: number;

  constructor(args: CompareArgs) {
    super(args);
    this.by = args.by;
    this.to = args.to;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    // tfjs has no gradient of a comparison, because it has none but zero.
    const constant = tf.customGrad((...given) => {
      const [value] = given;
      const of = value instanceof tf.Tensor ? value : x;
      return { value: tf.cast(comparisons[this.by](of, this.to), "float32"), gradFunc: () => tf.zerosLike(of) };
    });
    return constant(x);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), by: this.by, to: this.to };
  }
}

export interface WhereArgs extends LayerArgs {
  readonly value?: number;
  readonly otherwise?: number;
}

type Call = layers.Layer["call"];

/**
 * Its second input where the first one is not 0, elsewhere its third input; a number can stand for each of the two. A value
 * that is not chosen may be NaN.
 */
export class Where extends layers.Layer {
  static readonly className = "Where";
  readonly #args: WhereArgs;

  constructor(args: WhereArgs) {
    super(args);
    this.#args = args;
  }

  override call(inputs: Parameters<Call>[0]): tf.Tensor {
    const given = Array.isArray(inputs) ? inputs : [inputs];
    const { value, otherwise } = this.#args;
    const [condition, ...values] = given;
    const wanted = 1 + [value, otherwise].filter((each) => each === undefined).length;
    if (!condition || given.length !== wanted)
      throw new Error(`takes ${wanted} inputs: the condition and each value that is no number.`);
    return tf.tidy(() => {
      const a = value ?? values.shift() ?? 0;
      const b = otherwise ?? values.shift() ?? 0;
      const shape = tf.broadcast_util.assertAndGetBroadcastShape(
        condition.shape,
        tf.broadcast_util.assertAndGetBroadcastShape(shapeOf(a), shapeOf(b)),
      );
      const whole = (each: number | tf.Tensor) =>
        typeof each === "number" ? tf.fill(shape, each) : tf.broadcastTo(each, shape);
      return tf.where(tf.cast(tf.broadcastTo(condition, shape), "bool"), whole(a), whole(b));
    });
  }

  override computeOutputShape(inputShape: Parameters<layers.Layer["computeOutputShape"]>[0]): (number | null)[] {
    const shapes = Array.isArray(inputShape[0])
      ? inputShape.map((shape) => (Array.isArray(shape) ? shape : []))
      : [inputShape.flat()];
    const sizes = shapes
      .map((shape) => shape.slice(1).map(Number))
      .reduce((all, shape) => tf.broadcast_util.assertAndGetBroadcastShape(all, shape));
    return [shapes[0]?.[0] ?? null, ...sizes];
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { value = null, otherwise = null } = this.#args;
    return { ...super.getConfig(), value, otherwise };
  }
}

function shapeOf(value: number | tf.Tensor): number[] {
  return typeof value === "number" ? [] : value.shape;
}

for (const kind of [Compare, Where]) tf.serialization.registerClass(kind);

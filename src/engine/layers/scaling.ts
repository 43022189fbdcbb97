/** Layers that divide values by a measure of their size. */

import * as tf from "@tensorflow/tfjs-core";
import { initializers, type LayerVariable } from "@tensorflow/tfjs-layers";
import { arrayWords } from "../../messages/arrays.ts";
import { type BatchShape, batchShape, fromStart, type LayerArgs, OneInput } from "./oneInput.ts";
import { UnfitArgument } from "./unfitArgument.ts";
import { type WeightArguments, type Weighting, weighting } from "./weighting.ts";

type Axes = number | readonly number[];

/** Keras's epsilon of `UnitNormalization` for float32. */
const unitEpsilon = 1e-12;

export interface UnitNormalizationArgs extends LayerArgs {
  readonly axis: Axes;
}

/** x / √(Σ x²) along axes. */
export class UnitNormalization extends OneInput {
  static readonly className = "UnitNormalization";
  readonly axis: readonly number[];

  constructor(args: UnitNormalizationArgs) {
    super(args);
    this.axis = [args.axis].flat();
    this.supportsMasking = true;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const axes = this.axis.map((axis) => fromStart(axis, x.rank));
    return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), axes, true), unitEpsilon)));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: [...this.axis] };
  }
}

export interface RmsNormalizationArgs extends LayerArgs {
  readonly epsilon: number;
  readonly gammaInitializer: WeightArguments["initializer"];
}

/** γ x / √(mean(x²) + ε) over the last axis (Zhang & Sennrich 2019); weight gamma [D]. */
export class RmsNormalization extends OneInput {
  static readonly className = "RMSNormalization";
  readonly epsilon: number;
  readonly gammaInitializer: Weighting["initializer"];
  #gamma: LayerVariable | null = null;

  constructor(args: RmsNormalizationArgs) {
    super(args);
    this.epsilon = args.epsilon;
    this.gammaInitializer = weighting({ initializer: args.gammaInitializer }).initializer;
    this.supportsMasking = true;
  }

  override build(inputShape: Parameters<OneInput["build"]>[0]): void {
    const features = Number(batchShape(inputShape).at(-1));
    this.#gamma = this.addWeight("gamma", [features], "float32", this.gammaInitializer);
    this.built = true;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const scaled = tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), this.epsilon)));
    return this.#gamma ? tf.mul(scaled, this.#gamma.read()) : scaled;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), epsilon: this.epsilon };
  }
}

/** Keras's epsilon in the normalization of data. */
const dataEpsilon = 1e-7;

export interface NormalizationArgs extends LayerArgs {
  readonly axis: Axes | null;
  readonly mean?: number | readonly number[];
  readonly variance?: number | readonly number[];
  readonly invert: boolean;
}

/**
 * (x − mean) / √variance, with statistics of data. They are stated, or are weights that are not trained: mean and
 * variance, with the sizes of `axis`.
 */
export class Normalization extends OneInput {
  static readonly className = "Normalization";
  readonly #args: NormalizationArgs;
  #mean: LayerVariable | null = null;
  #variance: LayerVariable | null = null;
  #sizes: number[] = [];

  constructor(args: NormalizationArgs) {
    super(args);
    this.#args = args;
    this.supportsMasking = true;
  }

  override build(inputShape: Parameters<OneInput["build"]>[0]): void {
    const shape: BatchShape = batchShape(inputShape);
    const { axis, mean } = this.#args;
    const axes = (axis === null ? [] : [axis].flat()).map((each) => fromStart(each, shape.length));
    this.#sizes = shape.map((size, i) => (axes.includes(i) ? Number(size) : 1));
    if (mean === undefined) {
      const sizes = axes.map((each) => Number(shape[each]));
      const add = (name: string, initializer: "zeros" | "ones") =>
        this.addWeight(name, sizes, "float32", initializers[initializer](), undefined, false);
      this.#mean = add("mean", "zeros");
      this.#variance = add("variance", "ones");
    }
    this.built = true;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const statistic = (weight: LayerVariable | null, stated: NormalizationArgs["mean"]): tf.Tensor => {
      const value = weight?.read() ?? tf.tensor1d([stated ?? 0].flat());
      return tf.reshape(value, value.size === 1 ? [] : this.#sizes);
    };
    const mean = statistic(this.#mean, this.#args.mean);
    const deviation = tf.maximum(tf.sqrt(statistic(this.#variance, this.#args.variance ?? 1)), dataEpsilon);
    return this.#args.invert ? tf.add(mean, tf.mul(x, deviation)) : tf.div(tf.sub(x, mean), deviation);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { axis, mean = null, variance = null, invert } = this.#args;
    const plain = (value: Axes | null) => (typeof value === "object" && value !== null ? [...value] : value);
    return { ...super.getConfig(), axis: plain(axis), mean: plain(mean), variance: plain(variance), invert };
  }
}

for (const kind of [UnitNormalization, RmsNormalization, Normalization]) tf.serialization.registerClass(kind);

type Factors = number | readonly number[] | readonly (readonly number[])[];

export interface RescalingOfFeaturesArgs extends LayerArgs {
  readonly scale: Factors;
  readonly offset: Factors;
}

/** scale × x + offset, with numbers of their own for each feature, or each timestep and feature; tfjs's rescaling has one of each. */
export class RescalingOfFeatures extends OneInput {
  static readonly className = "RescalingOfFeatures";
  readonly #args: RescalingOfFeaturesArgs;

  constructor(args: RescalingOfFeaturesArgs) {
    super(args);
    this.#args = args;
  }

  override build(inputShape: Parameters<OneInput["build"]>[0]): void {
    const [timesteps, features] = batchShape(inputShape).slice(-2);
    for (const key of ["scale", "offset"] as const) {
      const given = this.#args[key];
      if (typeof given === "number") continue;
      const rows: readonly (readonly number[])[] = given.every(Array.isArray) ? given : [given.map(Number)];
      const uneven = rows.find((row) => row.length !== features && (row.length !== 1 || rows[0]?.length !== 1));
      if (uneven)
        throw new UnfitArgument(key, arrayWords().unevenNumbers({ key, n: uneven.length, features: Number(features) }));
      if (rows.length !== 1 && rows.length !== timesteps)
        throw new UnfitArgument(key, arrayWords().unevenLists({ key, n: rows.length, timesteps: Number(timesteps) }));
    }
    this.built = true;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const [scale, offset] = [this.#args.scale, this.#args.offset].map((each) =>
      typeof each === "number" ? tf.scalar(each) : constant(each),
    );
    return tf.add(tf.mul(x, scale!), offset!);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const [scale, offset] = [this.#args.scale, this.#args.offset].map((each) =>
      typeof each === "number" ? [each] : each.map((row) => (typeof row === "number" ? row : [...row])),
    );
    return { ...super.getConfig(), scale: scale!, offset: offset! };
  }
}

function constant(values: Exclude<Factors, number>): tf.Tensor {
  const rows: readonly (readonly number[])[] = values.every(Array.isArray) ? values : [values.map(Number)];
  const table = tf.tensor2d(rows.map((row) => [...row]));
  return table.shape[0] === 1 ? tf.reshape(table, [-1]) : table;
}

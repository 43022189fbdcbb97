/** Attention without projections: Keras's Attention (Luong et al. 2015) and AdditiveAttention (Bahdanau et al. 2015). */

import * as tf from "@tensorflow/tfjs-core";
import { type LayerVariable, layers } from "@tensorflow/tfjs-layers";
import { buildingWords } from "../../messages/building.ts";
import { both, unseen, upTo } from "./attend.ts";
import { UnfitArgument } from "./unfitArgument.ts";
import { type WeightArguments, type Weighting, weighting } from "./weighting.ts";

type Call = layers.Layer["call"];
type Shape = Parameters<layers.Layer["build"]>[0];

export interface ScoredAttentionArgs extends NonNullable<ConstructorParameters<typeof layers.Layer>[0]> {
  readonly useScale: boolean;
  readonly scaleInitializer: WeightArguments["initializer"];
  readonly causal: boolean;
  readonly dropout: number;
}

/**
 * softmax(scores) V: the query, B × T × D, the values, B × S × E, and the keys, B × S × D, which are the values unless given;
 * B × T × E. Masked values get no share, and masked timesteps of the query give zeros, as in Keras.
 */
export abstract class ScoredAttention extends layers.Layer {
  readonly causal: boolean;
  readonly dropout: number;
  /** Drops entries of a tensor; the code that seeds the model replaces it by one with a stream of its own. */
  dropoutFunc: (x: tf.Tensor, rate: number) => tf.Tensor = (x, rate) => tf.dropout(x, rate);
  readonly scaleInitializer: Weighting["initializer"];
  protected readonly useScale: boolean;
  protected scale: LayerVariable | null = null;

  constructor(args: ScoredAttentionArgs) {
    super(args);
    this.causal = args.causal;
    this.dropout = args.dropout;
    this.useScale = args.useScale;
    this.scaleInitializer = weighting({ initializer: args.scaleInitializer }).initializer;
    this.supportsMasking = true;
  }

  /** B × T × S. */
  protected abstract scores(query: tf.Tensor, key: tf.Tensor): tf.Tensor;

  override build(inputShape: Shape): void {
    const shapes = shapesOf(inputShape);
    const [query = [], value = [], key = value] = shapes;
    if (shapes.some((shape) => shape.length !== 3)) throw new UnfitArgument("inputs", buildingWords().needsSequences);
    if (query[2] !== key[2])
      throw new UnfitArgument(
        "inputs",
        buildingWords().queryAndKeys({ query: Number(query[2]), keys: Number(key[2]) }),
      );
    if (key[1] !== value[1])
      throw new UnfitArgument(
        "inputs",
        buildingWords().valuesAndKeys({ values: Number(value[1]), keys: Number(key[1]) }),
      );
    this.addScoreWeights(Number(query[2]));
    this.built = true;
  }

  protected abstract addScoreWeights(features: number): void;

  override computeOutputShape(inputShape: Shape): (number | null)[] {
    const [query = [], value = []] = shapesOf(inputShape);
    return [...query.slice(0, -1), value.at(-1) ?? null];
  }

  /** @param inputs query, values, and perhaps keys; `mask` of the keyword arguments has a mask or null for each. */
  override call(inputs: Parameters<Call>[0], kwargs: Parameters<Call>[1]): tf.Tensor {
    return tf.tidy(() => {
      const [query, value, key = value] = Array.isArray(inputs) ? inputs : [inputs];
      if (!query || !value || !key) throw new Error("Attention was called without values.");
      const masks = [kwargs?.["mask"]].flat().map((mask: unknown) => (mask instanceof tf.Tensor ? mask : null));
      const [queryMask = null, valueMask = null] = masks;
      const [samples = 0, timesteps = 0] = query.shape;
      const [, keys = 0] = key.shape;
      const visible = both(
        this.causal ? tf.reshape(upTo(timesteps, keys), [1, timesteps, keys]) : null,
        valueMask ? tf.reshape(asNumbers(valueMask), [samples, 1, keys]) : null,
      );
      const scored = this.scores(query, key);
      let shares = tf.softmax(visible ? tf.add(scored, tf.mul(tf.sub(1, visible), unseen)) : scored);
      if (kwargs?.["training"] && this.dropout > 0) shares = this.dropoutFunc(shares, this.dropout);
      const seen = tf.matMul(shares, value);
      return queryMask ? tf.mul(seen, tf.reshape(asNumbers(queryMask), [samples, timesteps, 1])) : seen;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { useScale, causal, dropout } = this;
    return { ...super.getConfig(), useScale, causal, dropout };
  }
}

export interface DotAttentionArgs extends ScoredAttentionArgs {
  readonly scoreMode: "dot" | "concat";
}

/** Scores Q Kᵀ, or Σ tanh(q + k) with `scoreMode` `concat`; with `useScale`, times a learnt factor. */
export class DotAttention extends ScoredAttention {
  static readonly className = "DotAttention";
  readonly #concat: boolean;
  #factor: LayerVariable | null = null;

  constructor(args: DotAttentionArgs) {
    super(args);
    this.#concat = args.scoreMode === "concat";
  }

  protected addScoreWeights(): void {
    const { scaleInitializer } = this;
    if (this.useScale) this.scale = this.addWeight("scale", [], "float32", scaleInitializer);
    if (this.#concat) this.#factor = this.addWeight("concat_score_weight", [], "float32", scaleInitializer);
  }

  protected scores(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
    const scale = this.scale?.read();
    if (!this.#factor) {
      const product = tf.matMul(query, key, false, true);
      return scale ? tf.mul(product, scale) : product;
    }
    const sum = pairs(query, key);
    return tf.mul(this.#factor.read(), tf.sum(tf.tanh(scale ? tf.mul(scale, sum) : sum), -1));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), scoreMode: this.#concat ? "concat" : "dot" };
  }
}

/** Scores Σ scale · tanh(q + k), with a learnt factor for each feature unless `useScale` is false. */
export class AdditiveAttention extends ScoredAttention {
  static readonly className = "AdditiveAttention";

  protected addScoreWeights(features: number): void {
    if (this.useScale) this.scale = this.addWeight("scale", [features], "float32", this.scaleInitializer);
  }

  protected scores(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
    const bent = tf.tanh(pairs(query, key));
    return tf.sum(this.scale ? tf.mul(this.scale.read(), bent) : bent, -1);
  }
}

/** q + k for each pair of timesteps; B × T × S × D. */
function pairs(query: tf.Tensor, key: tf.Tensor): tf.Tensor {
  return tf.add(tf.expandDims(query, 2), tf.expandDims(key, 1));
}

function asNumbers(mask: tf.Tensor): tf.Tensor {
  return tf.cast(tf.cast(mask, "bool"), "float32");
}

function shapesOf(shape: Shape): readonly (readonly (number | null)[])[] {
  const all: readonly unknown[] = shape;
  return all.every(Array.isArray) ? all.map((each: readonly (number | null)[]) => each) : [shape.flat()];
}

for (const kind of [DotAttention, AdditiveAttention]) tf.serialization.registerClass(kind);

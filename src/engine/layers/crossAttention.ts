/** Multi-head attention of one sequence to another. */

import * as tf from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { buildingWords } from "../../messages/building.ts";
import { type HeadArgs, HeadProjections } from "./headProjections.ts";
import { UnfitArgument } from "./unfitArgument.ts";

type Call = layers.Layer["call"];
type Shape = Parameters<layers.Layer["build"]>[0];

export interface CrossAttentionArgs extends HeadArgs {
  readonly valueDim?: number;
  readonly units?: number;
}

/**
 * Computes the same as Keras's MultiHeadAttention. Its inputs are the query, B × T × D, the values, B × S × E, and the
 * keys, B × S × F, which are the values unless given; B × T × `units`. Each input may have a mask.
 */
export class CrossAttention extends HeadProjections {
  static readonly className = "CrossAttention";
  readonly #args: CrossAttentionArgs;

  constructor(args: CrossAttentionArgs) {
    super(args);
    this.#args = args;
  }

  override build(inputShape: Shape): void {
    const [query = [], value = [], key = value] = shapesOf(inputShape);
    const [ofQuery, ofValue, ofKey] = [query, value, key].map((shape) => Number(shape.at(-1)));
    for (const shape of [query, value, key])
      if (shape.length !== 3) throw new UnfitArgument("inputs", buildingWords().needsSequencesNot(shape.length - 1));
    if (key[1] !== value[1])
      throw new UnfitArgument(
        "inputs",
        buildingWords().valuesAndKeys({ values: Number(value[1]), keys: Number(key[1]) }),
      );
    const { heads } = this;
    const keyDim = this.#args.keyDim ?? ofQuery! / heads;
    if (!Number.isInteger(keyDim))
      throw new UnfitArgument("heads", buildingWords().headsOfQuery({ features: ofQuery ?? 0, heads }));
    const valueDim = this.#args.valueDim ?? keyDim;
    this.addProjections({
      query: [ofQuery!, heads * keyDim],
      key: [ofKey!, heads * keyDim],
      value: [ofValue!, heads * valueDim],
      output: [heads * valueDim, this.#args.units ?? ofQuery!],
    });
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape): (number | null)[] {
    const [query = []] = shapesOf(inputShape);
    return [...query.slice(0, -1), this.#args.units ?? query.at(-1) ?? null];
  }

  /** @param inputs query, values, and perhaps keys; `mask` of the keyword arguments has a mask or null for each. */
  override call(inputs: Parameters<Call>[0], kwargs: Parameters<Call>[1]): tf.Tensor {
    return tf.tidy(() => {
      const [query, value, key = value] = Array.isArray(inputs) ? inputs : [inputs];
      if (!query || !value || !key) throw new Error("Cross-attention was called without values.");
      const masks = [kwargs?.["mask"]].flat().map((mask: unknown) => (mask instanceof tf.Tensor ? mask : null));
      const [queryMask = null, valueMask = null, ownMask = null] = masks;
      const keyMask = valueMask && ownMask && ownMask !== valueMask ? tf.logicalAnd(valueMask, ownMask) : valueMask;
      const attended = { query, key, value, queryMask, keyMask: keyMask ?? ownMask };
      return this.attended(attended, Boolean(kwargs?.["training"]));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { valueDim = null, units = null } = this.#args;
    return { ...super.getConfig(), valueDim, units };
  }
}

function shapesOf(shape: Shape): readonly (readonly (number | null)[])[] {
  const all: readonly unknown[] = shape;
  return all.every(Array.isArray) ? all.map((each: readonly (number | null)[]) => each) : [shape.flat()];
}

tf.serialization.registerClass(CrossAttention);

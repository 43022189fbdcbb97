/** Multi-head self-attention over a sequence. */

import * as tf from "@tensorflow/tfjs-core";
import { InputSpec, type layers } from "@tensorflow/tfjs-layers";
import { buildingWords } from "../../messages/building.ts";
import { type HeadArgs, HeadProjections } from "./headProjections.ts";
import { UnfitArgument } from "./unfitArgument.ts";

type Call = layers.Layer["call"];

export interface SelfAttentionArgs extends HeadArgs {
  readonly residual: boolean;
}

/** Computes the same as Keras's MultiHeadAttention of x with itself; B × T × D → B × T × D. */
export class SelfAttention extends HeadProjections {
  static readonly className = "SelfAttention";
  readonly residual: boolean;
  readonly #keyDim: number | null;

  constructor(args: SelfAttentionArgs) {
    super(args);
    this.residual = args.residual;
    this.#keyDim = args.keyDim ?? null;
    this.inputSpec = [new InputSpec({ ndim: 3 })];
  }

  override build(inputShape: Parameters<layers.Layer["build"]>[0]): void {
    const features = Number(inputShape.flat().at(-1));
    const { heads } = this;
    const keyDim = this.#keyDim ?? features / heads;
    if (!Number.isInteger(keyDim)) {
      throw new UnfitArgument("heads", buildingWords().heads({ features, heads }));
    }
    const inside = heads * keyDim;
    const into = [features, inside] as const;
    this.addProjections({ query: into, key: into, value: into, output: [inside, features] });
    this.built = true;
  }

  override call(inputs: Parameters<Call>[0], kwargs: Parameters<Call>[1]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!x) throw new Error("Self-attention was called without input.");
      const given: unknown = kwargs?.["mask"];
      const mask = given instanceof tf.Tensor ? given : null;
      const attended = { query: x, key: x, value: x, queryMask: mask, keyMask: mask };
      const out = this.attended(attended, Boolean(kwargs?.["training"]));
      return this.residual ? tf.add(x, out) : out;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), residual: this.residual };
  }
}

tf.serialization.registerClass(SelfAttention);

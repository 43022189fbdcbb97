/** Group normalization (Wu & He 2018). */

import * as tf from "@tensorflow/tfjs-core";
import type { LayerVariable } from "@tensorflow/tfjs-layers";
import { buildingWords } from "../../messages/building.ts";
import { type BatchShape, batchShape, type LayerArgs, OneInput } from "./oneInput.ts";
import { UnfitArgument } from "./unfitArgument.ts";
import { type WeightArguments, type Weighting, weighting } from "./weighting.ts";

export interface GroupNormalizationArgs extends LayerArgs {
  readonly groups: number;
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  readonly betaInitializer: WeightArguments["initializer"];
  readonly gammaInitializer: WeightArguments["initializer"];
}

/**
 * γ (x − mean) / √(variance + ε) + β, over all positions and the features of a group; weights gamma and beta [D]. −1 groups: one
 * for each feature (instance normalization).
 */
export class GroupNormalization extends OneInput {
  static readonly className = "GroupNormalization";
  readonly gammaInitializer: Weighting["initializer"];
  readonly betaInitializer: Weighting["initializer"];
  readonly #args: GroupNormalizationArgs;
  #groups = 1;
  #gamma: LayerVariable | null = null;
  #beta: LayerVariable | null = null;

  constructor(args: GroupNormalizationArgs) {
    super(args);
    this.#args = args;
    this.gammaInitializer = weighting({ initializer: args.gammaInitializer }).initializer;
    this.betaInitializer = weighting({ initializer: args.betaInitializer }).initializer;
    this.supportsMasking = true;
  }

  override build(inputShape: Parameters<OneInput["build"]>[0]): void {
    const shape: BatchShape = batchShape(inputShape);
    const features = Number(shape.at(-1));
    this.#groups = this.#args.groups === -1 ? features : this.#args.groups;
    if (features % this.#groups !== 0)
      throw new UnfitArgument("groups", buildingWords().featureGroups({ features, groups: this.#groups }));
    const { scale, center } = this.#args;
    if (scale) this.#gamma = this.addWeight("gamma", [features], "float32", this.gammaInitializer);
    if (center) this.#beta = this.addWeight("beta", [features], "float32", this.betaInitializer);
    this.built = true;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const [batch = 0, ...sample] = x.shape;
    const features = sample.at(-1) ?? 1;
    const positions = x.size / (batch * features);
    const grouped = tf.reshape(x, [batch, positions, this.#groups, features / this.#groups]);
    const { mean, variance } = tf.moments(grouped, [1, 3], true);
    const normal = tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, this.#args.epsilon)));
    const back = tf.reshape(normal, x.shape);
    const scaled = this.#gamma ? tf.mul(back, this.#gamma.read()) : back;
    return this.#beta ? tf.add(scaled, this.#beta.read()) : scaled;
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { groups, epsilon, center, scale } = this.#args;
    return { ...super.getConfig(), groups, epsilon, center, scale };
  }
}

tf.serialization.registerClass(GroupNormalization);

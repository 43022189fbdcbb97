/** Layers that add, cut off or repeat timesteps of a sequence (B × T × D). tfjs has them for images only. */

import * as tf from "@tensorflow/tfjs-core";
import { InputSpec } from "@tensorflow/tfjs-layers";
import { type BatchShape, type LayerArgs, OneInput, sized } from "./oneInput.ts";

type Sides = number | readonly number[];

export interface ZeroPadding1DArgs extends LayerArgs {
  readonly padding: Sides;
}

/** Timesteps of zeros before and after. */
export class ZeroPadding1D extends OneInput {
  static readonly className = "ZeroPadding1D";
  readonly padding: readonly [number, number];

  constructor(args: ZeroPadding1DArgs) {
    super(args);
    this.padding = both(args.padding);
    this.inputSpec = [new InputSpec({ ndim: 3 })];
  }

  protected override outputOf([batch = null, timesteps, features = null]: BatchShape): BatchShape {
    return [batch, sized(timesteps) + this.padding[0] + this.padding[1], features];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.pad(x, [[0, 0], [...this.padding], [0, 0]]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: [...this.padding] };
  }
}

export interface Cropping1DArgs extends LayerArgs {
  readonly cropping: Sides;
}

/** Leaves out timesteps at the start and at the end. */
export class Cropping1D extends OneInput {
  static readonly className = "Cropping1D";
  readonly cropping: readonly [number, number];

  constructor(args: Cropping1DArgs) {
    super(args);
    this.cropping = both(args.cropping);
    this.inputSpec = [new InputSpec({ ndim: 3 })];
  }

  protected override outputOf([batch = null, timesteps, features = null]: BatchShape): BatchShape {
    return [batch, sized(timesteps) - this.cropping[0] - this.cropping[1], features];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const [before, after] = this.cropping;
    const [batch = 0, timesteps = 0, features = 0] = x.shape;
    return tf.slice(x, [0, before, 0], [batch, timesteps - before - after, features]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), cropping: [...this.cropping] };
  }
}

export interface UpSampling1DArgs extends LayerArgs {
  readonly size: number;
}

/** Repeats each timestep. */
export class UpSampling1D extends OneInput {
  static readonly className = "UpSampling1D";
  readonly size: number;

  constructor(args: UpSampling1DArgs) {
    super(args);
    this.size = args.size;
    this.inputSpec = [new InputSpec({ ndim: 3 })];
  }

  protected override outputOf([batch = null, timesteps, features = null]: BatchShape): BatchShape {
    return [batch, sized(timesteps) * this.size, features];
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const [batch = 0, timesteps = 0, features = 0] = x.shape;
    const apart = tf.reshape(x, [batch, timesteps, 1, features]);
    const repeated = tf.concat(
      Array.from({ length: this.size }, () => apart),
      2,
    );
    return tf.reshape(repeated, [batch, timesteps * this.size, features]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.size };
  }
}

function both(sides: Sides): readonly [number, number] {
  const [first = 0, second = first] = typeof sides === "number" ? [sides] : sides;
  return [first, second];
}

for (const kind of [ZeroPadding1D, Cropping1D, UpSampling1D]) tf.serialization.registerClass(kind);

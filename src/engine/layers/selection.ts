/** Layers that select or summarize along one axis, or add one. */

import * as tf from "@tensorflow/tfjs-core";
import { type BatchShape, fromStart, type LayerArgs, OneInput } from "./oneInput.ts";

export interface SliceArgs extends LayerArgs {
  readonly axis: number;
  readonly start?: number;
  readonly end?: number;
  readonly step: number;
  readonly index?: number;
}

/** A part of one axis, as Python's `x[:, start:end:step]`; or, with `index`, one position without the axis. */
export class Slice extends OneInput {
  static readonly className = "Slice";
  readonly #args: SliceArgs;

  constructor(args: SliceArgs) {
    super(args);
    this.#args = args;
  }

  /** First position, number of positions, and direction. */
  #range(size: number): { readonly from: number; readonly count: number; readonly step: number } {
    const { index, step, start, end } = this.#args;
    if (index !== undefined) return { from: index < 0 ? index + size : index, count: 1, step: 1 };
    const within = (position: number): number => {
      const low = step < 0 ? -1 : 0;
      const at = position < 0 ? position + size : position;
      return Math.min(Math.max(at, low), step < 0 ? size - 1 : size);
    };
    const from = start === undefined ? (step < 0 ? size - 1 : 0) : within(start);
    const to = end === undefined ? (step < 0 ? -1 : size) : within(end);
    return { from, count: Math.max(0, Math.ceil((to - from) / step)), step };
  }

  protected override outputOf(shape: BatchShape): BatchShape {
    const axis = fromStart(this.#args.axis, shape.length);
    const { count, from } = this.#range(shape[axis] ?? Number.NaN);
    const size = shape[axis] ?? 0;
    const present = from >= 0 && from < size ? count : 0;
    if (this.#args.index === undefined) return shape.map((each, i) => (i === axis ? present : each));
    return present === 0 ? [...shape.slice(0, 1), 0] : shape.filter((_, i) => i !== axis);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const axis = fromStart(this.#args.axis, x.rank);
    const { from, count, step } = this.#range(x.shape[axis] ?? 0);
    if (step !== 1) {
      const positions = Array.from({ length: count }, (_, i) => from + i * step);
      return tf.gather(x, tf.tensor1d(positions, "int32"), axis);
    }
    const begin = x.shape.map((_, i) => (i === axis ? from : 0));
    const part = tf.slice(
      x,
      begin,
      x.shape.map((size, i) => (i === axis ? count : size)),
    );
    return this.#args.index === undefined ? part : tf.squeeze(part, [axis]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { axis, start = null, end = null, step, index = null } = this.#args;
    return { ...super.getConfig(), axis, start, end, step, index };
  }
}

export interface ReduceArgs extends LayerArgs {
  readonly by: "mean" | "sum" | "max" | "min";
  readonly axis: number | readonly number[];
  readonly keepDims: boolean;
}

const reductions = { mean: tf.mean, sum: tf.sum, max: tf.max, min: tf.min } as const;

/** The mean, sum, largest or smallest value along axes. */
export class Reduce extends OneInput {
  static readonly className = "Reduce";
  readonly by: ReduceArgs["by"];
  readonly axis: readonly number[];
  readonly keepDims: boolean;

  constructor(args: ReduceArgs) {
    super(args);
    this.by = args.by;
    this.axis = [args.axis].flat();
    this.keepDims = args.keepDims;
  }

  protected override outputOf(shape: BatchShape): BatchShape {
    const axes = this.axis.map((axis) => fromStart(axis, shape.length));
    if (this.keepDims) return shape.map((size, i) => (axes.includes(i) ? 1 : size));
    return shape.filter((_, i) => !axes.includes(i));
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const axes = this.axis.map((axis) => fromStart(axis, x.rank));
    return reductions[this.by](x, axes, this.keepDims);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), by: this.by, axis: [...this.axis], keepDims: this.keepDims };
  }
}

export interface AxisArgs extends LayerArgs {
  readonly axis: number;
}

/** The sum of all values up to each position of an axis. */
export class CumulativeSum extends OneInput {
  static readonly className = "Cumsum";
  readonly #axis: number;

  constructor(args: AxisArgs) {
    super(args);
    this.#axis = args.axis;
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    const [axis, last] = [fromStart(this.#axis, x.rank), x.rank - 1];
    if (axis === last) return tf.cumsum(x, last);
    // tfjs's gradient (4.22) for any other axis has its axes swapped: it fails, or is wrong if they are equally long.
    const swapped = x.shape.map((_, i) => (i === axis ? last : i === last ? axis : i));
    return tf.transpose(tf.cumsum(tf.transpose(x, swapped), last), swapped);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.#axis };
  }
}

/** A new axis of size 1. */
export class ExpandDims extends OneInput {
  static readonly className = "ExpandDims";
  readonly #axis: number;

  constructor(args: AxisArgs) {
    super(args);
    this.#axis = args.axis;
  }

  #place(rank: number): number {
    return this.#axis < 0 ? this.#axis + rank + 1 : this.#axis;
  }

  protected override outputOf(shape: BatchShape): BatchShape {
    return shape.toSpliced(this.#place(shape.length), 0, 1);
  }

  protected compute(x: tf.Tensor): tf.Tensor {
    return tf.expandDims(x, this.#place(x.rank));
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), axis: this.#axis };
  }
}

for (const kind of [Slice, Reduce, CumulativeSum, ExpandDims]) tf.serialization.registerClass(kind);

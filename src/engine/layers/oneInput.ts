/** The base of our own layers that compute one tensor from one tensor. */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";

type Call = layers.Layer["call"];
export type LayerArgs = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;
/** Shape of a batch, with null for an open size. */
export type BatchShape = readonly (number | null)[];

export abstract class OneInput extends layers.Layer {
  /** Computes the output; called within a tidy. */
  protected abstract compute(x: tf.Tensor, kwargs: Parameters<Call>[1]): tf.Tensor;

  /** Shape of the output. Default: that of the input. */
  protected outputOf(shape: BatchShape): BatchShape {
    return shape;
  }

  override call(inputs: Parameters<Call>[0], kwargs: Parameters<Call>[1]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      if (!x) throw new Error(`The layer ${this.name} was called without input.`);
      return this.compute(x, kwargs);
    });
  }

  override computeOutputShape(inputShape: Parameters<layers.Layer["computeOutputShape"]>[0]): (number | null)[] {
    return [...this.outputOf(batchShape(inputShape))];
  }
}

export function batchShape(shape: Parameters<layers.Layer["build"]>[0]): BatchShape {
  return shape.flat();
}

/** A size that is not open. */
export function sized(size: number | null | undefined): number {
  return size ?? Number.NaN;
}

/** An axis counted from the start. */
export function fromStart(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Draws the masks of a recurrent cell's own dropout as its layer's loop would draw them. */

import * as tf from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { internal, numberAt, override, setInternal } from "../tfjs/internals.ts";
import { drawFirstMasksOnly } from "../tfjs/patches/randomCalls.ts";

export interface DropoutMasks {
  /** B × D: factors of every timestep's input; null: nothing is dropped. */
  readonly input: tf.Tensor | null;
  /** B × H: factors of h wherever the next timestep reads it. */
  readonly recurrent: tf.Tensor | null;
}

/**
 * A cell draws its masks in its first call of a sequence and keeps them to the end. So it is called once here, on
 * zeros, with its own stream of random numbers: this gives the masks of its own loop, for any kind of cell.
 *
 * @param x B × T × D.
 * @param states widths of the cell's states.
 */
export function drawDropoutMasks(cell: layers.Layer, x: tf.Tensor, states: readonly number[]): DropoutMasks {
  const [batch = 0, , inputs = 0] = x.shape;
  release(cell);
  const undo = [...cell.weights.map((weight) => override(weight, "read", stop)), drawFirstMasksOnly(cell)];
  try {
    tf.tidy(() => {
      const zeros = (width: number): tf.Tensor => tf.zeros([batch, width]);
      cell.call([zeros(inputs), ...states.map(zeros)], { training: true });
    });
  } catch (error) {
    if (error !== drawn) throw error;
  } finally {
    for (const restore of undo) restore();
  }
  return { input: maskOf(cell, "dropout"), recurrent: maskOf(cell, "recurrentDropout") };
}

/**
 * Ends a cell's call at its first product: every cell draws its masks before that, and the rest of the call would be
 * wasted.
 */
const drawn = new Error("The masks are drawn.");

function stop(): never {
  throw drawn;
}

/** Frees the masks of the previous sequence. */
function release(cell: layers.Layer): void {
  for (const key of ["dropoutMask", "recurrentDropoutMask"]) {
    for (const mask of [internal(cell, key)].flat()) if (mask instanceof tf.Tensor) mask.dispose();
    setInternal(cell, key, null);
  }
}

/** tfjs draws a mask for each gate and uses the first one for all. */
function maskOf(cell: layers.Layer, key: "dropout" | "recurrentDropout"): tf.Tensor | null {
  const [mask]: readonly unknown[] = [internal(cell, `${key}Mask`)].flat();
  if (mask instanceof tf.Tensor) return mask;
  if (numberAt(cell, key)) throw new Error(`${cell.getClassName()} did not draw its mask of ${key}.`);
  return null;
}

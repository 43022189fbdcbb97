/** The masks of a recurrent layer's own dropout, drawn as its loop would draw them. */

import * as tf from "@tensorflow/tfjs-core";
import type { layers, RNN } from "@tensorflow/tfjs-layers";
import { internal, setInternal } from "../tfjs/internals.ts";

export interface DropoutMasks {
  /** B × D: the input of every timestep is multiplied with it; null: nothing is dropped. */
  readonly input: tf.Tensor | null;
  /** B × H: h is multiplied with it wherever the next timestep reads it. */
  readonly recurrent: tf.Tensor | null;
}

/**
 * A cell draws its masks in its first call of a sequence and keeps them to the end. So it is called once, on zeros, from
 * its own stream of random numbers: the masks are those that its loop would have had, whatever kind of cell it is.
 *
 * @param x B × T × D.
 * @param states widths of the cell's states.
 */
export function drawDropoutMasks(rnn: RNN, x: tf.Tensor, states: readonly number[]): DropoutMasks {
  const { cell } = rnn;
  const [batch = 0, , inputs = 0] = x.shape;
  release(cell);
  tf.tidy(() => {
    const zeros = (width: number): tf.Tensor => tf.zeros([batch, width]);
    cell.call([zeros(inputs), ...states.map(zeros)], { training: true });
  });
  return { input: maskOf(cell, "dropout"), recurrent: maskOf(cell, "recurrentDropout") };
}

/** Frees the masks of the sequence before. */
function release(cell: layers.Layer): void {
  for (const key of ["dropoutMask", "recurrentDropoutMask"]) {
    for (const mask of [internal(cell, key)].flat()) if (mask instanceof tf.Tensor) mask.dispose();
    setInternal(cell, key, null);
  }
}

/** tfjs draws a mask for each gate and uses the first one for all. */
function maskOf(cell: layers.Layer, key: "dropout" | "recurrentDropout"): tf.Tensor | null {
  const [mask]: readonly unknown[] = [internal(cell, `${key}Mask`)].flat();
  return mask instanceof tf.Tensor ? mask : null;
}

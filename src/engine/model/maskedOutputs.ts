/** What a recurrent layer gives for masked timesteps, as in Keras. */

import * as tf from "@tensorflow/tfjs-core";
import { type layers, RNN } from "@tensorflow/tfjs-layers";
import { isOn } from "../tfjs/internals.ts";

type Layer = layers.Layer;

/**
 * The outputs of every timestep, `[batch, timesteps, …]`. A layer repeats its last output in a masked timestep, and
 * gives zeros before its first real one, whatever state it begins with (`K.rnn` in keras/backend). With
 * `zeroOutputForMask` every masked timestep is zero.
 *
 * @param begun whether the layer begins with a state of its own.
 */
export function withMask(layer: Layer, output: tf.Tensor, mask: tf.Tensor | null, begun: boolean): tf.Tensor {
  const zeroed = isOn(layer, "zeroOutputForMask");
  if (!mask || !(zeroed || begun) || output.rank !== 3 || !isOn(layer, "returnSequences")) return output;
  if (!(layer instanceof RNN) && layer.getClassName() !== "Bidirectional") return output;
  const given = tf.cast(isOn(layer, "goBackwards") ? tf.reverse(tf.cast(mask, "int32"), 1) : mask, "float32");
  const shown = zeroed ? given : tf.cast(tf.greater(tf.cumsum(given, 1), 0), "float32");
  return tf.mul(output, tf.expandDims(shown, -1));
}

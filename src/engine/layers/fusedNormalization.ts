/**
 * Runs tfjs's layerNormalization in the kernels. Its own call (4.22) tiles the moments, gamma and beta to the size of
 * the input, and their gradients back, which takes most of a transformer's step.
 */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { layerNormalization } from "../backend/fusedOperations.ts";
import { internal, override, valueAt } from "../tfjs/internals.ts";

type Layer = layers.Layer;
type Inputs = tf.Tensor | tf.Tensor[];

let replaced = false;

/** Replaces the call of every layerNormalization of the process; later calls do nothing. */
export function fuseLayerNormalization(): void {
  if (replaced) return;
  replaced = true;
  // An explicit name, so that tfjs's counter of layer names does not change.
  const sample: Layer = layers.layerNormalization({ name: "sample" });
  const original = sample.call;
  function call(this: Layer, inputs: Inputs, kwargs: Parameters<typeof original>[1]): tf.Tensor | tf.Tensor[] {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    return tf.tidy(() => (x && fused(this, x)) ?? original.call(this, inputs, kwargs));
  }
  override(sample.constructor.prototype, "call", call);
}

/** Null if the layer does not normalize over the last axes, or lacks a weight. */
function fused(layer: Layer, x: tf.Tensor): tf.Tensor | null {
  const axes: unknown = internal(layer, "axis");
  const epsilon: unknown = internal(layer, "epsilon");
  if (!Array.isArray(axes) || typeof epsilon !== "number") return null;
  const first = x.rank - axes.length;
  if (!axes.every((axis, i) => axis === first + i)) return null;
  const gamma = valueAt(layer, "gamma");
  const beta = valueAt(layer, "beta");
  return gamma && beta && layerNormalization(x, gamma, beta, epsilon);
}

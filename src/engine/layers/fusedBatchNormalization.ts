/**
 * Trains tfjs's batchNormalization in the kernels. Its own call (4.22) computes the moments and every part of the
 * gradient by separate operations that each read the whole batch.
 */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { batchNormalization } from "../backend/fusedOperations.ts";
import { internal, numberAt, override, valueAt, weightAt } from "../tfjs/internals.ts";

type Layer = layers.Layer;
type Inputs = tf.Tensor | tf.Tensor[];

let replaced = false;

/** Replaces the call of every batchNormalization of the process; later calls do nothing. */
export function fuseBatchNormalization(): void {
  if (replaced) return;
  replaced = true;
  // An explicit name, so that tfjs's counter of layer names does not change.
  const sample: Layer = layers.batchNormalization({ name: "sample" });
  const original = sample.call;
  function call(this: Layer, inputs: Inputs, kwargs: Parameters<typeof original>[1]): tf.Tensor | tf.Tensor[] {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    const training = kwargs?.["training"] === true;
    return tf.tidy(() => (training && x && fused(this, x)) || original.call(this, inputs, kwargs));
  }
  override(sample.constructor.prototype, "call", call);
}

/** Null if the layer does not normalize the last axis. */
function fused(layer: Layer, x: tf.Tensor): tf.Tensor | null {
  const axis = numberAt(layer, "axis");
  const epsilon = numberAt(layer, "epsilon");
  const momentum: unknown = internal(layer, "momentum");
  if (epsilon === null || typeof momentum !== "number" || (axis !== -1 && axis !== x.rank - 1)) return null;
  const gamma = valueAt(layer, "gamma");
  const beta = valueAt(layer, "beta");
  const normalized = gamma && beta && batchNormalization(x, gamma, beta, epsilon);
  if (!normalized) return null;
  for (const [weight, values] of [
    ["movingMean", normalized.mean],
    ["movingVariance", normalized.variance],
  ] as const) {
    const moving = weightAt(layer, weight);
    const former = moving.read();
    moving.write(tf.sub(former, tf.mul(tf.sub(former, tf.tensor1d(values)), 1 - momentum)));
  }
  return normalized.y;
}

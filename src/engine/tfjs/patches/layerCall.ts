/** Replaces the call of a type of layers. */

import * as tf from "@tensorflow/tfjs-core";
import type { layers } from "@tensorflow/tfjs-layers";
import { override } from "../internals.ts";

type Layer = layers.Layer;
type Call = Layer["call"];

/**
 * Computes what layers like `sample` make of their only input by `output`; where that is null, tfjs's own call computes it or
 * says what is wrong.
 */
export function replaceCall(sample: Layer, output: (layer: Layer, x: tf.Tensor) => tf.Tensor | null): void {
  const original = sample.call;
  function call(this: Layer, inputs: Parameters<Call>[0], kwargs: Parameters<Call>[1]): tf.Tensor | tf.Tensor[] {
    const [x] = Array.isArray(inputs) ? inputs : [inputs];
    return tf.tidy(() => (x && output(this, x)) ?? original.call(this, inputs, kwargs));
  }
  override(sample.constructor.prototype, "call", call);
}

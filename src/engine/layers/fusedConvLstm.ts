/**
 * tfjs's cell of convLstm2d with the convolutions of its four gates merged into one. Its own call (4.22) convolves
 * input and state once per gate, with a quarter of the filters. These products are too narrow for the kernels, and
 * there are eight backward passes instead of two.
 */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { hasOperations } from "../backend/fusedOperations.ts";
import { activationAt, internal, isOn, numberAt, override, pairAt, valueAt } from "../tfjs/internals.ts";

type Layer = layers.Layer;
type Call = Layer["call"];

let replaced = false;

/** Replaces the call of every convLstm2dCell of the process; later calls do nothing. */
export function fuseConvLstm(): void {
  if (replaced) return;
  replaced = true;
  // A name of its own, so that tfjs counts no layer.
  const sample: Layer = layers.convLstm2dCell({ name: "sample", filters: 1, kernelSize: 1 });
  const original = sample.call;
  function call(this: Layer, inputs: Parameters<Call>[0], kwargs: Parameters<Call>[1]): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => fused(this, Array.isArray(inputs) ? inputs : [inputs]) ?? original.call(this, inputs, kwargs));
  }
  override(sample.constructor.prototype, "call", call);
}

/** [h, h, c]; null without kernels, with channels first, and if dropout gives each gate a separate input or state. */
function fused(cell: Layer, [x, h, c]: readonly tf.Tensor[]): tf.Tensor[] | null {
  if (!hasOperations()) return null;
  const activation = activationAt(cell, "activation");
  const gate = activationAt(cell, "recurrentActivation");
  const padding: unknown = internal(cell, "padding");
  const strides = pairAt(cell, "strides");
  const dilation = pairAt(cell, "dilationRate");
  const drops = [numberAt(cell, "dropout"), numberAt(cell, "recurrentDropout")].some(
    (rate) => rate !== null && rate > 0,
  );
  if (drops || internal(cell, "dataFormat") !== "channelsLast" || (padding !== "valid" && padding !== "same"))
    return null;
  if (!isImage(x) || !isImage(h) || !c || !activation || !gate || !strides || !dilation) return null;
  // Each weight is read once per timestep, because taps rely on that.
  const kernel = valueAt(cell, "kernel");
  const recurrentKernel = valueAt(cell, "recurrentKernel");
  if (!isImage(kernel) || !isImage(recurrentKernel)) return null;
  const bias = isOn(cell, "useBias") ? valueAt(cell, "bias") : null;
  // Not tf.fused.conv2d, whose backward pass always computes the gradient of x, even if it is not needed.
  const fromInput = tf.conv2d(x, kernel, strides, padding, "NHWC", dilation);
  const fromState = tf.conv2d(h, recurrentKernel, 1, "same");
  const both = tf.add(fromInput, fromState);
  const sum = bias ? tf.add(both, bias) : both;
  const [input, forget, candidate, output] = tf.split(sum, 4, 3);
  if (!input || !forget || !candidate || !output) return null;
  const i = gate.apply(input);
  const f = gate.apply(forget);
  const next = tf.add(tf.mul(f, c), tf.mul(i, activation.apply(candidate)));
  const state = tf.mul(gate.apply(output), activation.apply(next));
  return [state, state, next];
}

function isImage(x: tf.Tensor | null | undefined): x is tf.Tensor4D {
  return x?.rank === 4;
}

/**
 * The call of tfjs's dense layer, as one product with its bias, whatever the activation. Its own call (4.22) adds the bias
 * in an operation of its own if a gradient is wanted and the activation is not linear, and otherwise always computes the
 * gradient of x, which a first layer does not need.
 */

import * as tf from "@tensorflow/tfjs-core";
import { layers } from "@tensorflow/tfjs-layers";
import { activationAt, isOn, valueAt } from "../internals.ts";
import { replaceCall } from "./layerCall.ts";

type Layer = layers.Layer;

/** The kernel of this project that multiplies x of any rank; backends without it have `fused`. */
export const biasedProductKernel = "BiasedProduct";
const fused = "_FusedMatMul";

/** Call this once, before the first layer is called. */
export function registerDenseCalls(): void {
  for (const gradient of [ofProduct, ofFused]) tf.registerGradient(gradient);
  // A name of its own, so that tfjs counts no layer.
  replaceCall(layers.dense({ name: "sample", units: 1 }), output);
}

/** Null for what has no such product: tfjs's own call then says what is wrong. */
function output(layer: Layer, x: tf.Tensor): tf.Tensor | null {
  const kernel = valueAt(layer, "kernel");
  const bias = isOn(layer, "useBias") ? valueAt(layer, "bias") : null;
  const fits = kernel?.rank === 2 && x.rank > 1 && x.dtype === "float32" && x.shape.at(-1) === kernel.shape[0];
  if (!fits || x.size === 0) return null;
  const linear = biasedProduct(x, kernel, bias);
  return activationAt(layer, "activation")?.apply(linear) ?? linear;
}

/** x · kernel (+ bias) along the last axis of x. @param kernel inputs × outputs; `bias`: outputs, null: none */
export function biasedProduct(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor | null): tf.Tensor {
  const [inputs = 0, outputs = 0] = kernel.shape;
  const plain = [x, kernel, ...(bias ? [bias] : [])].every(({ dtype, size }) => dtype === "float32" && size > 0);
  if (plain && tf.getKernel(biasedProductKernel, tf.getBackend()))
    return run(biasedProductKernel, { x, kernel, ...(bias && { bias }) });
  const a = tf.reshape(x, [1, x.size / inputs, inputs]);
  const b = tf.reshape(kernel, [1, inputs, outputs]);
  return tf.reshape(run(fused, { a, b, ...(bias && { bias }) }), [...x.shape.slice(0, -1), outputs]);
}

function run(kernel: string, inputs: tf.NamedTensorMap): tf.Tensor {
  const attrs = { transposeA: false, transposeB: false, activation: "linear" };
  const product = tf.engine().runKernel(kernel, inputs, attrs);
  if (!(product instanceof tf.Tensor)) throw new Error(`${kernel} returned more than one tensor`);
  return product;
}

/** Each part only if it is asked for. */
const ofProduct: tf.GradConfig = {
  kernelName: biasedProductKernel,
  inputsToSave: ["x", "kernel"],
  gradFunc(dy, saved) {
    const [x, kernel] = saved;
    if (Array.isArray(dy) || !x || !kernel) throw new Error(`${biasedProductKernel} has one output and two inputs`);
    const rows = (t: tf.Tensor): tf.Tensor => (t.rank === 2 ? t : tf.reshape(t, [-1, t.shape.at(-1) ?? 0]));
    return {
      x: () =>
        x.rank === 2
          ? tf.matMul(dy, kernel, false, true)
          : tf.reshape(tf.matMul(rows(dy), kernel, false, true), x.shape),
      kernel: () => tf.matMul(rows(x), rows(dy), true, false),
      bias: () => tf.sum(dy, [...dy.shape.keys()].slice(0, -1)),
    };
  },
};

/** The same for the backends' own kernel, as it is called here. */
const ofFused: tf.GradConfig = {
  kernelName: fused,
  inputsToSave: ["a", "b"],
  gradFunc(dy, saved, attrs) {
    const [a, b] = saved;
    if (Array.isArray(dy) || !a || !b) throw new Error(`${fused} has one output and two inputs`);
    if (attrs["activation"] !== "linear" || attrs["transposeA"] === true || attrs["transposeB"] === true)
      throw new Error(`${fused} has a gradient only as a layer calls it`);
    return {
      a: () => tf.matMul(dy, b, false, true),
      b: () => tf.matMul(a, dy, true, false),
      bias: () => tf.sum(dy, [0, 1]),
    };
  },
};

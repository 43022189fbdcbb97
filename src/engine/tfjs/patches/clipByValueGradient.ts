/**
 * The gradient of clipByValue, which every hardSigmoid calls. tfjs's own (4.22) makes six tensors.
 */

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { floatsOf } from "./kernelParams.ts";

/** Call this once, after tfjs has registered its own. */
export function registerClipGradient(): void {
  const former = tf.getGradient("ClipByValue");
  tf.registerGradient({
    ...former,
    gradFunc(upstream, saved, attrs) {
      const [x] = saved;
      if (Array.isArray(upstream) || !x) throw new Error("ClipByValue has one output and one input");
      const backend: unknown = tf.backend();
      if (!(backend instanceof BackendWasm || backend instanceof MathBackendCPU))
        return former.gradFunc(upstream, saved, attrs);
      const [low, high] = [Number(attrs["clipValueMin"]), Number(attrs["clipValueMax"])];
      return { x: () => passed(backend, x, upstream, low, high) };
    },
  });
}

/** `dy` where x is within the limits; 0 elsewhere, also where x is NaN. */
function passed(backend: unknown, x: tf.Tensor, dy: tf.Tensor, low: number, high: number): tf.Tensor {
  const values = floatsOf(backend, x) ?? x.dataSync();
  const gradients = floatsOf(backend, dy) ?? dy.dataSync();
  const result = new Float32Array(values.length);
  for (let i = 0; i < result.length; i++) {
    const v = values[i]!;
    if (v >= low && v <= high) result[i] = gradients[i]!;
  }
  return tf.tensor(result, x.shape, "float32");
}

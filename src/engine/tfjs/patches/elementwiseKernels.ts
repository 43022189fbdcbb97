/**
 * Runs sums of two tensors, relu and its gradient in our kernels under the WASM backend, for tensors that lie in their
 * memory. tfjs (4.22) computes the gradient in three passes (Step, Cast, Multiply), each on one thread.
 */

import * as tf from "@tensorflow/tfjs-core";
import type { Elementwise } from "../../../kernels/elementwise.ts";
import { isHeld } from "../heldTensors.ts";
import { type Compute, computeInKernels, heldOf, madeOf, result } from "./kernelParams.ts";

const gradientKernel = "ReluGrad";

/** Call this once, after the patches, whose kernels remain for what these do not cover. */
export function registerElementwiseKernels(elementwise: Elementwise): void {
  const add: Compute = ({ inputs, backend }) => {
    const { a, b } = inputs;
    if (!a || !b || !tf.util.arraysEqual(a.shape, b.shape)) return null;
    const [first, second] = [heldOf(backend, a), heldOf(backend, b)];
    return first && second && madeOf(backend, a.shape, elementwise.add(first, second));
  };
  const relu: Compute = ({ inputs, backend }) => {
    const { x } = inputs;
    const values = x ? heldOf(backend, x) : null;
    return x && values ? madeOf(backend, x.shape, elementwise.relu(values)) : null;
  };
  computeInKernels({ Add: add, Relu: relu }, ["wasm"]);
  if (tf.getKernel(gradientKernel, "wasm")) tf.unregisterKernel(gradientKernel, "wasm");
  tf.registerKernel({
    kernelName: gradientKernel,
    backendName: "wasm",
    kernelFunc({ inputs, backend }) {
      const { x, dy } = inputs;
      const made = x && dy && result(backend, x.shape, [x, dy], (values, d) => elementwise.reluGradient(values, d));
      if (!made) throw new Error(`${gradientKernel} takes two float32 tensors.`);
      return made;
    },
  });
  const former = tf.getGradient("Relu");
  if (!former) throw new Error("tfjs has no gradient of Relu");
  tf.unregisterGradient("Relu");
  tf.registerGradient({
    ...former,
    gradFunc(dy, saved, attrs) {
      const [x] = saved;
      const here = x?.dtype === "float32" && !Array.isArray(dy) && dy.dtype === "float32" && (isHeld(x) || isHeld(dy));
      return here ? { x: () => back(dy, x) } : former.gradFunc(dy, saved, attrs);
    },
  });
  // It is linear in dy, and constant in x almost everywhere.
  tf.registerGradient({
    kernelName: gradientKernel,
    inputsToSave: ["x"],
    gradFunc(upstream, [x]) {
      if (!x || Array.isArray(upstream)) throw new Error(`${gradientKernel} has one output and two inputs`);
      return { dy: () => tf.mul(upstream, tf.cast(tf.step(x), "float32")), x: () => tf.zerosLike(x) };
    },
  });
}

function back(dy: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const made = tf.engine().runKernel(gradientKernel, { dy, x });
  if (!(made instanceof tf.Tensor)) throw new Error(`${gradientKernel} returned more than one tensor`);
  return made;
}

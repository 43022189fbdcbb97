/** An operation with several outputs and a gradient of its own: tf.customGrad allows only one output. */

import * as tf from "@tensorflow/tfjs-core";
import { internal } from "./internals.ts";

/**
 * @param forward computes the outputs; operations in it are not recorded.
 * @param backward gets the gradient of every output, zeros if none arrived, and returns that of every input.
 */
export function jointOperation(
  inputs: readonly tf.Tensor[],
  forward: () => tf.Tensor[],
  backward: (dys: readonly tf.Tensor[]) => readonly tf.Tensor[],
): readonly tf.Tensor[] {
  const engine = tf.engine();
  // What tf.customGrad calls, too.
  const run = internal(engine, "runKernelFunc");
  if (typeof run !== "function") throw new Error("tfjs has no runKernelFunc.");
  const outputs: unknown = Reflect.apply(run, engine, [
    {
      forwardFunc: forward,
      backwardsFunc: (dys: tf.Tensor | readonly tf.Tensor[]) =>
        backward(dys instanceof tf.Tensor ? [dys] : dys).map((gradient) => () => gradient),
      inputs: Object.fromEntries(inputs.entries()),
    },
  ]);
  const found: readonly unknown[] = Array.isArray(outputs) ? outputs : [];
  return found.filter((output) => output instanceof tf.Tensor);
}

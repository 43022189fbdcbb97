/**
 * The gradient of abs. tfjs's own (4.22) is −1 where x is 0: an l1 penalty would push every weight that is zero (an
 * initial bias, for example) away from the penalty's minimum. The usual subgradient is 0.
 */

import * as tf from "@tensorflow/tfjs-core";

/** Call this once, after tfjs has registered its own gradient. */
export function registerAbsGradient(): void {
  tf.registerGradient({
    kernelName: "Abs",
    inputsToSave: ["x"],
    gradFunc(upstream, saved) {
      const [x] = saved;
      if (Array.isArray(upstream) || !x) throw new Error("Abs has one output and one input");
      return { x: () => tf.tidy(() => tf.mul(upstream, tf.sign(tf.cast(x, "float32")))) };
    },
  });
}

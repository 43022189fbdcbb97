/**
 * The gradients of max and min. tfjs's own (4.22) give the whole gradient to each of several equal values, so their sum
 * is a multiple of it: the maximum over 100 timesteps of a ReLU that is always 0 would send back 100 times its gradient.
 * As in TensorFlow, equal values share it.
 */

import * as tf from "@tensorflow/tfjs-core";

/** Call this once, after tfjs has registered its own gradients. */
export function registerExtremeGradients(): void {
  for (const kernelName of ["Max", "Min"])
    tf.registerGradient({
      kernelName,
      inputsToSave: ["x"],
      outputsToSave: [true],
      gradFunc(upstream, saved, attributes) {
        const [x, y] = saved;
        if (Array.isArray(upstream) || !x || !y) throw new Error(`${kernelName} has one output and one input`);
        const given: unknown = attributes["reductionIndices"] ?? attributes["axis"];
        const listed: readonly unknown[] = Array.isArray(given) ? given : [given ?? []].flat();
        const axes = tf.util.parseAxisParam(
          listed.length === 0 ? x.shape.map((_, i) => i) : listed.map(Number),
          x.shape,
        );
        const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
        return {
          x: () =>
            tf.tidy(() => {
              const hits = tf.cast(tf.equal(x, tf.reshape(y, kept)), "float32");
              return tf.mul(tf.reshape(upstream, kept), tf.div(hits, tf.maximum(tf.sum(hits, axes, true), 1)));
            }),
        };
      },
    });
}

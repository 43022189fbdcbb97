/** The gradient of a sum along time, which tfjs's own swaps with the units. */

import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { CumulativeSum } from "../../../../src/engine/layers/selection.ts";
import "@tensorflow/tfjs-backend-cpu";

it.each([
  ["as many timesteps as units", 3, 3],
  ["more timesteps than units", 4, 2],
])("with %s, each timestep's gradient is the sum of those from there on", async (_, timesteps, units) => {
  await tf.setBackend("cpu");
  const layer = new CumulativeSum({ axis: 1 });
  const x = tf.ones([2, timesteps, units]);
  const weights = tf.tensor(
    Array.from({ length: 2 * timesteps * units }, (__, i) => i + 1),
    x.shape,
  );
  const [sums, gradient] = tf.tidy(() => {
    const call = (of: tf.Tensor) => {
      const y = layer.call(of, {});
      if (Array.isArray(y)) throw new Error("one output");
      return y;
    };
    return [call(x), tf.grad((of: tf.Tensor) => tf.sum(tf.mul(call(of), weights)))(x)];
  });
  const at = (values: ArrayLike<number>, b: number, t: number, u: number) => values[(b * timesteps + t) * units + u]!;
  const [s, g, w] = [await sums.data(), await gradient.data(), await weights.data()];
  for (let b = 0; b < 2; b++)
    for (let t = 0; t < timesteps; t++)
      for (let u = 0; u < units; u++) {
        expect(at(s, b, t, u)).toBe(t + 1);
        let rest = 0;
        for (let later = t; later < timesteps; later++) rest += at(w, b, later, u);
        expect(at(g, b, t, u)).toBe(rest);
      }
});

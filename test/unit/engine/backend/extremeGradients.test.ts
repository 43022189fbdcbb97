/** Equal largest or smallest values share the gradient, as in TensorFlow (tf.GradientTape of reduce_max). */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { useBackend } from "../instrument/backends.ts";

beforeAll(() => useBackend("cpu"));

it.each([
  ["max", tf.max, [1, 5, 5, 0, 0, 0], [0, 1, 1, 2 / 3, 2 / 3, 2 / 3]],
  ["min", tf.min, [1, 1, 5, 2, 3, 4], [1, 1, 0, 2, 0, 0]],
] as const)("%s", (_, extreme, values, wanted) => {
  const gradient = tf.tidy(() =>
    tf
      .grad((x) => tf.sum(tf.mul(extreme(x, 1), tf.tensor1d([2, 2]))))(tf.tensor2d([...values], [2, 3]))
      .dataSync(),
  );
  wanted.forEach((value, i) => {
    expect(gradient[i]).toBeCloseTo(value, 6);
  });
});

it("is the same with kept axes, and over all values", () => {
  const x = tf.tensor2d([3, 3, 1, 3], [2, 2]);
  const kept = tf.tidy(() =>
    tf
      .grad((each) => tf.max(each, [0, 1], true))(x)
      .dataSync(),
  );
  const all = tf.tidy(() =>
    tf
      .grad((each) => tf.max(each))(x)
      .dataSync(),
  );
  for (const gradient of [kept, all])
    expect([...gradient].map((g) => Math.round(g * 3000))).toEqual([1000, 1000, 0, 1000]);
});

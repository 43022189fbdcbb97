/** The gradient of tile: each entry of x gets the gradients of all its copies. */

import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { backendNames, useBackend } from "../instrument/backends.ts";

describe.each(backendNames)("on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it.each([
    [[3], [4]],
    [
      [1, 1, 5],
      [4, 3, 1],
    ],
    [
      [2, 3],
      [2, 2],
    ],
    [
      [2, 1, 3],
      [1, 5, 2],
    ],
    [
      [2, 3, 1, 2],
      [3, 1, 2, 2],
    ],
    [
      [2, 2],
      [1, 1],
    ],
  ])("%o, %o times", (shape, reps) => {
    const x = tf.randomNormal(shape, 0, 1, "float32", 1);
    const weights = tf.randomNormal(
      shape.map((d, i) => d * reps[i]!),
      0,
      1,
      "float32",
      2,
    );
    const before = tf.memory().numTensors;
    const gradient = tf.grad((v: tf.Tensor) => tf.sum(tf.mul(tf.tile(v, reps), weights)))(x);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(gradient.shape).toEqual(shape);
    const expected = new Float64Array(x.size);
    const strides = (of: readonly number[]) => of.map((_, i) => tf.util.sizeFromShape(of.slice(i + 1)));
    const large = strides(weights.shape);
    const small = strides(shape);
    for (const [i, w] of weights.dataSync().entries()) {
      const at = large.map((stride, axis) => Math.floor(i / stride) % weights.shape[axis]!);
      expected[at.reduce((sum, k, axis) => sum + (k % shape[axis]!) * small[axis]!, 0)]! += w;
    }
    for (const [i, v] of gradient.dataSync().entries()) expect(v).toBeCloseTo(expected[i]!, 4);
  });
});

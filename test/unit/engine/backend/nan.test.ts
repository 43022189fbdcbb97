/** NaN stays NaN on the WASM and CPU backends, in every operation that layers use. */

import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const values = [nan, inf, -inf, 0, 1, -1, 0.5, 7, -7, 100, -100, nan, 3];
const vector = () => tf.tensor1d(values);
const image = (...at: number[]) => {
  const pixels = Array.from({ length: 2 * 4 * 4 * 3 }, (_, i) => Math.sin(i));
  for (const i of at) pixels[i] = nan;
  return tf.tensor4d(pixels, [2, 4, 4, 3]);
};
const volume = (...at: number[]) => tf.reshape(image(...at), [1, 4, 4, 2, 3]) as tf.Tensor5D;
const matrix = () => tf.tensor2d([nan, 1, 2, 1, 2, nan, -5, nan, -1, 1, 2, 3], [4, 3]);

/** Operations that map NaN to NaN, entry by entry. */
const elementwise: { readonly [name: string]: (x: tf.Tensor) => tf.Tensor } = {
  clipByValue: (x) => tf.clipByValue(x, -1, 1),
  relu: tf.relu,
  relu6: tf.relu6,
  elu: tf.elu,
  selu: tf.selu,
  leakyRelu: (x) => tf.leakyRelu(x),
  prelu: (x) => tf.prelu(x, tf.fill(x.shape, 0.3)),
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  softplus: tf.softplus,
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  abs: tf.abs,
  sign: tf.sign,
  square: tf.square,
  neg: tf.neg,
  "maximum with a number": (x) => tf.maximum(x, 0.5),
  "a number's maximum": (x) => tf.maximum(0.5, x),
  "minimum with a number": (x) => tf.minimum(x, 0.5),
  "a number's minimum": (x) => tf.minimum(0.5, x),
  "times zero": (x) => tf.mul(x, 0),
};

/** Operations on rows; the first three rows contain NaN. */
const reducing: { readonly [name: string]: (x: tf.Tensor2D) => tf.Tensor } = {
  sum: (x) => tf.sum(x, 1),
  mean: (x) => tf.mean(x, 1),
  max: (x) => tf.max(x, 1),
  min: (x) => tf.min(x, 1),
  prod: (x) => tf.prod(x, 1),
  softmax: (x) => tf.sum(tf.softmax(x), 1),
  logSumExp: (x) => tf.logSumExp(x, 1),
  matMul: (x) => tf.matMul(x, tf.zeros([3, 1])),
  "fused matMul and relu": (x) => tf.fused.matMul({ a: x, b: tf.ones([3, 1]), activation: "relu" }),
  "fused matMul and relu6": (x) =>
    tf.fused.matMul({ a: x, b: tf.ones([3, 1]), bias: tf.zeros([1]), activation: "relu6" }),
};

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(async () => {
    expect((await initBackend(backend)).name).toBe(backend);
  });

  test.each(Object.keys(elementwise))("%s", (name) => {
    const result = tf.tidy(() => [...elementwise[name]!(vector()).dataSync()]);
    values.forEach((v, i) => {
      if (Number.isNaN(v)) expect(result[i]).toBeNaN();
      else if (Number.isFinite(v) && v > 0) expect(result[i]).not.toBeNaN();
    });
  });

  test.each(Object.keys(reducing))("%s", (name) => {
    const result = tf.tidy(() => [...reducing[name]!(matrix()).dataSync()]);
    expect(result.map(Number.isNaN)).toEqual([true, true, true, false]);
  });

  test.each(["max", "avg"] as const)("%s pooling is NaN exactly where the window contains NaN", (kind) => {
    const before = tf.memory().numTensors;
    const pool = (x: tf.Tensor4D) => (kind === "max" ? tf.maxPool(x, 2, 2, "valid") : tf.avgPool(x, 2, 2, "valid"));
    const [clean, dirty] = tf.tidy(() => [[...pool(image()).dataSync()], [...pool(image(0, 47)).dataSync()]]);
    // Pixel 0 is in the first window of channel 0, pixel 47 in the last one of channel 2, both in the first image.
    dirty!.forEach((v, i) => {
      if (i === 0 || i === 11) expect(v).toBeNaN();
      else expect(v).toBe(clean![i]);
    });
    const [, dirtyVolume] = tf.tidy(() => {
      const pool3 = (x: tf.Tensor5D) =>
        kind === "max" ? tf.maxPool3d(x, 2, 2, "valid") : tf.avgPool3d(x, 2, 2, "valid");
      return [[...pool3(volume()).dataSync()], [...pool3(volume(0)).dataSync()]];
    });
    expect(dirtyVolume!.map(Number.isNaN)).toEqual(dirtyVolume!.map((_, i) => i === 0));
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each(["relu", "relu6"] as const)("fused convolutions with %s keep NaN and compute the rest", (activation) => {
    const filter = tf.fill<tf.Rank.R4>([2, 2, 3, 2], 0.5);
    const options = { strides: 2, pad: "valid" } as const;
    const fused = tf.fused.conv2d({ x: image(0), filter, ...options, activation });
    const plain = tf.conv2d(image(0), filter, 2, "valid");
    const expected = activation === "relu" ? tf.relu(plain) : tf.relu6(plain);
    expect([...fused.dataSync()].filter(Number.isNaN).length).toBe(2);
    expected.dataSync().forEach((v, i) => {
      if (Number.isNaN(v)) expect(fused.dataSync()[i]).toBeNaN();
      else expect(fused.dataSync()[i]).toBeCloseTo(v, 5);
    });
    const depthwise = tf.fused.depthwiseConv2d({ x: image(0), filter: tf.ones([2, 2, 3, 1]), ...options, activation });
    expect([...depthwise.dataSync()].map(Number.isNaN)).toEqual([...depthwise.dataSync()].map((_, i) => i === 0));
  });

  test("prelu accepts an alpha for every entry", () => {
    const x = tf.tensor3d([-1, -2, 3, -4, -5, -6, 7, -8, -9, -10, 11, -12], [2, 2, 3]);
    const alpha = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    expect([...tf.prelu<tf.Tensor>(x, alpha).dataSync()]).toEqual([
      -1, -4, 3, -16, -25, -36, 7, -16, -27, -40, 11, -72,
    ]);
  });

  test("a maximum of negative numbers is negative, in two and three dimensions", () => {
    const negative = tf.neg(tf.add(tf.abs(image()), 1));
    const pooled = [
      tf.maxPool(negative as tf.Tensor4D, 2, 2, "valid"),
      tf.maxPool3d(tf.reshape(negative, [1, 4, 4, 2, 3]) as tf.Tensor5D, 2, 2, "valid"),
    ];
    for (const tensor of pooled) expect(tensor.dataSync().every((v) => v <= -1)).toBe(true);
  });

  test("clipping and maxima of ordinary numbers are unchanged", () => {
    expect([...tf.clipByValue(tf.tensor1d([-3, -1, 0.5, 1, 3]), -1, 1).dataSync()]).toEqual([-1, -1, 0.5, 1, 1]);
    expect([...tf.relu6(tf.tensor1d([-3, 0, 2, 6, 9])).dataSync()]).toEqual([0, 0, 2, 6, 6]);
    expect([...tf.maximum(tf.tensor2d([1, 5], [2, 1]), tf.tensor2d([2, 7], [1, 2])).dataSync()]).toEqual([2, 7, 5, 7]);
    expect([...tf.minimum(tf.tensor1d([1, 5], "int32"), tf.tensor1d([2, 3], "int32")).dataSync()]).toEqual([1, 3]);
  });
});

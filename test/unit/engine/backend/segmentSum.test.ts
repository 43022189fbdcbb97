import * as tf from "@tensorflow/tfjs-core";
// Registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, test } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";

describe.each(["cpu", "wasm"] as const)("on %s", (backend) => {
  beforeAll(async () => {
    expect((await initBackend(backend)).name).toBe(backend);
  });

  test("rows are summed by segment; a segment without rows is zero, a row without a segment is dropped", () => {
    const sums = tf.tidy(() => {
      const x = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]);
      return tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2, -1], "int32"), 4).arraySync();
    });
    expect(sums).toEqual([
      [3, 4],
      [0, 0],
      [6, 8],
      [0, 0],
    ]);
  });

  test("the gradient of a row look-up is, for each row, the sum of the gradients at its uses", () => {
    const gradient = tf.tidy(() => {
      const table = tf.zeros([3, 2]);
      const weights = tf.tensor3d([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, Number.NaN, 60], [2, 3, 2]);
      const looked = (rows: tf.Tensor) => tf.gather(rows, tf.tensor2d([0, 2, 0, 0, 0, 2], [2, 3], "int32"));
      return tf
        .grad((rows: tf.Tensor) => tf.sum(tf.mul(looked(rows), weights)))(table)
        .arraySync();
    });
    expect(gradient).toEqual([
      [13, 130],
      [0, 0],
      [Number.NaN, 80],
    ]);
  });
});

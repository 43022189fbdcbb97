import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { initBackend } from "../../../../src/engine/backend/ladder.ts";

beforeAll(async () => {
  await initBackend("wasm");
});

it("a clone shares its values and outlives its original", () => {
  const { numTensors, numDataBuffers } = tf.memory();
  const original = tf.tensor1d([1, 2, 3]);
  const clone = original.clone();
  expect(clone.dataId).toBe(original.dataId);
  expect(tf.memory().numDataBuffers).toBe(numDataBuffers + 1);
  original.dispose();
  expect([...clone.dataSync()]).toEqual([1, 2, 3]);
  clone.dispose();
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
});

it("assigning to a variable does not change its earlier clones", () => {
  const variable = tf.variable(tf.tensor1d([1, 2, 3]));
  const clone = variable.clone();
  variable.assign(tf.tensor1d([4, 5, 6]));
  expect([...clone.dataSync()]).toEqual([1, 2, 3]);
  expect([...variable.dataSync()]).toEqual([4, 5, 6]);
  tf.dispose([variable, clone]);
});

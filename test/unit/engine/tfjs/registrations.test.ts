import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { keepRegistrations } from "../../../../src/engine/tfjs/registrations.ts";
import { useBackend } from "../instrument/backends.ts";

beforeAll(() => useBackend("cpu"));

it("restores the kernels and gradients that a second copy of tfjs replaces, and keeps its new ones", () => {
  const kernel = tf.getKernel("Sign", "cpu");
  const gradient = tf.getGradient("Abs");
  const taken = keepRegistrations(() => {
    tf.unregisterKernel("Sign", "cpu");
    tf.registerKernel({ ...kernel });
    tf.unregisterGradient("Abs");
    tf.registerGradient({ ...gradient });
    tf.registerKernel({ ...kernel, kernelName: "SignOfItsOwn" });
    return tf.getKernel("Sign", "cpu") !== kernel && tf.getGradient("Abs") !== gradient;
  });
  expect(taken).toBe(true);
  expect(tf.getKernel("Sign", "cpu")).toBe(kernel);
  expect(tf.getGradient("Abs")).toBe(gradient);
  expect(tf.getKernel("SignOfItsOwn", "cpu")).toBeDefined();
  tf.unregisterKernel("SignOfItsOwn", "cpu");
});

it("restores them after a failure, too", () => {
  const gradient = tf.getGradient("Tile");
  expect(() =>
    keepRegistrations(() => {
      tf.unregisterGradient("Tile");
      throw new Error("cannot be loaded");
    }),
  ).toThrow("cannot be loaded");
  expect(tf.getGradient("Tile")).toBe(gradient);
});

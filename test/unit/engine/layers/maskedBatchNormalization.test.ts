/** batchNormalization under a mask, and frozen: which statistics it takes, as in Keras 3. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { forward } from "../../../../src/engine/model/forward.ts";
import { entries } from "../entries.ts";
import { useBackend } from "../instrument/backends.ts";

/** Two samples with two and one unmasked timesteps of two features. */
const samples = [
  [
    [1, 10],
    [3, -2],
    [0, 0],
  ],
  [
    [2, 4],
    [0, 0],
    [0, 0],
  ],
];
const shown = [
  [1, 10],
  [3, -2],
  [2, 4],
];
const mean = [0, 1].map((f) => shown.reduce((sum, row) => sum + row[f]! / 3, 0));
const variance = [0, 1].map((f) => shown.reduce((sum, row) => sum + (row[f]! - mean[f]!) ** 2 / 3, 0));

describe("masked timesteps", () => {
  beforeAll(() => useBackend("cpu"));

  it.each([{}, { scale: false }, { center: false }])("do not count in the statistics of a batch: %o", (line) => {
    const built = buildModel(
      entries({ type: "masking" }, { type: "batchNormalization", momentum: 0.5, epsilon: 0.001, ...line }),
      [3, 2],
      1,
    );
    if (Array.isArray(built)) throw new Error(built[0]?.message);
    const x = tf.tensor3d(samples);
    const values = tf.tidy(() => forward(built.model, x, true).arraySync());
    const expected = samples.map((rows) =>
      rows.map((row) => row.map((value, f) => (value - mean[f]!) / Math.sqrt(variance[f]! + 0.001))),
    );
    const flat = (nested: unknown): number[] => [nested].flat(9).map(Number);
    for (const [i, value] of flat(values).entries()) expect(value).toBeCloseTo(flat(expected)[i]!, 5);
    const moving = built.model.nonTrainableWeights.map((weight) => [...weight.read().dataSync<"float32">()]);
    for (const [f, value] of moving[0]!.entries()) expect(value).toBeCloseTo(0.5 * mean[f]!, 5);
    for (const [f, value] of moving[1]!.entries()) expect(value).toBeCloseTo(0.5 + 0.5 * variance[f]!, 5);
    built.dispose();
    x.dispose();
  });
});

describe("a frozen layer", () => {
  it.each(["cpu", "wasm"] as const)(
    "takes its moving averages in training, too, and leaves them (%s)",
    async (backend) => {
      await useBackend(backend);
      for (const first of [[], [{ type: "masking" }]]) {
        const built = buildModel(
          entries(...first, { type: "batchNormalization", trainable: false }, { type: "dense", units: 1 }),
          [3, 2],
          1,
        );
        if (Array.isArray(built)) throw new Error(built[0]?.message);
        const averages = () =>
          built.model.layers.flatMap((layer) =>
            layer.getClassName() === "BatchNormalization"
              ? layer.getWeights().map((weight) => [...weight.dataSync()])
              : [],
          );
        const before = averages();
        const x = tf.tensor3d(samples);
        const [training, inference] = [true, false].map((mode) =>
          tf.tidy(() => [...forward(built.model, x, mode).dataSync()]),
        );
        for (const [i, value] of (training ?? []).entries()) expect(value).toBeCloseTo(inference?.[i] ?? Number.NaN, 6);
        expect(averages()).toEqual(before);
        built.dispose();
        x.dispose();
      }
    },
  );
});

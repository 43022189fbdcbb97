import { expect, test } from "vitest";
import type { SequentialDigitsData } from "../../../../src/config/resolved.ts";
import { load } from "./load.ts";

const data: SequentialDigitsData = {
  kind: "task",
  task: "sequentialDigits",
  permute: false,
  samples: 1797,
  seed: 1,
  test: null,
};

/** The first image, a zero, as scikit-learn's documentation prints it. */
const zero = [
  [0, 0, 5, 13, 9, 1, 0, 0],
  [0, 0, 13, 15, 10, 15, 5, 0],
  [0, 3, 15, 2, 0, 11, 8, 0],
  [0, 4, 12, 0, 0, 8, 8, 0],
  [0, 5, 8, 0, 0, 9, 8, 0],
  [0, 4, 11, 0, 1, 12, 7, 0],
  [0, 2, 14, 5, 10, 12, 0, 0],
  [0, 0, 6, 13, 10, 0, 0, 0],
]
  .flat()
  .map((value) => value / 16);

const image = (inputs: Float32Array, i: number) => [...inputs.subarray(i * 64, i * 64 + 64)];

test("contain all images with their digits, one pixel per timestep", async () => {
  const { inputs, targets, inputShape, targetShape, classes, requiredLag } = await load(
    data,
    "sparseCategoricalCrossentropy",
  );
  expect([inputShape, targetShape, classes, requiredLag]).toEqual([[64, 1], [1], 10, null]);
  const counts = Array.from({ length: 10 }, (_, digit) => targets.filter((k) => k === digit).length);
  // sklearn.datasets.load_digits: numpy.bincount(target), data.sum().
  expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  expect(inputs.reduce((sum, x) => sum + 16 * x, 0)).toBe(561_718);
  const at = targets.findIndex((_, i) => image(inputs, i).every((x, p) => x === zero[p]));
  expect(targets[at]).toBe(0);
});

test("guessing costs the entropy of their shares, which is ln 10 to three decimals", async () => {
  const { baselineLoss } = await load(data, "sparseCategoricalCrossentropy");
  expect(Math.abs(baselineLoss("sparseCategoricalCrossentropy")! - Math.log(10))).toBeLessThan(5e-4);
});

test("if permuted, every image has its pixels in the same new order", async () => {
  const plain = await load(data, "sparseCategoricalCrossentropy");
  const permuted = await load({ ...data, permute: true }, "sparseCategoricalCrossentropy");
  expect(permuted.targets).toEqual(plain.targets);
  // A pixel is identified by its values in all images.
  const pixel = (inputs: Float32Array, p: number) => inputs.filter((_, i) => i % 64 === p).join();
  const places = new Map(Array.from({ length: 64 }, (_, p) => [pixel(plain.inputs, p), p]));
  const order = Array.from({ length: 64 }, (_, p) => places.get(pixel(permuted.inputs, p)));
  expect(order).not.toContain(undefined);
  // Pixels that are white in all images have the same values and count as one.
  expect(new Set(order).size).toBe(places.size);
  expect(order.filter((p, t) => p === t).length).toBeLessThan(8);
});

test("a seed determines which images are drawn, and their order; the last ones are kept for testing", async () => {
  const some = await load({ ...data, samples: 100, test: 0.3 }, "sparseCategoricalCrossentropy");
  expect([some.samples, some.test?.samples]).toEqual([70, 30]);
  const other = await load({ ...data, samples: 100, seed: 2 }, "sparseCategoricalCrossentropy");
  expect([...other.targets]).not.toEqual([...some.targets, ...some.test!.targets]);
});

import { describe, expect, test } from "vitest";
import type { DelayedRecallData, ParityData } from "../../../../src/config/resolved.ts";
import { load } from "./load.ts";

describe("delayed recall", () => {
  const data: DelayedRecallData = {
    kind: "task",
    task: "delayedRecall",
    length: 20,
    cue: 3,
    noiseVariance: 0.2,
    samples: 2000,
    seed: 3,
    test: null,
  };

  test("begins with 1 or −1, the class, and continues with noise of the requested variance", async () => {
    const { inputs, targets, inputShape, targetShape, requiredLag, classes } = await load(data, "binaryCrossentropy");
    expect([inputShape, targetShape, requiredLag, classes]).toEqual([[20, 1], [1], 17, null]);
    let [ones, sum, squares, sameSign] = [0, 0, 0, 0];
    for (let i = 0; i < 2000; i++) {
      const cue = targets[i] === 1 ? 1 : -1;
      expect([...inputs.subarray(i * 20, i * 20 + 3)]).toEqual([cue, cue, cue]);
      ones += targets[i]!;
      for (const x of inputs.subarray(i * 20 + 3, i * 20 + 20)) {
        sum += x;
        squares += x * x;
        sameSign += x * cue > 0 ? 1 : 0;
      }
    }
    // Within five standard errors: of n values with variance 0.2, and of n fair coins.
    const n = 2000 * 17;
    expect(Math.abs(sum / n)).toBeLessThan(5 * Math.sqrt(0.2 / n));
    expect(Math.abs(squares / n - 0.2)).toBeLessThan(5 * 0.2 * Math.sqrt(2 / n));
    expect(Math.abs(sameSign / n - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / n));
    expect(Math.abs(ones / 2000 - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 2000));
  });

  test("guessing costs ln 2, or a quarter as a square", async () => {
    const { baselineLoss } = await load(data, "binaryCrossentropy");
    expect(baselineLoss("binaryCrossentropy")).toBeCloseTo(Math.log(2), 12);
    expect(baselineLoss("meanSquaredError")).toBe(0.25);
    expect(baselineLoss("meanAbsoluteError")).toBeCloseTo(0.5, 1);
  });

  test("its classes are encoded for the loss", async () => {
    const sparse = await load(data, "sparseCategoricalCrossentropy");
    expect([sparse.targetShape, sparse.classes]).toEqual([[1], 2]);
    const oneHot = await load(data, "categoricalCrossentropy");
    expect(oneHot.targetShape).toEqual([2]);
    expect([...oneHot.targets]).toEqual([...sparse.targets].flatMap((k) => (k === 1 ? [0, 1] : [1, 0])));
    expect(oneHot.baselineLoss("categoricalCrossentropy")).toBeCloseTo(Math.log(2), 12);
  });
});

test("parity is 1 if the number of ones is odd, and no shorter part of the sequence shows it", async () => {
  const data: ParityData = { kind: "task", task: "parity", length: 9, samples: 4000, seed: 1, test: null };
  const { inputs, targets, inputShape, requiredLag, baselineLoss } = await load(data, "binaryCrossentropy");
  expect([inputShape, requiredLag]).toEqual([[9, 1], 8]);
  expect(baselineLoss("binaryCrossentropy")).toBeCloseTo(Math.log(2), 12);
  let agree = 0;
  for (let i = 0; i < 4000; i++) {
    const bits = [...inputs.subarray(i * 9, i * 9 + 9)];
    expect(bits.every((b) => b === 1 || b === -1)).toBe(true);
    // The product of an odd number of 1 and −1 is −1 if the number of ones is even.
    expect(targets[i]).toBe(bits.reduce((p, b) => p * b, 1) === 1 ? 1 : 0);
    agree += bits.slice(1).reduce((p, b) => p * b, 1) === 1 ? targets[i]! : 1 - targets[i]!;
  }
  expect(Math.abs(agree / 4000 - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 4000));
});

import { expect, test } from "vitest";
import { stepsPerEpoch } from "../../../../src/config/stepsPerEpoch.ts";
import { batchIndices } from "../../../../src/engine/data/batches.ts";

const take = (samples: number, size: number, seed: number, steps: number) => {
  const batches = batchIndices(samples, size, seed);
  return Array.from({ length: steps }, () => [...batches.next().value]);
};

test("an epoch uses no sample twice, and leaves out the short batch", () => {
  expect(stepsPerEpoch(10, 3)).toBe(3);
  const epochs = take(10, 3, 1, 300);
  for (let epoch = 0; epoch < 100; epoch++) {
    const shown = epochs.slice(3 * epoch, 3 * epoch + 3).flat();
    expect(new Set(shown).size).toBe(9);
  }
  // The tenth sample differs every time.
  expect(new Set(epochs.flat()).size).toBe(10);
  expect(epochs.slice(0, 3)).not.toEqual(epochs.slice(3, 6));
});

test("the order repeats with its seed", () => {
  expect(take(50, 8, 3, 20)).toEqual(take(50, 8, 3, 20));
  expect(take(50, 8, 3, 20)).not.toEqual(take(50, 8, 4, 20));
});

test("a set smaller than a batch is used whole", () => {
  expect(stepsPerEpoch(3, 8)).toBe(1);
  for (const batch of take(3, 8, 1, 5)) expect(batch.toSorted()).toEqual([0, 1, 2]);
});

import { expect, test } from "vitest";
import { constantBaseline } from "../../../../src/engine/data/baseline.ts";

/** The smallest mean cost of a constant, by search. */
function searched(values: readonly number[], cost: (y: number, c: number) => number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let c = -3; c <= 3; c += 1e-3)
    best = Math.min(best, values.reduce((sum, y) => sum + cost(y, c), 0) / values.length);
  return best;
}

test("the regressions' baseline is that of the best constant at each position", () => {
  const first = [0.5, -1.2, 2.1, 0.3];
  const second = [1, 1, -1, 2.5];
  const targets = Float32Array.from(first.flatMap((y, i) => [y, second[i]!]));
  const square = (y: number, c: number) => (y - c) ** 2;
  const distance = (y: number, c: number) => Math.abs(y - c);
  expect(constantBaseline("meanSquaredError", targets, 4, 2)).toBeCloseTo(
    (searched(first, square) + searched(second, square)) / 2,
    4,
  );
  expect(constantBaseline("meanAbsoluteError", targets, 4, 2)).toBeCloseTo(
    (searched(first, distance) + searched(second, distance)) / 2,
    3,
  );
});

test("the binary baseline is the entropy of the share of ones", () => {
  const targets = Float32Array.of(1, 0, 0, 0);
  expect(constantBaseline("binaryCrossentropy", targets, 4, 1)).toBeCloseTo(
    -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)),
    9,
  );
  expect(constantBaseline("binaryCrossentropy", Float32Array.of(1, 1), 2, 1)).toBe(0);
  expect(constantBaseline("binaryCrossentropy", Float32Array.of(2, 0), 2, 1)).toBeNull();
});

test("the cost of classes is the entropy of their shares, in every encoding", () => {
  const entropy = -(0.5 * Math.log(0.5) + 2 * 0.25 * Math.log(0.25));
  expect(constantBaseline("sparseCategoricalCrossentropy", Float32Array.of(2, 0, 2, 1), 4, 1)).toBeCloseTo(entropy, 9);
  const oneHot = Float32Array.of(0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0);
  expect(constantBaseline("categoricalCrossentropy", oneHot, 4, 3)).toBeCloseTo(entropy, 9);
});

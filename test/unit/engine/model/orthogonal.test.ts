import { expect, test } from "vitest";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { fillOrthogonal, orthogonalMatrix } from "../../../../src/engine/model/orthogonal.ts";
import { budget, sampled } from "../../../budget.ts";

/** Largest deviation of AᵀA (or AAᵀ, for wide matrices) from gain²·I. */
function deviation(a: Float64Array, rows: number, columns: number, gain: number): number {
  const n = Math.min(rows, columns);
  const at = (i: number, k: number) => (rows >= columns ? a[k * columns + i]! : a[i * columns + k]!);
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < Math.max(rows, columns); k++) sum += at(i, k) * at(j, k);
      worst = Math.max(worst, Math.abs(sum - (i === j ? gain * gain : 0)));
    }
  }
  return worst;
}

test.each([
  [1, 1, 1],
  [2, 2, 1],
  [64, 64, 1.5],
  [7, 20, 1],
  [20, 7, 0.3],
  [130, 130, 1],
])("%i × %i with gain %f has orthogonal rows or columns of that length", (rows, columns, gain) => {
  const q = orthogonalMatrix(rows, columns, gain, createRandom(1));
  expect(deviation(q, rows, columns, gain)).toBeLessThan(1e-12);
});

test("matrices are distributed evenly over the orthogonal group (Haar)", () => {
  // Over O(n): E[Q] = 0, E[Q_ij²] = 1/n, E[tr Q] = 0, E[(tr Q)²] = 1, and det is ±1 equally often (Diaconis &
  // Shahshahani 1994).
  const n = 3;
  const draws = 4000;
  const random = createRandom(7);
  const squares = new Array<number>(9).fill(0);
  let [trace, traceSquared, positive] = [0, 0, 0];
  for (let d = 0; d < draws; d++) {
    const q = orthogonalMatrix(n, n, 1, random);
    const [a, b, c, e, f, g, h, i, j] = q;
    const t = a! + f! + j!;
    trace += t / draws;
    traceSquared += (t * t) / draws;
    const det = a! * (f! * j! - g! * i!) - b! * (e! * j! - g! * h!) + c! * (e! * i! - f! * h!);
    if (det > 0) positive++;
    q.forEach((v, k) => {
      squares[k]! += (v * v) / draws;
    });
  }
  const tolerance = 5 / Math.sqrt(draws);
  for (const s of squares) expect(Math.abs(s - 1 / n)).toBeLessThan(tolerance);
  expect(Math.abs(trace)).toBeLessThan(tolerance);
  expect(Math.abs(traceSquared - 1)).toBeLessThan(2 * tolerance);
  expect(Math.abs(positive / draws - 0.5)).toBeLessThan(tolerance);
});

const large = [
  [2048, 2048],
  [1500, 1500],
  [2000, 1100],
] as const;

test.each(sampled(large, 3, 2))(
  "%i × %i is too large to be drawn uniformly, but still orthogonal and distributed the same way",
  { tags: "thorough" },
  (rows, columns) => {
    const q = orthogonalMatrix(rows, columns, 1, createRandom(3));
    const dot = (a: number, b: number): number => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += q[i * columns + a]! * q[i * columns + b]!;
      return sum;
    };
    for (let k = 0; k < 200; k++) {
      const [a, b] = [(k * 37) % columns, (k * 101 + 11) % columns];
      expect(dot(a, b)).toBeCloseTo(a === b ? 1 : 0, 12);
    }
    expect(dot(5, 5)).toBeCloseTo(1, 12);
    // For Gaussian entries with variance 1 / rows: mean 0, kurtosis 3; a matrix of mostly zeros would have a far larger
    // one.
    let [mean, square, fourth] = [0, 0, 0];
    for (const v of q) {
      mean += v / q.length;
      square += (v * v * rows) / q.length;
      fourth += (v * v * rows) ** 2 / q.length;
    }
    expect(Math.abs(mean)).toBeLessThan(1e-3);
    expect(square).toBeCloseTo(1, 6);
    expect(Math.abs(fourth / square ** 2 - 3)).toBeLessThan(0.3);
  },
);

test.each([
  [40, 33],
  [33, 40],
  [budget(110, 1100, 1100), budget(103, 1030, 1030)],
])("a %i × %i matrix of float32 is that of float64, rounded", (rows, columns) => {
  const exact = orthogonalMatrix(rows, columns, 1.5, createRandom(4));
  const rounded = fillOrthogonal(new Float32Array(rows * columns), [rows, columns], 1.5, createRandom(4));
  expect(rounded.every((value, i) => value === Math.fround(exact[i]!))).toBe(true);
});

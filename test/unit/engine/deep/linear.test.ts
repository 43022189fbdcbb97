/** Decompositions against matrices whose factors are known. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { multiply, transposed } from "../../../../src/engine/deep/linear/multiply.ts";
import { orthonormalise } from "../../../../src/engine/deep/linear/orthonormalise.ts";
import { whole } from "../../../../src/engine/deep/linear/pieces.ts";
import { gradedColumns, logSingularValues } from "../../../../src/engine/deep/linear/singularValues.ts";
import { spectralRadius } from "../../../../src/engine/deep/linear/spectralRadius.ts";
import { orthogonalMatrix } from "../../../../src/engine/model/orthogonal.ts";

function gaussian(rows: number, columns: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: rows * columns }, () => random.normal());
}

function product(a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number): Float64Array {
  const result = new Float64Array(rows * columns);
  multiply(a, b, rows, inner, columns, result);
  return result;
}

/** A · diag(values) · B, n × n. */
function composed(a: Float64Array, values: readonly number[], b: Float64Array): Float64Array {
  const n = values.length;
  return product(
    a.map((v, i) => v * values[i % n]!),
    b,
    n,
    n,
    n,
  );
}

describe("matrix product", () => {
  it("is the sum over the inner index, for any shape", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        (r, k, c) => {
          const a = gaussian(r, k, 1);
          const b = gaussian(k, c, 2);
          const result = product(a, b, r, k, c);
          for (let i = 0; i < r; i++)
            for (let j = 0; j < c; j++) {
              let sum = 0;
              for (let m = 0; m < k; m++) sum += a[i * k + m]! * b[m * c + j]!;
              expect(result[i * c + j]).toBeCloseTo(sum, 12);
            }
        },
      ),
    );
  });
});

describe("QR", () => {
  it("gives orthonormal rows whose combination is the original matrix", () => {
    for (const [count, width] of [
      [1, 5],
      [6, 6],
      [7, 20],
      [40, 40],
    ] as const) {
      const a = gaussian(count, width, count);
      const q = a.slice();
      const r = new Float64Array(count * count);
      orthonormalise(q, count, width, r);
      const identity = product(q, transposed(q, count, width), count, width, count);
      for (let i = 0; i < count; i++)
        for (let j = 0; j < count; j++) {
          expect(identity[i * count + j]).toBeCloseTo(i === j ? 1 : 0, 13);
          if (j > i) expect(r[i * count + j]).toBe(0);
        }
      const again = product(r, q, count, count, width);
      for (const [i, v] of again.entries()) expect(v).toBeCloseTo(a[i]!, 12);
    }
  });

  it("stays orthogonal if rows nearly coincide, and drops a row that depends on the others", () => {
    const close = Float64Array.from([1, 1e-9, 0, 1, 0, 1e-9, 1, 1e-9, 1e-9]);
    const r = new Float64Array(9);
    orthonormalise(close, 3, 3, r);
    const dot = close[0]! * close[3]! + close[1]! * close[4]! + close[2]! * close[5]!;
    expect(Math.abs(dot)).toBeLessThan(1e-14);
    const dependent = Float64Array.from([1, 2, 3, 2, 4, 6, 0, 1, 0]);
    orthonormalise(dependent, 3, 3, r);
    expect([...dependent.subarray(3, 6)]).toEqual([0, 0, 0]);
    expect(r[4]).toBe(0);
    expect(r[8]).toBeGreaterThan(0);
  });
});

describe("singular values", () => {
  it("equal those that the matrix was composed from", () => {
    const n = 24;
    const random = createRandom(5);
    const values = Array.from({ length: n }, (_, i) => 3 * 0.7 ** i);
    const matrix = composed(orthogonalMatrix(n, n, 1, random), values, orthogonalMatrix(n, n, 1, random));
    const found = whole(logSingularValues(gradedColumns(matrix, n, n)));
    found.forEach((log, i) => {
      expect(Math.exp(log)).toBeCloseTo(values[i]!, 12);
    });
  });

  it("of a 2 × 2 matrix agree with the formula", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 4 }),
        ([a, b, c, d]) => {
          const [p, q, r, s] = [a!, b!, c!, d!];
          const square = p * p + q * q + r * r + s * s;
          const det = p * s - q * r;
          const largest = Math.sqrt((square + Math.sqrt(Math.max(0, square * square - 4 * det * det))) / 2);
          const [first] = whole(logSingularValues(gradedColumns(Float64Array.of(p, q, r, s), 2, 2)));
          expect(Math.abs(Math.exp(first!) - largest)).toBeLessThan(1e-7 * Math.max(1, largest));
        },
      ),
    );
  });

  it("keep their relative precision over thousands of decades, and keep zeros", () => {
    const n = 6;
    const q = orthogonalMatrix(n, n, 1, createRandom(3));
    const logs = Float64Array.from({ length: n }, (_, i) => -1500 * i);
    const found = whole(logSingularValues({ columns: q.slice(), logs, count: n, height: n }));
    found.forEach((log, i) => {
      expect(Math.abs(log + 1500 * i)).toBeLessThan(1e-9);
    });
    const singular = whole(logSingularValues(gradedColumns(Float64Array.of(2, 0, 0, 0), 2, 2)));
    expect([...singular]).toEqual([Math.log(2), Number.NEGATIVE_INFINITY]);
  });
});

describe("spectral radius", () => {
  it("is correct for rotations, triangular and similar matrices", () => {
    const angle = 1;
    const rotation = Float64Array.of(Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)).map(
      (v) => 0.8 * v,
    );
    expect(whole(spectralRadius(rotation, 2))).toBeCloseTo(0.8, 9);
    expect(whole(spectralRadius(Float64Array.of(0.5, 100, 0, -0.7), 2))).toBeCloseTo(0.7, 6);
    expect(whole(spectralRadius(Float64Array.of(0, 1, 0, 0), 2))).toBe(0);
    const n = 20;
    const q = orthogonalMatrix(n, n, 1, createRandom(8));
    expect(
      whole(
        spectralRadius(
          q.map((v) => 1.3 * v),
          n,
        ),
      ),
    ).toBeCloseTo(1.3, 8);
    const values = Array.from({ length: n }, (_, i) => 1.7 - i / n);
    expect(whole(spectralRadius(composed(q, values, transposed(q, n, n)), n))).toBeCloseTo(1.7, 8);
  });
});

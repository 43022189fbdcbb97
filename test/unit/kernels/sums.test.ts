/** Norms and moments are the same in WebAssembly and here, wherever the values lie. */

import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import {
  countAbove,
  countBelow,
  magnitude,
  movement,
  provideSums,
  shiftedSums,
  sumOfTimescales,
} from "../../../src/engine/recording/norms.ts";
import { cachedKernels } from "../../../src/kernels/build.mjs";
import { loadSums } from "../../../src/kernels/sums.ts";

const sums = await loadSums(await cachedKernels());
const memory = new WebAssembly.Memory({ initial: 4 });
sums.elsewhere = () => memory;

afterEach(() => {
  provideSums(null);
});

/** Values with some zeros, and now and then one that is not finite. */
const value = fc.oneof(
  { weight: 20, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const arrays = fc.array(value, { minLength: 64, maxLength: 5000 }).map((values) => Float32Array.from(values));

function inMemory(values: Float32Array): Float32Array {
  const copy = new Float32Array(memory.buffer, 8, values.length);
  copy.set(values);
  return copy;
}

function close(actual: number, expected: number, size = Math.abs(expected)): void {
  if (Number.isFinite(expected)) expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-11 * size);
  else expect(actual).toBe(expected);
}

describe("sums", () => {
  it("are those of plain loops", () => {
    fc.assert(
      fc.property(arrays, fc.boolean(), fc.float({ noNaN: true, noDefaultInfinity: true }), (values, inside, shift) => {
        const figures = (array: Float32Array) => ({
          size: magnitude(array),
          moved: movement(
            array,
            array.map((v) => v / 2),
          ),
          moments: shiftedSums(array, shift, -0.5, 0.25),
          below: countBelow(array, 0.1),
          above: countAbove(array, 0.9),
        });
        const expected = figures(values);
        provideSums(sums);
        const actual = figures(inside ? inMemory(values) : values);
        provideSums(null);
        close(actual.size.norm, expected.size.norm);
        close(actual.moved.update, expected.moved.update);
        close(actual.moved.norm, expected.moved.norm);
        close(actual.moments.squares, expected.moments.squares);
        // Terms of both signs may cancel.
        close(actual.moments.sum, expected.moments.sum, Math.sqrt(values.length * expected.moments.squares));
        const counts = ({ size, moments, below, above }: typeof expected) => [
          size.nonFinite,
          size.zeros,
          moments.outside,
          below,
          above,
        ];
        expect(counts(actual)).toEqual(counts(expected));
      }),
    );
  });

  it("of timescales are those of plain loops", () => {
    const gates = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN)), {
      minLength: 64,
      maxLength: 3000,
    });
    fc.assert(
      fc.property(gates, fc.boolean(), (list, inside) => {
        const values = Float32Array.from(list);
        const expected = sumOfTimescales(values);
        provideSums(sums);
        const actual = sumOfTimescales(inside ? inMemory(values) : values);
        provideSums(null);
        close(actual, expected);
      }),
    );
  });

  it("of columns are those of plain loops, in the memory of the values alone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 30 }), fc.gen(), (width, rows, g) => {
        const table = Float32Array.from({ length: width * rows }, () => g(() => value));
        const expected = Float32Array.from({ length: width }, (_, column) =>
          Array.from({ length: rows }, (__, row) => table[row * width + column]!).reduce((a, b) => a + b, 0),
        );
        const to = new Float32Array(memory.buffer, 8 + 4 * table.length, width);
        expect(sums.columnSums(inMemory(table), to)).toBe(true);
        expect([...to]).toEqual([...expected].map((sum) => (sum === 0 ? expect.closeTo(0) : sum)));
        expect(sums.columnSums(table, to)).toBe(false);
        expect(sums.columnSums(inMemory(table), new Float32Array(width))).toBe(false);
      }),
    );
  });
});

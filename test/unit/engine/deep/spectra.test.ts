/** Lyapunov exponents and singular values of products with known values. */

import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { whole } from "../../../../src/engine/deep/linear/pieces.ts";
import { gradedColumns, logSingularValues } from "../../../../src/engine/deep/linear/singularValues.ts";
import { lyapunovExponents } from "../../../../src/engine/deep/lyapunovExponents.ts";
import { growingSpans, jacobianProducts } from "../../../../src/engine/deep/products.ts";
import { orthogonalMatrix } from "../../../../src/engine/model/orthogonal.ts";
import { cells, linear, pace, randomSequence } from "./sequences.ts";

describe("Lyapunov exponents", () => {
  it.each([
    [0.3, 12, 400],
    [1, 5, 30],
    [1.4, 40, 100],
  ])("of a linear net with U = %f Q all equal its logarithm (H = %i, T = %i)", async (rho, units, timesteps) => {
    const net = linear(orthogonalMatrix(units, units, rho, createRandom(units)), units, timesteps);
    const found = await lyapunovExponents(net, 1, pace);
    expect(found?.mean).toHaveLength(Math.min(units, 16));
    for (const values of [found!.mean, found!.low, found!.high])
      for (const value of values) expect(value).toBeCloseTo(Math.log(rho), 11);
  });

  it("of a diagonal net are the logarithms of its entries", async () => {
    const entries = [0.2, 0.9, 1.1, 0.5, -0.7];
    const u = new Float64Array(25);
    entries.forEach((v, i) => {
      u[i * 6] = v;
    });
    const found = await lyapunovExponents(linear(u, 5, 120), 1, pace);
    const expected = entries.map((v) => Math.log(Math.abs(v))).sort((a, b) => b - a);
    found!.mean.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 6);
    });
  });

  it("are −∞ in directions that nothing leaves, and do not exist without a transition", async () => {
    const found = await lyapunovExponents(linear(Float64Array.of(0.5, 0, 0, 0), 2, 20), 1, pace);
    expect(found!.mean[0]).toBeCloseTo(Math.log(0.5), 12);
    expect(found!.mean[1]).toBe(Number.NEGATIVE_INFINITY);
    expect(await lyapunovExponents(linear(Float64Array.of(1), 1, 1), 1, pace)).toBeNull();
  });

  it.each(["simpleRNN", "gru", "lstm"] as const)(
    "of a %s add up to the same as its products of Jacobians",
    async (kind) => {
      const timesteps = 60;
      const net = cells[kind](randomSequence(kind, { samples: 1, timesteps, inputs: 2, units: 4 }, 3));
      const found = await lyapunovExponents(net, 1, pace);
      const products = await jacobianProducts(net, 0, pace);
      const whole = products!.logSingularValues.subarray(-net.width);
      // Only the leading few: the walk back has found their directions.
      for (let i = 0; i < 2; i++) expect(found!.mean[i]).toBeCloseTo((whole[i]! * Math.LN10) / (timesteps - 1), 3);
      const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
      // The determinant, for any directions.
      expect(sum(found!.mean)).toBeCloseTo((sum(whole) * Math.LN10) / (timesteps - 1), 8);
    },
  );
});

describe("singular values of products", () => {
  it("grow over spans 1, 2, 4, … and the whole", () => {
    expect(growingSpans(9)).toEqual([1, 2, 4, 8, 9]);
    expect(growingSpans(8)).toEqual([1, 2, 4, 8]);
    expect(growingSpans(1)).toEqual([1]);
    expect(growingSpans(0)).toEqual([]);
  });

  it("are powers of a diagonal matrix's entries, far beyond float64's range", async () => {
    const products = await jacobianProducts(linear(Float64Array.of(0.5, 0, 0, 1e-9), 2, 301), 0, pace);
    const values = products!.logSingularValues;
    products!.spans.forEach((span, i) => {
      expect(values[2 * i]! / (span * Math.log10(0.5))).toBeCloseTo(1, 12);
      expect(values[2 * i + 1]! / (span * Math.log10(1e-9))).toBeCloseTo(1, 12);
    });
  });

  it.each(["simpleRNN", "gru", "lstm"] as const)("of a %s equal those of the explicit product", async (kind) => {
    const net = cells[kind](randomSequence(kind, { samples: 2, timesteps: 6, inputs: 2, units: 3 }, 7));
    const { width } = net;
    const products = await jacobianProducts(net, 1, pace);
    let rows = new Float64Array(width * width);
    for (let i = 0; i < width; i++) rows[i * width + i] = 1;
    const of = new Int32Array(width).fill(1);
    let found = 0;
    for (let span = 1; span <= 5; span++) {
      const next = new Float64Array(width * width);
      net.backward(6 - span + 1, rows, of, next);
      rows = next;
      const index = products!.spans.indexOf(span);
      if (index < 0) continue;
      found++;
      whole(logSingularValues(gradedColumns(rows, width, width))).forEach((log, i) => {
        expect(products!.logSingularValues[index * width + i]).toBeCloseTo(log * Math.LOG10E, 6);
      });
    }
    expect(found).toBe(products!.spans.length);
  });
});

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
// Registers the gradients of all operations.
import "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import { budget } from "../../budget.ts";
import { random, relativeDifference, someKernels, twoThreads, uniform } from "./helpers.ts";

let kernels: Kernels;
let threaded: Kernels;
beforeAll(async () => {
  await tf.setBackend("cpu");
  kernels = await someKernels();
  threaded = await twoThreads();
});
afterAll(() => Promise.all([kernels.close(), threaded.close()]));

it("equals its definition, with gradients, and is the same on several threads", () => {
  const cases = fc.record({
    // Chunks have 64 rows. With few rows the gradient is rounding noise: two rows have none.
    rows: fc.oneof(fc.integer({ min: 6, max: 30 }), fc.constantFrom(63, 64, 65, 200)),
    width: fc.integer({ min: 1, max: 19 }),
    offset: fc.constantFrom(0, 10),
    seed: fc.nat(),
  });
  fc.assert(
    fc.property(cases, ({ rows, width, offset, seed }) => {
      const next = random(seed);
      const spec = { rows, width, epsilon: 1e-3 };
      const x = uniform(next, rows * width, 2).map((v) => v + offset);
      const [gamma, beta] = [uniform(next, width, 1), uniform(next, width, 1)];
      const dy = uniform(next, rows * width, 1);
      const expected = tf.tidy(() => {
        const normalized = (a: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor => {
          const { mean, variance } = tf.moments(a, 0, true);
          return tf.add(tf.mul(tf.div(tf.sub(a, mean), tf.sqrt(tf.add(variance, spec.epsilon))), g), b);
        };
        const inputs = [tf.tensor(x, [rows, width]), tf.tensor1d(gamma), tf.tensor1d(beta)];
        const { mean, variance } = tf.moments(inputs[0]!, 0);
        const pass = (...all: tf.Tensor[]): tf.Tensor => normalized(all[0]!, all[1]!, all[2]!);
        const gradients = tf.grads(pass)(inputs, tf.tensor(dy, [rows, width]));
        return [pass(...inputs), ...gradients, mean, variance].map((tensor) => tensor.dataSync<"float32">().slice());
      });
      const run = ({ batchNormalizations }: Kernels): Float32Array[] => {
        const { y, moments } = batchNormalizations.forward(spec, x, gamma, beta);
        const output = y.slice();
        const back = batchNormalizations.backward(spec, x, gamma, moments, dy);
        return [output, back.x.slice(), back.gamma, back.beta, moments.slice(0, width), moments.slice(2 * width)];
      };
      const one = run(kernels);
      one.forEach((values, i) => {
        expect(relativeDifference(values, expected[i]!)).toBeLessThan(1e-4);
      });
      expect(run(threaded)).toEqual(one);
    }),
    { numRuns: budget(15, 100, 40) },
  );
});

/** Σ dy ∘ y in float64. */
function weighted(x: Float64Array, width: number, gamma: Float32Array, dy: Float32Array, epsilon: number): number {
  const rows = x.length / width;
  let sum = 0;
  for (let c = 0; c < width; c++) {
    const column = Array.from({ length: rows }, (_, r) => x[r * width + c]!);
    const mean = column.reduce((a, b) => a + b) / rows;
    const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / rows;
    column.forEach((v, r) => {
      sum += (dy[r * width + c]! * gamma[c]! * (v - mean)) / Math.sqrt(variance + epsilon);
    });
  }
  return sum;
}

it("has the gradient of finite differences", () => {
  const next = random(3);
  const spec = { rows: 90, width: 5, epsilon: 1e-3 };
  const { rows, width, epsilon } = spec;
  const x = uniform(next, rows * width, 3);
  const [gamma, beta, dy] = [uniform(next, width, 1), uniform(next, width, 1), uniform(next, rows * width, 1)];
  const { moments } = kernels.batchNormalizations.forward(spec, x, gamma, beta);
  const found = kernels.batchNormalizations.backward(spec, x, gamma, moments, dy).x.slice();
  const step = 1e-5;
  const expected = Float32Array.from(x, (_, i) => {
    const moved = (by: number): number => {
      const near = Float64Array.from(x);
      near[i]! += by;
      return weighted(near, width, gamma, dy, epsilon);
    };
    return (moved(step) - moved(-step)) / (2 * step);
  });
  expect(relativeDifference(found, expected)).toBeLessThan(1e-4);
});

it("leaves a NaN in its column", () => {
  const x = Float32Array.of(1, Number.NaN, 3, 4, 5, 6);
  const ones = Float32Array.of(1, 1);
  const { y } = kernels.batchNormalizations.forward({ rows: 3, width: 2, epsilon: 0 }, x, ones, ones);
  expect([...y].map(Number.isNaN)).toEqual([false, true, false, true, false, true]);
});

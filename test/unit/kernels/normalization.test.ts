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
    // Chunks have 64 rows.
    rows: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(63, 64, 65, 200)),
    // With few values the gradient is rounding noise: two values have none.
    width: fc.integer({ min: 6, max: 33 }),
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
          const { mean, variance } = tf.moments(a, 1, true);
          return tf.add(tf.mul(tf.div(tf.sub(a, mean), tf.sqrt(tf.add(variance, spec.epsilon))), g), b);
        };
        const inputs = [tf.tensor(x, [rows, width]), tf.tensor1d(gamma), tf.tensor1d(beta)];
        const pass = (...all: tf.Tensor[]): tf.Tensor => normalized(all[0]!, all[1]!, all[2]!);
        const gradients = tf.grads(pass)(inputs, tf.tensor(dy, [rows, width]));
        return [pass(...inputs), ...gradients].map((tensor) => tensor.dataSync<"float32">().slice());
      });
      const run = ({ normalizations }: Kernels): Float32Array[] => {
        const output = normalizations.forward(spec, x, gamma, beta).slice();
        const back = normalizations.backward(spec, x, gamma, dy);
        return [output, back.x.slice(), back.gamma, back.beta];
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

it("leaves a NaN in its row", () => {
  const x = Float32Array.of(1, Number.NaN, 3, 4, 5, 6);
  const y = kernels.normalizations.forward(
    { rows: 2, width: 3, epsilon: 0 },
    x,
    Float32Array.of(1, 1, 1),
    Float32Array.of(0, 0, 0),
  );
  expect([...y].map(Number.isNaN)).toEqual([true, true, true, false, false, false]);
});

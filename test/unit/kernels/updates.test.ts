/** Updates in WebAssembly equal the loops in JavaScript bit for bit. */

import fc from "fast-check";
import { expect, it } from "vitest";
import type { OptimizerConfig } from "../../../src/config/resolved.ts";
import { createOptimizer } from "../../../src/engine/training/optimizers.ts";
import { cachedKernels } from "../../../src/kernels/build.mjs";
import { loadUpdates } from "../../../src/kernels/updates.ts";

const updates = await loadUpdates(await cachedKernels());
const adam = { learningRate: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
const configs: readonly OptimizerConfig[] = [
  { type: "adam", ...adam },
  { type: "adamw", ...adam, weightDecay: 0.37 },
];

/** Ordinary values, zeros, subnormals, and now and then one that is not finite. */
const value = fc.oneof(
  { weight: 30, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 30, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }).map(Math.fround) },
  { weight: 2, arbitrary: fc.constantFrom(0, -0, 1e-42, -3e-45) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
);
const shortest = 256;
/** Pieces have 4096 values. */
const longest = 8500;

it.each(configs)("$type takes the same steps", (config) => {
  const cases = fc.record({
    length: fc.integer({ min: shortest, max: longest }),
    weights: fc.array(value, { minLength: 50, maxLength: 60 }),
    gradients: fc.array(value, { minLength: 61, maxLength: 71 }),
  });
  fc.assert(
    fc.property(cases, ({ length, weights, gradients }) => {
      const repeated = (values: readonly number[], from: number): Float32Array =>
        Float32Array.from({ length }, (_, i) => values[(i + from) % values.length]!);
      const [own, reference] = [createOptimizer(config, updates), createOptimizer(config)];
      let [ours, theirs] = [[repeated(weights, 0)], [repeated(weights, 0)]];
      for (let step = 0; step < 3; step++) {
        const gradient = [repeated(gradients, step)];
        ours = own.update(ours, gradient);
        theirs = reference.update(theirs, gradient);
        expect(ours).toEqual(theirs);
      }
      expect(own.state()).toEqual(reference.state());
    }),
    { numRuns: 30 },
  );
});

it("leaves the weights and gradients that it reads as they are", () => {
  const [weights, gradients] = [new Float32Array(5000).fill(0.5), new Float32Array(5000).fill(0.25)];
  const [after] = createOptimizer(configs[0]!, updates).update([weights], [gradients]);
  expect(after?.every((w) => w < 0.5)).toBe(true);
  expect(weights.every((w) => w === 0.5) && gradients.every((g) => g === 0.25)).toBe(true);
});

/** The figures of a timestep against the norms of its samples, which are read without any reduction. */

import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Kernels } from "../../../src/kernels/kernels.ts";
import type { RecurrentSpec } from "../../../src/kernels/spec.ts";
import { budget } from "../../budget.ts";
import { random, randomArrays, someKernels, uniform } from "./helpers.ts";

let kernels: Kernels;
beforeAll(async () => {
  kernels = await someKernels();
});
afterAll(() => kernels.close());

/** Powers of two by which the samples' gradients differ, and how often one of them repeats the first sample's. */
const spreads = fc.record({
  batch: fc.integer({ min: 1, max: 150 }),
  timesteps: fc.integer({ min: 1, max: 9 }),
  spread: fc.constantFrom(0, 8, 60, 110),
  repeats: fc.constantFrom(0, 0.3, 1),
  seed: fc.nat(),
});

it("ranks and adds the samples of any batch, however far apart they are", () => {
  fc.assert(
    fc.property(spreads, ({ batch, timesteps, spread, repeats, seed }) => {
      const next = random(seed);
      const spec: RecurrentSpec = { kind: "lstm", timesteps, batch, inputs: 2, units: 3, activation: "tanh" };
      const arrays = randomArrays(spec, next);
      const h = uniform(next, batch * 3, 1);
      for (let b = 0; b < batch; b++) {
        const factor = 2 ** Math.round((next() - 0.5) * spread);
        const same = next() < repeats;
        for (let u = 0; u < 3; u++) h[b * 3 + u] = same ? h[u]! : h[b * 3 + u]! * factor;
      }
      const plan = kernels.plan(spec);
      plan.forward(arrays);
      plan.backward({ h });
      for (const { logNorm, logSampleNorm, ...state } of plan.statistics().states) {
        for (let t = 0; t < timesteps; t++) {
          const logs = logSampleNorm.slice(t * batch, (t + 1) * batch).sort();
          const nearest = (share: number): number => logs[Math.max(0, Math.ceil((share * batch) / 100) - 1)]!;
          expect(state.p10[t]).toBeCloseTo(nearest(10), 9);
          expect(state.p50[t]).toBeCloseTo(nearest(50), 9);
          expect(state.p90[t]).toBeCloseTo(nearest(90), 9);
          const largest = logs.at(-1)!;
          const squares = logs.reduce((sum, log) => sum + 100 ** (log - largest), 0);
          expect(logNorm[t]).toBeCloseTo(largest + Math.log10(squares) / 2, 9);
        }
      }
      plan.release();
    }),
    { numRuns: budget(8, 60, 25) },
  );
});

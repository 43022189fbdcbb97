/** Changes to weights after the update: limits and pruning. */

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PruningConfig } from "../../../../src/config/resolved.ts";
import { prune, sparsityAt } from "../../../../src/engine/training/afterUpdate/prune.ts";
import { clipWeights } from "../../../../src/engine/training/afterUpdate/weightClip.ts";
import { entries, resolved, run, series } from "./support.ts";

const shapes = [[2, 3], [3]];
const weights = () => [Float32Array.of(3, 0.1, -4, 4, 0.2, 3), Float32Array.of(-7, 0.5, 7)];

describe("weight clipping", () => {
  it("limits the entries of all weights", () => {
    const given = weights();
    clipWeights({ value: 3.5, maxNorm: null, every: 1 }, shapes)(given, 1);
    expect(given).toEqual([Float32Array.of(3, 0.1, -3.5, 3.5, 0.2, 3), Float32Array.of(-3.5, 0.5, 3.5)]);
  });

  it("scales each unit's incoming weights down to a norm, but no biases", () => {
    const given = weights();
    clipWeights({ value: null, maxNorm: 2.5, every: 1 }, shapes)(given, 1);
    // Columns (3, 4), (0.1, 0.2), (−4, 3): norms 5, 0.22, 5.
    for (const [i, w] of [1.5, 0.1, -2, 2, 0.2, 1.5].entries()) expect(given[0]![i]).toBeCloseTo(w, 6);
    expect(given[1]).toEqual(weights()[1]);
  });

  it("waits for its step, and never turns NaN into a number", () => {
    const given = weights();
    const clip = clipWeights({ value: 1, maxNorm: 1, every: 3 }, shapes);
    clip(given, 1);
    clip(given, 2);
    expect(given).toEqual(weights());
    given[0]![0] = Number.NaN;
    clip(given, 3);
    expect(given[0]![0]).toBeNaN();
    expect(given[1]).toEqual(Float32Array.of(-1, 0.5, 1));
  });
});

describe("pruning", () => {
  const config: PruningConfig = { sparsity: 0.8, begin: 11, end: 31, every: 5 };

  it("follows the published schedule", () => {
    for (const [step, done] of [
      [10, 0],
      [11, 0],
      [16, 0.25],
      [21, 0.5],
      [31, 1],
      [99, 1],
    ] as const)
      expect(sparsityAt(step, config, 31)).toBeCloseTo(0.8 * (1 - (1 - done) ** 3), 12);
  });

  it("takes the smallest entries of matrices", () => {
    const given = weights();
    prune({ sparsity: 0.5, begin: 1, end: 1, every: 1 }, shapes, 100)(given, 1);
    expect(given).toEqual([Float32Array.of(0, 0, -4, 4, 0, 3), weights()[1]]);
  });

  it("ends halfway through the run by default", () => {
    const change = prune({ sparsity: 0.5, begin: 1, end: null, every: 1000 }, shapes, 10);
    const given = weights();
    for (let step = 1; step <= 4; step++) change(given, step);
    expect(given).toEqual(weights());
    change(given, 5);
    expect(given[0]!.filter((w) => w === 0)).toHaveLength(3);
  });

  it("never restores a pruned weight, and prunes as many as scheduled (property)", () => {
    const entry = fc.constantFrom(0, 0.5, -0.5, 1, -2, 3);
    const update = fc.array(entry, { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(update, { minLength: 30, maxLength: 30 }), (updates) => {
        const change = prune({ sparsity: 0.7, begin: 3, end: 23, every: 4 }, [[4, 5]], 100);
        let zero = new Set<number>();
        updates.forEach((values, i) => {
          // All weights are new: whatever the optimizer does, pruned weights are zero.
          const given = Float32Array.from(values, (v) => v + 0.25);
          change([given], i + 1);
          const now = new Set([...given.keys()].filter((k) => given[k] === 0));
          for (const k of zero) expect(now.has(k)).toBe(true);
          zero = now;
        });
        expect(zero.size).toBe(14);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a run", () => {
  const base = resolved([]);
  const layers = entries([
    ["lstm", { units: 4 }],
    ["dense", { units: 1 }],
  ]);

  it("keeps weights within their limits", async () => {
    const plain = await run(resolved(layers, { training: base.training }), { steps: 3 });
    const clipped = await run(
      resolved(layers, { training: { ...base.training, weightClip: { value: 0.05, maxNorm: null, every: 1 } } }),
      { steps: 3 },
    );
    const norm = (result: typeof plain) => series(result, "weightNorm", 0, "kernel");
    expect(norm(clipped)[0]).toBe(norm(plain)[0]);
    // 2 × 16 entries of at most 0.05.
    for (const after of norm(clipped).slice(1)) expect(after).toBeLessThanOrEqual(0.05 * Math.sqrt(32) * 1.000001);
    expect(norm(plain)[2]).toBeGreaterThan(0.05 * Math.sqrt(32));
  });

  it("prunes everything at once except biases if the config says so", async () => {
    const model = resolved(layers, {
      training: { ...base.training, pruning: { sparsity: 0.999, begin: 2, end: 2, every: 1 } },
    });
    const result = await run(model, { steps: 6 });
    const kernel = series(result, "weightNorm", 0, "recurrent_kernel");
    expect(kernel[1]).toBeGreaterThan(0);
    // 64 entries: all of them.
    expect(kernel.slice(2)).toEqual([0, 0, 0, 0]);
    expect(
      series(result, "weightNorm", 0, "bias")
        .slice(1)
        .every((norm) => norm > 0),
    ).toBe(true);
  });
});

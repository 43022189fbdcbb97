import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { budget } from "../../budget.ts";
import { type RunSpec, reaching, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const h = (loss: number): StepSpec => ({ loss, states: [{ h: reaching(100, 34) }] });

function vanishing(spec: Omit<RunSpec, "layers">, steps: readonly StepSpec[]) {
  const { history, model } = syntheticRun({ layers: [{ type: "simpleRNN", args: { units: 4 } }], ...spec }, steps);
  const found = diagnose(history, model).filter((f) => f.code === "vanishing-through-time");
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** mulberry32: reproducible numbers in [0, 1) from a seed. */
function uniform(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe("losses that are skewed", () => {
  /** Squared errors of 1 about the sum of two uniform numbers, single samples: mean 1/6, median 0.086. */
  const single = (seed: number) => {
    const random = uniform(seed);
    return () => (random() + random() - 1) ** 2;
  };

  it("are not taken for learning: batches of one sample, which mostly cost less than the baseline, a mean", () => {
    for (const seed of [1, 2, 3, 4, 5].slice(0, budget(2, 5))) {
      const next = single(seed);
      const f = vanishing(
        { batchSize: 1, baselineLoss: 1 / 6, plannedSteps: 2000 },
        times(2000, () => h(next())),
      );
      expect(f.severity).toBe("warning");
      expect(f.evidence["loss"]).toBeGreaterThan(0.14);
      expect(f.evidence["loss"]).toBeLessThan(0.2);
    }
  });

  it("are not taken for learning: a class with one sample in a hundred, which most batches lack", () => {
    const [p, batch] = [0.01, 32];
    const baseline = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    let warnings = 0;
    const runs = budget(10, 20);
    for (let seed = 1; seed <= runs; seed++) {
      const random = uniform(seed);
      const cost = () => {
        let sum = 0;
        for (let i = 0; i < batch; i++) sum -= random() < p ? Math.log(p) : Math.log(1 - p);
        return sum / batch;
      };
      const run = times(400, () => h(cost()));
      const f = vanishing({ batchSize: batch, baselineLoss: baseline, plannedSteps: 400 }, run);
      if (f.severity === "warning") warnings++;
    }
    expect(warnings).toBeGreaterThanOrEqual(0.95 * runs);
  });

  it("do not hide learning", () => {
    const next = single(7);
    const run = times(600, (i) => h(next() * (i < 300 ? 1 : 0.6)));
    const f = vanishing({ batchSize: 1, baselineLoss: 1 / 6, plannedSteps: 600 }, run);
    expect(f).toMatchObject({ severity: "information" });
    expect(f.explanation).toContain("has left the baseline");
  });
});

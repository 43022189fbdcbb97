import { describe, expect, it } from "vitest";
import { arrives, lossTrend, trendOf } from "../../../src/diagnosis/lossTrend.ts";
import { sampled } from "../../budget.ts";
import { syntheticRun, times } from "./syntheticRun.ts";

/** mulberry32 and the central limit: reproducible, nearly normal numbers from a seed. */
function normal(seed: number): () => number {
  let a = seed;
  const uniform = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Array.from({ length: 12 }, uniform).reduce((s, u) => s + u, -6);
}

const steps = (n: number) => Float64Array.from({ length: n }, (_, i) => i + 1);
const series = (n: number, of: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => of(i));

describe("the slope of a loss", () => {
  it("is exact for a straight line", () => {
    const t = trendOf(
      steps(100),
      series(100, (i) => 5 - 0.01 * (i + 1)),
    );
    expect(t!.slope).toBeCloseTo(-0.01, 12);
    expect(t!.now).toBeCloseTo(4, 10);
    expect(t!.falls).toBe(true);
  });

  it("is not found in noise, however few blocks there are", { tags: "thorough" }, () => {
    for (const n of sampled([15, 20, 29, 60], 2)) {
      let falls = 0;
      for (let seed = 1; seed <= 4000; seed++) {
        const z = normal(seed);
        if (
          trendOf(
            steps(n),
            series(n, () => 1 + 0.2 * z()),
          )!.falls
        )
          falls++;
      }
      expect(falls / 4000, `${n} losses`).toBeLessThanOrEqual(0.008);
    }
  });

  it("is not found in noise that is correlated from step to step", { tags: "thorough" }, () => {
    let falls = 0;
    for (let seed = 1; seed <= 400; seed++) {
      const z = normal(seed);
      let x = 0;
      const ar = series(400, () => {
        x = 0.8 * x + z();
        return 1 + 0.05 * x;
      });
      if (trendOf(steps(400), ar)!.falls) falls++;
    }
    expect(falls).toBeLessThanOrEqual(12);
  });

  it("is found in noise as large as the whole fall", () => {
    let falls = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const z = normal(seed);
      if (
        trendOf(
          steps(400),
          series(400, (i) => 1 - (0.2 * i) / 400 + 0.1 * z()),
        )!.falls
      )
        falls++;
    }
    expect(falls).toBeGreaterThanOrEqual(97);
  });

  it("is unknown for few values or NaN", () => {
    expect(trendOf(steps(14), series(14, Math.random))).toBeUndefined();
    expect(
      trendOf(
        steps(60),
        series(60, () => Number.NaN),
      ),
    ).toBeUndefined();
  });

  it("uses the newest half of a run", () => {
    const { history } = syntheticRun(
      { layers: [{ type: "dense" }] },
      times(200, (i) => ({ loss: i < 100 ? 10 - 0.05 * i : 5 })),
    );
    expect(lossTrend(history)!.falls).toBe(false);
  });
});

describe("getting there", () => {
  const run = (n: number, plannedSteps: number) =>
    syntheticRun(
      { layers: [{ type: "dense" }], plannedSteps },
      times(n, () => ({})),
    ).history;

  it("allows twice the steps left, or twice those taken", () => {
    expect(arrives(run(100, 100), 1, -0.001, 0.8)).toBe(true);
    expect(arrives(run(100, 100), 1, -0.001, 0.79)).toBe(false);
    expect(arrives(run(100, 1000), 1, -0.001, -0.8)).toBe(true);
    expect(arrives(run(100, 100), -5, 0.01, -3)).toBe(true);
    expect(arrives(run(100, 100), -5, 0.009, -3)).toBe(false);
  });
});

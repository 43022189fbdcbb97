import { describe, expect, it } from "vitest";
import { wholeRun } from "../../../../src/diagnosis/verify/budget.ts";
import type { Judgement } from "../../../../src/diagnosis/verify/judge.ts";
import { byRank, lossOf, type Ranked } from "../../../../src/diagnosis/verify/rank.ts";
import type { Replicate } from "../../../../src/diagnosis/verify/replicate.ts";
import { syntheticRun, times } from "../syntheticRun.ts";

interface Given extends Partial<Replicate> {
  readonly verdict?: Judgement["verdict"];
  readonly cleared?: number;
  readonly parts?: number;
}

function fix({ verdict = "inconclusive", cleared = 0, parts = 1, ...over }: Given): Ranked {
  const run: Replicate = {
    reach: { horizon: 99, required: 99, gain: 1, survival: 0 },
    loss: 0.167,
    baseline: 0.167,
    progress: "standing",
    gradientNorm: 1,
    diverged: false,
    findings: new Map(),
    ...over,
  };
  return { judgement: { verdict, reason: "", cleared, open: null, remaining: [] }, runs: [run, run, run], parts };
}

/** The first of two comes first, whichever way they are compared. */
function comesFirst(a: Ranked, b: Ranked): void {
  expect(byRank(a, b)).toBeLessThan(0);
  expect(byRank(b, a)).toBeGreaterThan(0);
}

describe("the order of the fixes", () => {
  it("is that of the verdicts first, and what was not run comes last of its verdict", () => {
    comesFirst(fix({ verdict: "better", loss: 0.1, progress: "below" }), fix({ loss: 0.01, progress: "below" }));
    comesFirst(fix({ loss: 5 }), { ...fix({}), runs: [] });
  });

  it("does not punish a fix for being slow whose gradient reaches as far as it has to", () => {
    const slow = fix({ cleared: 3, loss: 0.17 });
    const short = fix({ reach: { horizon: 20, required: 99, gain: 0.9, survival: -9 }, loss: 0.162 });
    comesFirst(slow, short);
    comesFirst(fix({ progress: "arriving", loss: 0.5 }), slow);
    comesFirst(fix({ progress: "below", loss: 0.1 }), fix({ progress: "arriving", loss: 0.5, cleared: 3 }));
  });

  it("goes by losses as shares of their baselines", () => {
    const scaled = fix({ progress: "below", loss: 0.5, baseline: 1 });
    const raw = fix({ progress: "below", loss: 90, baseline: 900 });
    comesFirst(raw, scaled);
    expect(lossOf(raw.runs)).toBeCloseTo(0.1, 12);
    expect(lossOf(fix({ loss: Number.POSITIVE_INFINITY, diverged: true }).runs)).toBe(Number.MAX_VALUE);
  });

  it("prefers fewer edits where more do no better", () => {
    const one = fix({ verdict: "better", progress: "below", loss: 0.02 });
    comesFirst(one, fix({ verdict: "better", progress: "below", loss: 0.019, parts: 2 }));
    comesFirst(fix({ verdict: "better", progress: "below", loss: 0.005, parts: 2 }), one);
  });
});

describe("the time a whole run takes", () => {
  it("is more than a run took that ended early", () => {
    const { history } = syntheticRun(
      { layers: [{ type: "dense" }] },
      times(5, () => ({})),
    );
    expect(wholeRun(history, 100, 5)).toBe(100);
    // The synthetic run has no times of its steps: going by its whole.
    expect(wholeRun(history, 100, 300)).toBe(6000);
  });
});

import { describe, expect, it } from "vitest";
import { longerSteps, wholeRun } from "../../../../src/diagnosis/verify/budget.ts";
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
    offers: [],
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
  it("goes by verdict first, and puts fixes that were not run last within their verdict", () => {
    comesFirst(fix({ verdict: "better", loss: 0.1, progress: "below" }), fix({ loss: 0.01, progress: "below" }));
    comesFirst(fix({ loss: 5 }), { ...fix({}), runs: [] });
  });

  const reach = (horizon: number): Replicate["reach"] => ({ horizon, required: 99, gain: 0.9, survival: -9 });

  it("does not punish a slow fix whose gradient reaches far enough", () => {
    const slow = fix({ cleared: 3, loss: 0.17 });
    comesFirst(slow, fix({ reach: reach(20), loss: 0.162 }));
    comesFirst(slow, fix({ reach: reach(20), loss: 0.162, progress: "falling" }));
    comesFirst(fix({ progress: "arriving", loss: 0.17 }), slow);
    comesFirst(fix({ progress: "below", loss: 0.1 }), fix({ progress: "arriving", loss: 0.17, cleared: 3 }));
  });

  it("does not take a fall from far above the baseline for a sign of learning", () => {
    const explodes = { reach: { horizon: 99, required: 99, gain: 1.3, survival: 6 } };
    const coming = fix({ ...explodes, progress: "arriving", loss: 0.7 });
    comesFirst(fix({ cleared: 3, loss: 0.164 }), coming);
    comesFirst(fix({ ...explodes, loss: 0.2 }), coming);
    comesFirst(fix({ ...explodes, progress: "falling", loss: 0.17 }), fix({ ...explodes, loss: 0.168 }));
  });

  it("needs no other proof for a net that surely learns: a bypass of a layer needs no reach through it", () => {
    const attends = fix({ progress: "below", reach: reach(5), loss: 0.05 });
    const reaches = fix({ progress: "below", cleared: 3, loss: 0.1 });
    comesFirst(attends, reaches);
    // This cannot be said about losses just below the baseline.
    comesFirst(
      { ...reaches, runs: fix({ progress: "below", loss: 0.16 }).runs },
      fix({ ...attends.runs[0]!, loss: 0.155 }),
    );
  });

  it("goes by longer runs if there are any, and by the verdict before that", () => {
    const [good, bad] = [fix({ progress: "below", loss: 0.05 }).runs, fix({ loss: 0.167 }).runs];
    const longer = (runs: readonly Replicate[]): Pick<Ranked, "longer"> => ({
      longer: { runs: runs.slice(0, 1), cleared: 0 },
    });
    const promising = fix({ cleared: 3, loss: 0.16 });
    comesFirst({ ...fix({}), ...longer(good) }, { ...promising, ...longer(bad) });
    comesFirst({ ...promising, ...longer(good) }, { ...fix({ verdict: "worse" }), ...longer(good) });
  });

  it("goes by losses as shares of their baselines", () => {
    const scaled = fix({ progress: "below", loss: 0.5, baseline: 1 });
    const raw = fix({ progress: "below", loss: 90, baseline: 900 });
    comesFirst(raw, scaled);
    expect(lossOf(raw.runs)).toBeCloseTo(0.1, 12);
    expect(lossOf(fix({ loss: Number.POSITIVE_INFINITY, diverged: true }).runs)).toBe(Number.MAX_VALUE);
  });

  it("prefers fewer edits if more do no better", () => {
    const one = fix({ verdict: "better", progress: "below", loss: 0.02 });
    comesFirst(one, fix({ verdict: "better", progress: "below", loss: 0.019, parts: 2 }));
    comesFirst(fix({ verdict: "better", progress: "below", loss: 0.005, parts: 2 }), one);
  });
});

describe("the time a whole run takes", () => {
  it("is more than that of a run that ended early", () => {
    const { history } = syntheticRun(
      { layers: [{ type: "dense" }] },
      times(5, () => ({})),
    );
    expect(wholeRun(history, 100, 5)).toBe(100);
    // The synthetic run has no times of its steps, so its total counts.
    expect(wholeRun(history, 100, 300)).toBe(6000);
  });
});

describe("the steps of longer runs", () => {
  it("are four times as many, but not more than full training has", () => {
    expect(longerSteps(300, 5000, null, 1, 20)).toBe(1200);
    expect(longerSteps(300, 700, null, 1, 20)).toBe(700);
    expect(longerSteps(300, 350, null, 1, 20)).toBe(350);
    expect(longerSteps(300, 300, null, 1, 20)).toBeNull();
  });

  it("are as many as time allows, and none if that is less than twice as many", () => {
    // A run of 300 steps takes a second: 20 of 1200 steps take 80.
    expect(longerSteps(300, 5000, 80_000, 1000, 20)).toBe(1200);
    expect(longerSteps(300, 5000, 50_000, 1000, 20)).toBe(750);
    expect(longerSteps(300, 5000, 39_000, 1000, 20)).toBeNull();
    expect(longerSteps(300, 350, 39_000, 1000, 20)).toBe(350);
    expect(longerSteps(300, 5000, 0, 0, 20)).toBeNull();
  });
});

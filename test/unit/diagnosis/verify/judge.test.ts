import { describe, expect, it } from "vitest";
import { armFigures, measuredText } from "../../../../src/diagnosis/verify/figures.ts";
import { judge } from "../../../../src/diagnosis/verify/judge.ts";
import type { LossProgress } from "../../../../src/diagnosis/verify/lossProgress.ts";
import type { Pair } from "../../../../src/diagnosis/verify/pair.ts";
import type { Replicate } from "../../../../src/diagnosis/verify/replicate.ts";
import type { FindingCode, Severity } from "../../../../src/protocol/finding.ts";
import { budget } from "../../../budget.ts";

interface Given {
  readonly horizon?: number;
  readonly survival?: number;
  readonly loss?: number;
  readonly baseline?: number | null;
  readonly progress?: LossProgress;
  readonly diverged?: boolean;
  readonly classWeight?: string;
  readonly found?: readonly (readonly [FindingCode, Severity])[];
}

function run(given: Given): Replicate {
  const { horizon = 10, survival = -5, loss = 0.167, baseline = 0.167, diverged = false, found = [] } = given;
  const below = baseline !== null && loss < 0.9 * baseline && !diverged;
  return {
    reach: { horizon, required: 99, gain: 0.9, survival },
    loss: diverged ? Number.POSITIVE_INFINITY : loss,
    baseline,
    progress: given.progress ?? (below ? "below" : "standing"),
    ...(given.classWeight && { classWeight: given.classWeight }),
    gradientNorm: 1,
    diverged,
    findings: new Map(found),
    offers: [],
  };
}

const vanishing: NonNullable<Given["found"]> = [["vanishing-through-time", "warning"]];

function pairs(present: readonly Given[], fixed: readonly Given[]): Pair[] {
  return present.map((p, i) => ({ present: run(p), fixed: run(fixed[i]!) }));
}
const three = (given: Given): Given[] => [given, given, given];

describe("judge", () => {
  const code = "vanishing-through-time";

  /** Losses of three seeds, well below the baseline. */
  const learnt = [0.02, 0.03, 0.025];
  const learning = (given: Given = {}): Given[] => learnt.map((loss) => ({ ...given, loss }));

  it("calls a fix better if it clears the finding and brings the loss below the baseline, with every seed", () => {
    const judgement = judge(pairs(three({ found: vanishing }), learning({ horizon: 99 })), code);
    expect(judgement).toMatchObject({ verdict: "better", cleared: 3, open: null });
    expect(judgement.reason).toBe(
      "clears the finding, the horizon improves, the loss is below its baseline with 3 of 3 seeds",
    );
  });

  it("never calls a fix better if it clears the finding but leaves the loss where it is, or above", () => {
    const cleared = three({ horizon: 99 });
    const judgement = judge(pairs(three({ found: vanishing }), cleared), code);
    expect(judgement).toMatchObject({ verdict: "inconclusive", cleared: 3, open: null });
    expect(judgement.reason).toMatch(/clears the finding.*but the loss, 1 of its baseline, has not left it$/);
    // The requested training is longer, so the net may still begin to learn.
    expect(judge(pairs(three({ found: vanishing }), cleared), code, { longer: true }).open).toBe("steps");

    // 42 times the baseline, a thousandth of the present model's loss: clipping with unscaled prices.
    const exploding: Given["found"] = [["exploding-gradient", "warning"]];
    const present = [7000, 7100, 6900].map((loss) => ({ loss, found: exploding }));
    const clipped = judge(pairs(present, three({ loss: 42 * 0.167 })), "exploding-gradient", { longer: true });
    expect(clipped).toMatchObject({ verdict: "inconclusive", cleared: 3, open: null });
    expect(clipped.reason).toBe("clears the finding, the loss is lower, but the loss is 42 times its baseline");
  });

  it("ignores a shorter reach if the finding is gone and the net learns", () => {
    const present = three({ found: vanishing, horizon: 28 });
    const bypassing = judge(pairs(present, learning({ horizon: 6 })), code);
    expect(bypassing).toMatchObject({ verdict: "better", cleared: 3 });
    expect(bypassing.reason).toBe("clears the finding, the loss is below its baseline with 3 of 3 seeds");
    // Neither the finding alone nor the loss alone is enough.
    for (const fixed of [three({ horizon: 6 }), learning({ horizon: 6, found: vanishing })])
      expect(judge(pairs(present, fixed), code)).toMatchObject({
        verdict: "inconclusive",
        reason: expect.stringContaining("the horizon gets worse"),
      });
  });

  it("does not compare losses whose baselines differ because of class weights", () => {
    const plateau: Given["found"] = [["loss-plateau", "warning"]];
    const present = three({ loss: 0.24, baseline: 0.25, found: plateau });
    const weighted = (loss: number): Given[] => three({ loss, baseline: 0.69, classWeight: '"balanced"' });
    const helps = judge(pairs(present, weighted(0.4)), "loss-plateau");
    expect(helps).toMatchObject({ verdict: "better", cleared: 3 });
    expect(helps.reason).toBe("clears the finding, the loss is below its baseline with 3 of 3 seeds");
    // A share of 0.97 is not worse than one of 0.96, because they are shares of different baselines.
    const still = three({ loss: 0.67, baseline: 0.69, classWeight: '"balanced"', found: plateau });
    expect(judge(pairs(three({ loss: 0.2, baseline: 0.25, found: plateau }), still), "loss-plateau")).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringContaining("the two losses are not comparable, because the class weights differ"),
    });
    const figures = [armFigures(three({ loss: 0.24, baseline: 0.25 }).map(run)), armFigures(weighted(0.4).map(run))];
    expect(measuredText(figures[0]!, figures[1]!, true)).toMatch(
      /loss 0\.24 of a baseline of 0\.25 → 0\.4 of 0\.69; the class weights change the baseline$/,
    );
  });

  it("ignores reach beyond the required lag", () => {
    const [before, after] = [armFigures([run({ horizon: 29 })]), armFigures([run({ horizon: 290 })])];
    expect(after.horizon).toEqual({ median: 99, min: 99, max: 99 });
    expect(measuredText(before, after)).toMatch(/^horizon 29 → 99 of 99, /);
  });

  it("counts a loss that is clearly on its way to the baseline, but not one that merely falls", () => {
    const present = three({ found: [["exploding-gradient", "warning"]], loss: 90 });
    const fixed = three({ loss: 1.2, progress: "arriving" });
    const arriving = judge(pairs(present, fixed), "exploding-gradient");
    expect(arriving).toMatchObject({ verdict: "better" });
    expect(arriving.reason).toContain("on its way to its baseline with 3 of 3 seeds");
    const falling = three({ loss: 1.2, progress: "falling" });
    expect(judge(pairs(present, falling), "exploding-gradient", { longer: true })).toMatchObject({
      verdict: "inconclusive",
      open: "steps",
    });
  });

  it("asks for more seeds if some learn and some do not", () => {
    const fixed = [{ loss: 0.02 }, { loss: 0.03 }, {}].map((given) => ({ ...given, horizon: 99 }));
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({
      verdict: "inconclusive",
      open: "pairs",
    });
    // One unlucky seed in five is no argument against a fix.
    const present = Array.from({ length: 5 }, () => ({ found: vanishing }));
    const five = [...learning({ horizon: 99 }), { loss: 0.03, horizon: 99 }, { horizon: 99 }];
    expect(judge(pairs(present, five), code)).toMatchObject({ verdict: "better" });
  });

  it("requires a surely lower loss if no baseline is known", () => {
    const found: Given["found"] = [["saturated-units", "warning"]];
    const present = [0.5, 0.55, 0.52].map((loss) => ({ loss, found, baseline: null }));
    const lower = [0.3, 0.34, 0.31].map((loss) => ({ loss, baseline: null }));
    expect(judge(pairs(present, lower), "saturated-units")).toMatchObject({ verdict: "better" });
    const same = [0.5, 0.54, 0.53].map((loss) => ({ loss, baseline: null }));
    expect(judge(pairs(present, same), "saturated-units")).toMatchObject({ verdict: "inconclusive", cleared: 3 });
  });

  it("compares losses in other units by their shares of the baseline", () => {
    const found: Given["found"] = [["data-scale", "warning"]];
    const present = [900, 950, 1000].map((loss) => ({ loss, baseline: 927, found }));
    // With standardized targets the loss is a thousandth, but no better than the baseline.
    const scaled = [0.97, 1.02, 1.08].map((loss) => ({ loss, baseline: 1 }));
    expect(judge(pairs(present, scaled), "data-scale")).toMatchObject({ verdict: "inconclusive", cleared: 3 });
    const learns = [0.01, 0.02, 0.015].map((loss) => ({ loss, baseline: 1 }));
    expect(judge(pairs(present, learns), "data-scale")).toMatchObject({ verdict: "better", cleared: 3 });
  });

  it("judges a finding without a figure by the loss alone", () => {
    for (const target of ["data-scale", "output-mismatch", "symmetric-units", "post-norm-stack"] as const) {
      const present = three({ found: [[target, "error"]] });
      expect(judge(pairs(present, learning()), target)).toMatchObject({ verdict: "better", cleared: 3 });
      expect(judge(pairs(present, present), target)).toMatchObject({ verdict: "no difference", cleared: 0 });
    }
  });

  it("counts a warning that became information as cleared", () => {
    const fixed = learning({ horizon: 60, found: [["vanishing-through-time", "information"]] });
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({ verdict: "better", cleared: 3 });
    const informed: Given["found"] = [["vanishing-through-time", "information"]];
    const all = judge(pairs(three({ found: informed }), learning({ found: informed })), code);
    expect(all).toMatchObject({ verdict: "better", cleared: 3 });
  });

  it("does not count a net as cleared that vanishes as before and is merely too early to tell", () => {
    const fixed = three({ horizon: 12, found: [["vanishing-through-time", "information"]] });
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({
      verdict: "no difference",
      cleared: 0,
    });
  });

  it("calls a fix inconclusive if it clears the finding with some seeds only", () => {
    const fixed = [{ horizon: 12 }, { horizon: 9, found: vanishing }, { horizon: 10, found: vanishing }];
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({
      verdict: "inconclusive",
      cleared: 1,
      open: "pairs",
    });
  });

  it("calls a fix inconclusive if most seeds of the present model do not have the finding", () => {
    const present = [{ found: vanishing }, {}, {}];
    const judgement = judge(pairs(present, [{ horizon: 12 }, {}, {}]), code);
    expect(judgement).toMatchObject({ verdict: "inconclusive", cleared: 1 });
    expect(judgement.reason).toMatch(/^clears the finding with 1 of the 1 seed of 3 that has it; with 3 seeds/);
  });

  it("does not count a finding as cleared if other seeds get it instead", () => {
    const present = [{ found: vanishing }, { found: vanishing }, {}];
    const fixed = [{ horizon: 12 }, { horizon: 12 }, { found: vanishing }];
    expect(judge(pairs(present, fixed), code)).toMatchObject({ verdict: "inconclusive", cleared: 2 });
  });

  it("calls a fix worse if it makes the run diverge", () => {
    const judgement = judge(pairs(three({ found: vanishing }), three({ diverged: true, found: vanishing })), code);
    expect(judgement).toMatchObject({ verdict: "worse", open: null });
    expect(judgement.reason).toContain("diverges");
  });

  it("does not blame a fix for findings that were there before or only come to light, but names them as next", () => {
    const masked: Given["found"] = [...vanishing, ["saturated-units", "information"]];
    for (const other of ["saturated-units", "loss-plateau", "update-ratio"] as const) {
      const fixed = learning({ horizon: 99, found: [[other, "warning"]] });
      expect(judge(pairs(three({ found: masked }), fixed), code)).toMatchObject({
        verdict: "better",
        cleared: 3,
        remaining: [other],
      });
    }
  });

  it("calls a fix inconclusive, with the reason, if it improves one thing and harms another", () => {
    const fixed = three({ horizon: 99, found: [["exploding-gradient", "warning"]] });
    const judgement = judge(pairs(three({ found: vanishing }), fixed), code);
    expect(judgement.verdict).toBe("inconclusive");
    expect(judgement.reason).toMatch(/clears the finding.*but brings exploding-gradient/);
    // A net that now learns is better off; the other finding is the next to fix.
    const learns = learning({ horizon: 99, found: [["exploding-gradient", "warning"]] });
    expect(judge(pairs(three({ found: vanishing }), learns), code)).toMatchObject({
      verdict: "better",
      remaining: ["exploding-gradient"],
    });
    const breaks = learning({ horizon: 99, found: [["non-finite", "error"]] });
    expect(judge(pairs(three({ found: vanishing }), breaks), code)).toMatchObject({ verdict: "inconclusive" });
  });

  it("reports no difference if nothing moves, and says what would have shown", () => {
    const judgement = judge(pairs(three({ found: vanishing }), three({ found: vanishing })), code);
    expect(judgement).toMatchObject({ verdict: "no difference", cleared: 0, open: null });
    expect(judgement.reason).toBe(
      "neither the finding's figure nor the loss moves; with 3 seeds a loss lower by 5 % or more would have shown",
    );
  });

  it("calls inconclusive an effect within the spread of the seeds", () => {
    const fixed = [
      { horizon: 50, found: vanishing },
      { horizon: 2, found: vanishing },
      { horizon: 5, found: vanishing },
    ];
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({ verdict: "inconclusive" });
  });

  it("sees a loss that rises, and one that falls while the finding stays", () => {
    const falls = learning({ found: vanishing });
    const judgement = judge(pairs(three({ found: vanishing }), falls), code);
    expect(judgement).toMatchObject({ verdict: "inconclusive" });
    expect(judgement.reason).toContain("but the finding stays");
    const rises = [{ loss: 0.5 }, { loss: 0.6 }, { loss: 0.55 }].map((g) => ({ ...g, found: vanishing }));
    expect(judge(pairs(three({ found: vanishing }), rises), code)).toMatchObject({ verdict: "worse" });
  });

  it("says that a finding which is gone was rare, rather than that it stays", () => {
    const unlucky: Given = { loss: 1.4, baseline: 1.4, found: [["data-scale", "warning"]] };
    const lucky: Given = { loss: 0.003, baseline: 1.4 };
    const present = [unlucky, lucky, lucky, unlucky, lucky, lucky, unlucky, lucky];
    const fixed = present.map((): Given => ({ loss: 0.01, baseline: 1.4 }));
    const judgement = judge(pairs(present, fixed), "data-scale");
    expect(judgement).toMatchObject({ verdict: "inconclusive", cleared: 3 });
    expect(judgement.reason).toContain("but only 3 of 8 seeds have the finding without the fix");
    const once = fixed.with(0, { ...unlucky, loss: 0.01 });
    expect(judge(pairs(present, once), "data-scale").reason).toContain("but the finding stays");
  });

  it("measures an explosion by its decades", () => {
    const present = three({ survival: 12, found: [["exploding-through-time", "warning"]] });
    const fixed = learning({ survival: 4, found: [["exploding-through-time", "warning"]] });
    expect(judge(pairs(present, fixed), "exploding-through-time")).toMatchObject({ verdict: "better", cleared: 0 });
  });

  it("does not call a fix better that merely keeps a run from diverging", () => {
    const present = three({ diverged: true, found: [["non-finite", "error"]] });
    expect(judge(pairs(present, three({ loss: 2.5e5 })), "non-finite")).toMatchObject({
      verdict: "inconclusive",
      cleared: 3,
      open: null,
    });
    expect(judge(pairs(present, learning()), "non-finite")).toMatchObject({ verdict: "better", cleared: 3 });
  });

  it("claims nothing from fewer than three pairs", () => {
    const two = pairs(three({ found: vanishing }), learning({ horizon: 99 })).slice(0, 2);
    expect(judge(two, code)).toMatchObject({ verdict: "inconclusive", cleared: 2, open: "pairs" });
    expect(judge(two, code).reason).toMatch(/^with 2 seeds a loss .* would have shown$/);
    expect(judge(two.slice(0, 1), code).reason).toBe("one pair of runs says nothing about the spread between seeds");
  });

  it("calls no more useless fixes better by the figure than its error rate allows, however often it looks", {
    tags: "thorough",
  }, () => {
    const normal = normalNumbers(7);
    const present = (): Given => ({ horizon: Math.round(40 + 12 * normal()), loss: 0.05 * Math.exp(0.2 * normal()) });
    const count = budget(300, 2000);
    for (const first of [3, 5]) {
      let better = 0;
      for (let k = 0; k < count; k++) {
        const eight = Array.from({ length: 8 }, () => [present(), present()] as const);
        const all = pairs(
          eight.map(([p]) => ({ ...p, found: vanishing })),
          eight.map(([, f]) => ({ ...f, found: vanishing })),
        );
        for (let n = first; n <= 8; n++) {
          if (judge(all.slice(0, n), code, { first }).verdict !== "better") continue;
          better++;
          break;
        }
      }
      expect(better / count, `looks from ${first} pairs`).toBeLessThanOrEqual(0.05);
    }
  });

  it("asks for more pairs if a figure seems better but is not surely so", () => {
    const present = three({ horizon: 10, loss: 0.05, found: vanishing });
    const fixed = [15, 35, 60].map((horizon) => ({ horizon, loss: 0.05, found: vanishing }));
    expect(judge(pairs(present, fixed), code)).toMatchObject({ verdict: "inconclusive", open: "pairs" });
  });
});

/** Box and Muller's normal numbers from a linear congruential generator: reproducible from a seed. */
function normalNumbers(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

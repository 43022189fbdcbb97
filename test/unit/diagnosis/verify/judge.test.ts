import { describe, expect, it } from "vitest";
import { judge, type Pair } from "../../../../src/diagnosis/verify/judge.ts";
import type { Replicate } from "../../../../src/diagnosis/verify/replicate.ts";
import type { FindingCode, Severity } from "../../../../src/protocol/finding.ts";

interface Given {
  readonly horizon?: number;
  readonly survival?: number;
  readonly loss?: number;
  readonly diverged?: boolean;
  readonly found?: readonly (readonly [FindingCode, Severity])[];
}

function run({ horizon = 10, survival = -5, loss = 0.167, diverged = false, found = [] }: Given): Replicate {
  return {
    reach: { horizon, required: 99, gain: 0.9, survival },
    loss: diverged ? Number.POSITIVE_INFINITY : loss,
    gradientNorm: 1,
    diverged,
    findings: new Map(found),
  };
}

const vanishing: NonNullable<Given["found"]> = [["vanishing-through-time", "warning"]];

function pairs(present: readonly Given[], fixed: readonly Given[]): Pair[] {
  return present.map((p, i) => ({ present: run(p), fixed: run(fixed[i]!) }));
}
const three = (given: Given): Given[] => [given, given, given];

describe("judge", () => {
  const code = "vanishing-through-time";

  it("calls better what clears the finding with every seed", () => {
    const judgement = judge(pairs(three({ found: vanishing }), three({ horizon: 99 })), code);
    expect(judgement).toMatchObject({ verdict: "better", cleared: 3 });
    expect(judgement.reason).toContain("clears the finding");
  });

  it("counts a finding that only became information as cleared, since a warning was", () => {
    const fixed = three({ horizon: 60, found: [["vanishing-through-time", "information"]] });
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({ verdict: "better", cleared: 3 });
  });

  it("does not count as cleared what vanishes as before and is merely too early to tell of", () => {
    const fixed = three({ horizon: 12, found: [["vanishing-through-time", "information"]] });
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({
      verdict: "no difference",
      cleared: 0,
    });
    const learns = fixed.map((given) => ({ ...given, loss: 0.1 }));
    expect(judge(pairs(three({ found: vanishing }), learns), code)).toMatchObject({ verdict: "better", cleared: 3 });
  });

  it("calls inconclusive what clears it with some seeds only", () => {
    const fixed = [{ horizon: 12 }, { horizon: 9, found: vanishing }, { horizon: 10, found: vanishing }];
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({
      verdict: "inconclusive",
      cleared: 1,
    });
  });

  it("calls inconclusive what clears it where most seeds of the present model do not have it", () => {
    const present = [{ found: vanishing }, {}, {}];
    const judgement = judge(pairs(present, [{ horizon: 12 }, {}, {}]), code);
    expect(judgement).toMatchObject({ verdict: "inconclusive", cleared: 1 });
    expect(judgement.reason).toBe("clears the finding with 1 of the 1 seed of 3 that has it");
  });

  it("does not call cleared what other seeds get instead", () => {
    const present = [{ found: vanishing }, { found: vanishing }, {}];
    const fixed = [{ horizon: 12 }, { horizon: 12 }, { found: vanishing }];
    expect(judge(pairs(present, fixed), code)).toMatchObject({ verdict: "inconclusive", cleared: 2 });
  });

  it("calls worse what makes the run diverge", () => {
    const judgement = judge(pairs(three({ found: vanishing }), three({ diverged: true, found: vanishing })), code);
    expect(judgement).toMatchObject({ verdict: "worse" });
    expect(judgement.reason).toContain("diverges");
  });

  it("does not hold against a fix what was there before or only comes to light", () => {
    const masked: Given["found"] = [...vanishing, ["saturated-units", "information"]];
    for (const other of ["saturated-units", "loss-plateau", "update-ratio"] as const) {
      const fixed = three({ horizon: 99, found: [[other, "warning"]] });
      expect(judge(pairs(three({ found: masked }), fixed), code)).toMatchObject({ verdict: "better", cleared: 3 });
    }
  });

  it("calls inconclusive, and says why, what heals one thing and harms another", () => {
    const fixed = three({ horizon: 99, found: [["exploding-gradient", "warning"]] });
    const judgement = judge(pairs(three({ found: vanishing }), fixed), code);
    expect(judgement.verdict).toBe("inconclusive");
    expect(judgement.reason).toMatch(/clears the finding.*but brings exploding-gradient/);
  });

  it("does not blame a fix for what the present model has, too", () => {
    const present = three({ found: [...vanishing, ["exploding-gradient", "warning"]] });
    const fixed = three({ horizon: 99, found: [["exploding-gradient", "warning"]] });
    expect(judge(pairs(present, fixed), code)).toMatchObject({ verdict: "better" });
  });

  it("does not blame a fix for a loss that is as high as before, no longer explained by the finding", () => {
    const fixed = three({ horizon: 99, found: [["loss-plateau", "warning"]] });
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({ verdict: "better" });
  });

  it("calls no difference what moves nothing", () => {
    expect(judge(pairs(three({ found: vanishing }), three({ found: vanishing })), code)).toMatchObject({
      verdict: "no difference",
      cleared: 0,
    });
  });

  it("calls inconclusive an effect within the spread of the seeds", () => {
    const fixed = [
      { horizon: 50, found: vanishing },
      { horizon: 2, found: vanishing },
      { horizon: 5, found: vanishing },
    ];
    expect(judge(pairs(three({ found: vanishing }), fixed), code)).toMatchObject({ verdict: "inconclusive" });
  });

  it("sees a loss that falls or rises beyond the spread", () => {
    const falls = [{ loss: 0.02 }, { loss: 0.03 }, { loss: 0.025 }].map((g) => ({ ...g, found: vanishing }));
    expect(judge(pairs(three({ found: vanishing }), falls), code)).toMatchObject({ verdict: "better" });
    const rises = [{ loss: 0.5 }, { loss: 0.6 }, { loss: 0.55 }].map((g) => ({ ...g, found: vanishing }));
    expect(judge(pairs(three({ found: vanishing }), rises), code)).toMatchObject({ verdict: "worse" });
  });

  it("measures an explosion by its decades", () => {
    const present = three({ survival: 12, found: [["exploding-through-time", "warning"]] });
    const fixed = three({ survival: 4, found: [["exploding-through-time", "warning"]] });
    expect(judge(pairs(present, fixed), "exploding-through-time")).toMatchObject({ verdict: "better", cleared: 0 });
  });

  it("lets a fix that keeps a run from diverging be better", () => {
    const present = three({ diverged: true, found: [["non-finite", "error"]] });
    expect(judge(pairs(present, three({ loss: 0.2 })), "non-finite")).toMatchObject({ verdict: "better", cleared: 3 });
  });

  it("claims nothing from fewer than three pairs", () => {
    const judgement = judge(pairs(three({ found: vanishing }), three({ horizon: 99 })).slice(0, 2), code);
    expect(judgement).toMatchObject({ verdict: "inconclusive", cleared: 2 });
  });
});

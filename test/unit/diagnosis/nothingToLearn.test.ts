import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { LagEstimate } from "../../../src/protocol/dataFacts.ts";
import type { Finding } from "../../../src/protocol/finding.ts";
import { dataFacts } from "./dataFacts.ts";
import { type LayerSpec, type RunSpec, reaching, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const rnn: LayerSpec = { type: "simpleRNN", args: { units: 4 } };
const nothing: LagEstimate = {
  lag: 0,
  method: "partial-autocorrelation",
  confidence: 0.92,
  explained: 0,
  achievable: 1,
  achievableConfidence: 0.7,
};
const little: LagEstimate = { ...nothing, lag: 99, confidence: 0.98, explained: 0.02, achievable: 0.98 };

function findings(lag: LagEstimate, spec: Partial<RunSpec> = {}, step: Partial<StepSpec> = {}): readonly Finding[] {
  const { history, model } = syntheticRun(
    { layers: [rnn], plannedSteps: 200, requiredLagSource: "sequence-length", data: dataFacts({ lag }), ...spec },
    times(200, () => ({ loss: 0.167, states: [{ h: reaching(100, 10) }], ...step })),
  );
  return diagnose(history, model);
}

const codes = (found: readonly Finding[]): readonly string[] => found.map(({ code }) => code);

const targetsOf = (low: number, high: number) => {
  const facts = dataFacts({});
  const overall = { ...facts.targets.overall, min: low, max: high, mean: low, deviation: 0 };
  return { ...facts, targets: { columns: [overall], overall } };
};

describe("targets that are all the same", () => {
  it("give one neutral line, whatever the loss does", () => {
    for (const baselineLoss of [0, 3e-34])
      for (const loss of [0.5, 1e-9]) {
        const found = findings(nothing, { data: targetsOf(0.1, 0.1), baselineLoss }, { loss });
        expect(codes(found)).toEqual(["nothing-to-learn"]);
        expect(found[0]).toMatchObject({ severity: "information", place: ["data"], fixes: [] });
        expect(found[0]?.message).toBe("the targets are all 0.1: there is nothing to learn from the inputs");
      }
  });

  it("include targets of one class, and exclude targets that differ", () => {
    const one = findings(nothing, { data: { ...targetsOf(2, 2), classes: [2] }, baselineLoss: 0 });
    expect(codes(one)).toEqual(["nothing-to-learn"]);
    const differ = findings({ ...little, explained: 0.5, achievable: 0.5 }, { data: targetsOf(0.1, 0.2) });
    expect(differ.map(({ message }) => message).join()).not.toContain("are all");
  });
});

describe("inputs that are all the same", () => {
  const facts = dataFacts({});
  const overall = { ...facts.inputs.overall, min: 1, max: 1, mean: 1, deviation: 0 };
  const data = { ...facts, inputs: { columns: [overall], overall } };

  it("are the only line while the loss stands at its baseline", () => {
    const found = findings(nothing, { data });
    expect(codes(found)).toEqual(["nothing-to-learn"]);
    expect(found[0]).toMatchObject({ severity: "warning", place: ["data"], fixes: [] });
    expect(found[0]?.message).toBe("the inputs are all 1: no net can tell the samples apart");
  });

  it("are no cause if the net learns, as one that generates a sequence may", () => {
    const learnt = findings(nothing, { data }, { loss: 0.001 });
    expect(learnt.map(({ message }) => message).join()).not.toContain("the inputs are all");
  });
});

describe("nothing-to-learn", () => {
  it("is the only line if a quick model finds nothing, and names both possibilities", () => {
    const found = findings(nothing);
    expect(codes(found)).toEqual(["nothing-to-learn"]);
    expect(found[0]?.severity).toBe("information");
    expect(found[0]?.explanation).toContain("three or more inputs together");
    expect(found[0]?.explanation).toContain('"requiredLag"');
    expect(found[0]?.explanation).not.toMatch(/No change of the net/);
  });

  it("is not concluded if something was found, and then silences nothing", () => {
    const found = findings(little);
    expect(codes(found)).not.toContain("nothing-to-learn");
    expect(found.find(({ code }) => code === "vanishing-through-time")?.severity).toBe("warning");
    const reaches = findings(little, {}, { states: [{ h: reaching(100, 99) }] });
    expect(codes(reaches)).toContain("loss-plateau");
  });

  it("is not concluded from an uncertain search", () => {
    expect(codes(findings({ ...nothing, achievableConfidence: 0.4 }))).toContain("vanishing-through-time");
  });

  it("leaves the verdict on the reach to the rules if the lag is known", () => {
    const known = findings(nothing, { requiredLagSource: "config" });
    expect(known.find(({ code }) => code === "vanishing-through-time")?.severity).toBe("warning");
  });

  it("is not concluded from a net whose weights hardly move", () => {
    const found = findings(nothing, {}, { updateRatio: [1e-7] });
    expect(codes(found)).not.toContain("nothing-to-learn");
    expect(found.find(({ code }) => code === "update-ratio")?.severity).toBe("warning");
  });

  it("is silent about a net that has learnt", () => {
    expect(codes(findings(nothing, {}, { loss: 0.01 }))).not.toContain("nothing-to-learn");
  });
});

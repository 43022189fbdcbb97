import { describe, expect, it } from "vitest";
import { estimateSentence, lagSourceText } from "../../../src/diagnosis/text/lagText.ts";
import type { DataFacts, LagEstimate } from "../../../src/protocol/dataFacts.ts";
import type { MeasuredNeed } from "../../../src/protocol/need.ts";
import { needText } from "../../../src/protocol/needText.ts";
import type { RunInfo } from "../../../src/protocol/run.ts";

const estimate: LagEstimate = {
  lag: 3,
  method: "partial-autocorrelation",
  confidence: 0.934,
  explained: 0.285,
  achievable: 0.715,
  achievableConfidence: 0.786,
};
const column = { name: null, mean: 0, deviation: 1, min: -1, max: 1, whole: false, outliers: 0, duplicateOf: null };
const part = { columns: [], overall: column };

function source(requiredLagSource: RunInfo["requiredLagSource"], lag: LagEstimate | null): string | null {
  const data: DataFacts = { samples: 9, inputs: part, targets: part, classes: null, padding: null, lag };
  return lagSourceText({ requiredLagSource, data });
}

describe("the source of a required lag", () => {
  it("names the method and the confidence of an estimate", () => {
    expect(source("config", estimate)).toBe("as the config says");
    expect(source("program", null)).toBe("as the program says");
    expect(source("task", null)).toBe("as the task is known to");
    expect(source("estimated", estimate)).toBe("estimated from the data (partial autocorrelation, confidence 0.93)");
    expect(lagSourceText({ requiredLagSource: "estimated", data: null })).toBe("estimated from the data");
    expect(source(null, null)).toBeNull();
  });

  it("says that a lag is assumed, and why", () => {
    expect(source("sequence-length", null)).toBe("assumed: the whole sequence, because the data do not tell");
    expect(source("sequence-length", { ...estimate, confidence: 0.5 })).toBe(
      "assumed: the whole sequence, because the data show a dependence over 3 timesteps only, with confidence 0.50",
    );
    expect(source("sequence-length", { ...estimate, lag: 0, explained: 0, confidence: 0.3 })).toBe(
      "assumed: the whole sequence, because a quick search of the data finds nothing",
    );
  });
});

describe("the sentence about the lag of data", () => {
  it("states the estimate", () => {
    expect(estimateSentence(estimate, 96)).toBe(
      "The targets depend on the last 4 of 96 timesteps (partial autocorrelation, confidence 0.93): these explain 28.5 % of their variance; a quick model gets to 71.5 % of the baseline.",
    );
    expect(estimateSentence({ ...estimate, lag: 95 }, 96)).toContain("depend on all 96 timesteps (");
    expect(estimateSentence(null, 96)).toBeNull();
  });

  const nothing = { ...estimate, explained: 0, lag: 0, achievable: 1, achievableConfidence: 0.7 };
  const need: MeasuredNeed = { lag: 7, timesteps: 96, loss: 1, lossWithout: 2, samples: 64, held: true, curve: [] };

  it("does not conclude from an empty search that nothing is there", () => {
    const said = estimateSentence(nothing, 96);
    expect(said).toMatch(/^A quick search of single inputs and pairs finds nothing .*confidence 0\.70/);
    expect(said).toContain("three or more inputs together would look the same");
  });

  it("is empty if the estimate is not sure", () => {
    expect(estimateSentence({ ...nothing, achievableConfidence: 0.4 }, 96)).toBeNull();
    expect(estimateSentence({ ...estimate, confidence: 0.4 }, 96)).toBeNull();
  });

  it("is overruled by a net that has learnt, and by what that net uses", () => {
    expect(estimateSentence(nothing, 96, { learnt: true, need: null })).toBeNull();
    expect(estimateSentence(nothing, 96, { learnt: false, need })).toBeNull();
    expect(estimateSentence(nothing, 96, { learnt: false, need: { ...need, lag: null } })).not.toBeNull();
    expect(estimateSentence(estimate, 96, { learnt: true, need })).toBeNull();
    expect(estimateSentence(estimate, 96, { learnt: true, need: { ...need, lag: 3 } })).toMatch(/last 4 of 96/);
  });
});

describe("the timesteps that a net uses", () => {
  const need: MeasuredNeed = { lag: 2, timesteps: 96, loss: 1, lossWithout: 2, samples: 64, held: true, curve: [] };
  it("are given in timesteps", () => {
    expect(needText(need)).toBe("the net uses the last 3 of 96 timesteps");
    expect(needText({ ...need, lag: 0 })).toBe("the net uses the last of 96 timesteps");
    expect(needText({ ...need, lag: 95 })).toBe("the net uses all 96 timesteps");
    expect(needText({ ...need, lag: null })).toMatch(/does not use its inputs/);
  });
});

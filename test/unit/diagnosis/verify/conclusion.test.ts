import { describe, expect, it } from "vitest";
import { type Concluded, conclude } from "../../../../src/diagnosis/verify/conclusion.ts";
import { remainingCauses } from "../../../../src/diagnosis/verify/remainingCauses.ts";
import type { ColumnFacts, DataFacts } from "../../../../src/protocol/dataFacts.ts";
import type { Finding } from "../../../../src/protocol/finding.ts";
import type { FixVerdict, VerifiedFix } from "../../../../src/protocol/verification.ts";
import { type LayerSpec, syntheticRun, times } from "../syntheticRun.ts";

const finding: Finding = {
  id: "vanishing-through-time|net|layer_0|",
  code: "vanishing-through-time",
  severity: "warning",
  model: "net",
  layer: "layer_0",
  weight: null,
  place: [],
  timesteps: null,
  step: 1,
  message: "gradient reaches 3 of 99 timesteps",
  explanation: "",
  evidence: {},
  fixes: [],
};
const other: Finding = { ...finding, code: "saturated-units", layer: "layer_1", message: "80 % saturated" };

function column(over: Partial<ColumnFacts>): ColumnFacts {
  const unit = { mean: 0, deviation: 1, min: -3, max: 3, whole: false, outliers: 0, duplicateOf: null };
  return { name: null, ...unit, ...over };
}

function facts(inputs: Partial<ColumnFacts>, targets: Partial<ColumnFacts>, over: Partial<DataFacts> = {}): DataFacts {
  const part = (o: Partial<ColumnFacts>) => ({ columns: [], overall: column(o) });
  return {
    samples: 100,
    inputs: part(inputs),
    targets: part(targets),
    classes: null,
    padding: null,
    lag: null,
    ...over,
  };
}

function history(data: DataFacts | null, last: LayerSpec = { type: "dense" }) {
  return syntheticRun(
    { layers: [{ type: "simpleRNN" }, last], data },
    times(3, () => ({})),
  ).history;
}

function fix(title: string, verdict: FixVerdict, over: Partial<VerifiedFix> = {}): VerifiedFix {
  const spread = { median: 1, min: 1, max: 1 };
  const figures = {
    horizon: null,
    requiredLag: null,
    survival: null,
    gain: null,
    loss: spread,
    baseline: 1,
    gradientNorm: spread,
    runs: 3,
    diverged: 0,
    findings: {},
  };
  const measured = { reason: "", measured: "", cleared: 0, figures, remaining: [], alike: [] };
  return { fix: { id: title, title, edits: [] }, verdict, ...measured, ...over };
}

const given: Concluded = {
  fixes: [fix("A", "no difference"), fix("B", "worse")],
  undecided: [],
  runs: { done: 9, total: 9, steps: 300, planned: 2000 },
  complete: true,
  finding,
  found: [finding],
  history: history(null),
};

describe("the conclusion of a verification", () => {
  it("names the best fix, and what remains to be fixed", () => {
    const fixes = [fix("A", "better", { remaining: ["saturated-units"] }), fix("B", "worse")];
    expect(conclude({ ...given, fixes })).toEqual({
      kind: "helps",
      headline: "1 of 2 fixes helps",
      text: "1 of 2 fixes helps. The best: A. Then: saturated-units.",
      causes: [],
    });
  });

  it("does not claim all runs if time ran out before they were done", () => {
    const part = { ...given, complete: false, runs: { ...given.runs, done: 6, total: 21 } };
    expect(conclude({ ...part, fixes: [fix("A", "better"), fix("B", "inconclusive")] })).toMatchObject({
      headline: "1 of 2 fixes helps",
      text: "1 of 2 fixes helps so far, after 6 of 21 runs. The best: A.",
    });
    // The number of all runs is an estimate: a run is missing, so they were not all done.
    const all = conclude({ ...part, runs: { ...given.runs, done: 9, total: 9 } });
    expect(all.headline).toBe("undecided: 9 of 10 runs");
  });

  it("says that the cause lies elsewhere only if every fix was distinguished from the present model", () => {
    const none = conclude(given);
    expect(none).toMatchObject({ kind: "none-helps", headline: "none of 2 fixes helps" });
    expect(none.text).toBe("None of these helps; the cause lies elsewhere.");
    expect(none.causes.length).toBeGreaterThan(0);
  });

  it("does not send a reader elsewhere if a fix clears the finding and the loss does not follow", () => {
    const fixes = [fix("A", "inconclusive", { cleared: 3 }), fix("B", "no difference")];
    const cleared = conclude({ ...given, fixes });
    expect(cleared).toMatchObject({ kind: "undecided", headline: "undecided after 9 runs" });
    expect(cleared.text).toContain("“A” clears the finding, but no loss leaves its baseline in 300 steps");
    const once = conclude({ ...given, fixes: [fix("A", "inconclusive", { cleared: 1 })] });
    expect(once.kind).toBe("none-helps");
  });

  it("distinguishes undecided cases: for lack of time, of seeds, of steps", () => {
    const early = conclude({ ...given, complete: false, runs: { ...given.runs, done: 6, total: 21 } });
    expect(early).toMatchObject({ kind: "undecided", headline: "undecided: 6 of 21 runs" });
    const undecided = [{ fix: { id: "A", title: "A", edits: [] }, waitsFor: "pairs" as const }];
    const spread = conclude({ ...given, undecided });
    expect(spread).toMatchObject({ kind: "undecided", headline: "undecided after 9 runs" });
    expect(spread.text).toContain("spread between seeds");
    const steps = conclude({ ...given, undecided: [{ ...undecided[0]!, waitsFor: "steps" }] });
    expect(steps.text).toContain("300 of 2000 steps are too few to tell");
    expect(conclude({ ...given, fixes: [] })).toMatchObject({ kind: "undecided", headline: "no fix could be run" });
  });
});

describe("causes that remain possible", () => {
  it("start with the other findings", () => {
    expect(remainingCauses(finding, [finding, other], history(null))[0]).toBe(
      "saturated-units of layer_1: 80 % saturated",
    );
  });

  it("are the usual ones if the data are not known", () => {
    const causes = remainingCauses(finding, [finding], history(null)).join("\n");
    for (const cause of ["data-scale", "output-mismatch", "padding", "learning rate"]) expect(causes).toContain(cause);
  });

  it("follow from the facts of the data", () => {
    const prices = remainingCauses(finding, [], history(facts({ mean: 180, min: 120, max: 239, deviation: 30 }, {})));
    expect(prices[0]).toBe("data-scale: inputs from 120 to 239, standard deviation 30");
    const padding = { share: 0.8, at: "end", longest: 12, masked: false } as const;
    const padded = remainingCauses(finding, [], history(facts({}, {}, { padding })));
    expect(padded[0]).toBe("padding: 80 % of all timesteps are padding that no mask skips");
    // Also if a finding says it, which the fruitless one has made information.
    const calmed = { ...other, code: "padding", severity: "information" } as const;
    expect(remainingCauses(finding, [finding, calmed], history(facts({}, {}, { padding })))).toEqual(padded);
    const sound = remainingCauses(finding, [], history(facts({}, {}))).join("\n");
    for (const cause of ["data-scale", "output-mismatch", "padding"]) expect(sound).not.toContain(cause);
    const learnable = {
      lag: 3,
      method: "mutual-information",
      confidence: 1,
      explained: 0.9,
      achievable: 0.2,
      achievableConfidence: 0.9,
    } as const;
    expect(sound).toContain("nothing-to-learn");
    const causes = remainingCauses(finding, [], history(facts({}, {}, { lag: learnable })));
    expect(causes.join("\n")).not.toContain("nothing-to-learn");
    // Neither are tokens that an embedding looks up, nor bytes that a layer rescales first.
    const wide = { min: 0, max: 255, mean: 120, deviation: 70 };
    for (const reading of [
      { as: "indices", scale: 1, offset: 0 },
      { as: "values", scale: 1 / 255, offset: 0 },
    ] as const) {
      const read = remainingCauses(finding, [], history(facts(wide, {}, { reading })));
      expect(read.join("\n")).not.toContain("data-scale");
    }
    // Class indices are not values to scale.
    const labels = facts({}, { min: 0, max: 99, mean: 50, deviation: 30 }, { classes: [0, 99] });
    expect(remainingCauses(finding, [], history(labels)).join("\n")).not.toContain("data-scale");
  });

  it("name a batch normalization over batches of one sample", () => {
    const of = (batchSize: number, type: LayerSpec["type"]) => {
      const spec = { layers: [{ type }, { type: "dense" }], data: facts({}, {}), batchSize } as const;
      return remainingCauses(
        finding,
        [],
        syntheticRun(
          spec,
          times(3, () => ({})),
        ).history,
      ).join("\n");
    };
    expect(of(1, "batchNormalization")).toContain("batches of one sample");
    expect(of(2, "batchNormalization")).not.toContain("batches of one sample");
    expect(of(1, "layerNormalization")).not.toContain("batches of one sample");
  });

  it("compare the range of the output with the targets", () => {
    const bounded = history(facts({}, { min: 0, max: 1000 }), { type: "dense", args: { activation: "sigmoid" } });
    expect(remainingCauses(finding, [], bounded).join("\n")).toContain(
      "output-mismatch: sigmoid gives 0 to 1, the targets are 0 to 1000",
    );
  });

  it("omit what was already tried or reported", () => {
    const scale: Finding = { ...finding, code: "data-scale" };
    const causes = remainingCauses(scale, [scale], history(facts({ max: 239 }, {})));
    expect(causes.join("\n")).not.toContain("data-scale");
  });
});

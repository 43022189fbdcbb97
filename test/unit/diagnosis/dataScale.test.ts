import { describe, expect, it } from "vitest";
import { applyToText } from "../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { ArraysData, ResolvedModel, TableData } from "../../../src/config/resolved.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { dataScale } from "../../../src/diagnosis/rules/dataScale.ts";
import type { DataFacts } from "../../../src/protocol/dataFacts.ts";
import type { Finding } from "../../../src/protocol/finding.ts";
import { column, dataFacts, part, unit } from "./dataFacts.ts";
import { chain, type LayerSpec, type RunSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const table: TableData = {
  kind: "table",
  file: "a.csv",
  inputs: ["x"],
  targets: ["y"],
  window: null,
  ahead: 0,
  standardize: false,
  minMax: false,
  classes: null,
  test: null,
  shuffle: true,
};
const arrays: ArraysData = {
  kind: "arrays",
  inputs: { file: "x.npy", array: null },
  targets: { file: "y.npy", array: null },
  standardize: false,
  minMax: false,
  classes: null,
  test: null,
  shuffle: true,
};
const dense: readonly LayerSpec[] = [{ type: "dense", args: { activation: "relu" } }];
const lstm: readonly LayerSpec[] = [
  { type: "lstm", states: ["h", "c"], gates: ["input", "forget", "output"] },
  { type: "dense" },
];

interface Case {
  readonly facts: Partial<DataFacts>;
  readonly data?: ResolvedModel["data"];
  readonly layers?: readonly LayerSpec[];
  readonly training?: Partial<ResolvedModel["training"]>;
  readonly run?: Partial<RunSpec>;
}

function found({ facts, data = table, layers = dense, training = {}, run = {} }: Case, steps: readonly StepSpec[]) {
  const { history, model } = syntheticRun({ layers, data: dataFacts(facts), requiredLag: null, ...run }, steps);
  return diagnose(history, { ...model, data, training: { ...model.training, ...training } });
}
const scaleOf = (findings: readonly Finding[]) => findings.find((f) => f.code === "data-scale");
const titles = (finding: Finding | undefined) => finding?.fixes.map((f) => f.title);

/** Runs that go badly. */
const toNaN = times(30, (i) => ({ loss: i < 20 ? 1 + i : Number.NaN, kernel: 10 ** Math.min(30, i) }));
const diverging = times(60, (i) => ({ loss: i < 20 ? 1 : 50 }));
const still = times(90, () => ({}));
const farAbove = times(90, () => ({ loss: 40 * 0.167 }));
/** Runs that do not go badly. */
const learns = times(90, (i) => ({ loss: 0.167 * Math.exp(-i / 20) }));

const large = column(120, 70);
const prices = part(large);

describe("data-scale comes first", () => {
  it("as an error if values are not finite; its consequences are information that says so", () => {
    const findings = found({ facts: { inputs: prices, targets: part(column(240, 140)) } }, toNaN);
    expect(findings[0]).toMatchObject({
      code: "data-scale",
      severity: "error",
      place: ["data", "inputs", 0],
      message: "inputs reach 239 (mean 120, deviation 70) and targets reach 478 (mean 240, deviation 140): scale them",
      evidence: { inputsMean: 120, inputsDeviation: 70, inputsMax: 239, targetsMax: 478, inputsColumns: 1 },
    });
    expect(findings.find((f) => f.code === "non-finite")?.severity).toBe("information");
    expect(findings.filter((f) => f.severity !== "information")).toHaveLength(1);
    expect(findings[1]?.explanation).toContain("scale of the data");
  });

  it.each([
    ["a loss that diverges", diverging, "loss-diverging"],
    ["gradients that explode", times(60, () => ({ kernel: 2e5 })), "exploding-gradient"],
    ["dead units", times(60, () => ({ dead: [0.9], loss: 0.167 })), "dead-units"],
    ["saturated units", times(60, () => ({ saturated: [0.9] })), "saturated-units"],
  ])("as a warning with %s", (_, steps, code) => {
    const findings = found({ facts: { inputs: prices } }, steps);
    expect(findings[0]).toMatchObject({ code: "data-scale", severity: "warning" });
    expect(findings.find((f) => f.code === code)?.severity).toBe("information");
  });

  it("with stuck gates of a GRU or LSTM", () => {
    const shut = [0.45, 0.5] as const;
    const steps = times(60, () => ({
      gates: { forget: shut, input: shut, output: shut },
      states: [{ h: chain(100, 0.98), c: chain(100, 0.98) }],
    }));
    const findings = found({ facts: { inputs: prices }, layers: lstm }, steps);
    expect(findings[0]?.code).toBe("data-scale");
    expect(findings.find((f) => f.code === "saturated-gates")?.severity).toBe("information");
  });

  it.each(["meanSquaredError", "meanAbsoluteError"] as const)("with targets far from 0 and %s", (loss) => {
    const facts = { targets: part(column(1e6, 1e5)) };
    const findings = found({ facts, training: { loss }, layers: [{ type: "dense" }] }, farAbove);
    expect(findings[0]).toMatchObject({ code: "data-scale", severity: "warning", place: ["data", "targets", 0] });
    expect(findings[0]?.explanation).toContain("40 times the trivial baseline");
    expect(titles(findings[0])).toEqual(["Standardize the targets", "Scale the targets to 0 … 1"]);
  });

  it("with tiny inputs", () => {
    const findings = found({ facts: { inputs: part(column(0, 1e-5)) } }, still);
    expect(findings[0]).toMatchObject({ code: "data-scale", severity: "warning" });
    expect(findings[0]?.message).toBe("inputs vary by no more than 1e−5 (mean 0): scale them");
  });

  it("with tiny targets and a loss that stays far above their variance", () => {
    const findings = found({ facts: { targets: part(column(0, 1e-5)) } }, farAbove);
    expect(findings[0]).toMatchObject({ code: "data-scale", place: ["data", "targets", 0] });
  });
});

describe("data-scale names the column or file", () => {
  const ten = Array.from({ length: 10 }, (_, i) => column(0, 1, { name: `c${i}` }));
  const data: TableData = { ...table, inputs: ten.map((c) => c.name ?? "") };

  it("one column of ten", () => {
    const columns = ten.with(4, column(5000, 900, { name: "c4" }));
    const [first] = found({ facts: { inputs: part(...columns) }, data }, diverging);
    expect(first).toMatchObject({ code: "data-scale", place: ["data", "inputs", 4] });
    expect(first?.message).toBe(
      '1 of 10 columns of the inputs ("c4") reaches 6530 (mean 5000, deviation 900): scale them',
    );
  });

  it("several: the worst of them", () => {
    const columns = ten.with(4, column(5000, 900, { name: "c4" })).with(7, column(0, 50, { name: "c7" }));
    const [first] = found({ facts: { inputs: part(...columns) }, data }, diverging);
    expect(first).toMatchObject({ place: ["data", "inputs", 4], evidence: { inputsColumns: 2 } });
    expect(first?.message).toContain('2 of 10 columns of the inputs ("c4" the most) reach');
  });

  it("all of them: the list", () => {
    const all = ten.map((c) => ({ ...c, mean: 100, min: 98, max: 102 }));
    const [first] = found({ facts: { inputs: part(...all) }, data }, diverging);
    expect(first).toMatchObject({ place: ["data", "inputs"] });
    expect(first?.message).toMatch(/^inputs reach 102/);
  });

  it("the file of an array", () => {
    expect(found({ facts: { inputs: prices }, data: arrays }, diverging)[0]?.place).toEqual(["data", "inputs", "file"]);
  });

  it("outliers as such, even if their column is near unit scale", () => {
    const inputs = part(column(0, 3.3, { outliers: 0.001, max: 1000, min: -2 }));
    const [first] = found({ facts: { inputs } }, diverging);
    expect(first?.message).toBe("inputs reach 1000 (mean 0, deviation 3.3; outliers: 0.1 % of the values): scale them");
    expect(first?.explanation).toContain("Check whether they are mistakes");
    const few = part(column(0, 30, { outliers: 3e-6, max: 1e4, min: -2 }));
    expect(found({ facts: { inputs: few } }, diverging)[0]?.message).toContain("3 of a million values");
  });
});

describe("data-scale is silent", () => {
  it.each([
    ["the net learns", learns],
    ["the loss is at its baseline only at first", times(15, () => ({}))],
    ["it diverges after it has learnt", [...learns, ...times(60, () => ({ loss: 500 }))]],
  ])("where %s", (_, steps) => {
    expect(scaleOf(found({ facts: { inputs: prices, targets: prices } }, steps))).toBeUndefined();
  });

  it.each([
    ["of unit scale", {}],
    ["a decade about it", { inputs: part(column(5, 3)), targets: part(column(-4, 0.02)) }],
    ["normalized by the first layer", { inputs: prices, reading: { as: "normalized", scale: 1, offset: 0 } as const }],
    ["indices", { inputs: prices, reading: { as: "indices", scale: 1, offset: 0 } as const }],
    ["rescaled by the first layer", { inputs: prices, reading: { as: "values", scale: 1 / 255, offset: 0 } as const }],
    ["a constant small column among others", { inputs: part(unit, column(0.1, 0)) }],
    ["one small column among others", { inputs: part(unit, column(0, 1e-6)) }],
    ["not measured", null],
  ])("where the data are %s, whatever happens", (_, facts) => {
    for (const steps of [toNaN, diverging, still, farAbove]) {
      const run = facts === null ? { data: null } : {};
      expect(scaleOf(found({ facts: facts ?? {}, run }, steps))).toBeUndefined();
    }
  });

  it("of classes, and of the data of built-in tasks", () => {
    const classes = { targets: part(column(120, 70)), classes: [0, 239] };
    const training = { loss: "sparseCategoricalCrossentropy" } as const;
    expect(scaleOf(found({ facts: classes, training }, diverging))).toBeUndefined();
    const { history, model } = syntheticRun({ layers: dense, data: dataFacts({ inputs: prices }) }, toNaN);
    expect(scaleOf(diagnose(history, model))).toBeUndefined();
  });

  it("where it is switched off", () => {
    const run = { rules: { "data-scale": { enabled: false } } };
    expect(scaleOf(found({ facts: { inputs: prices }, run }, toNaN))).toBeUndefined();
  });
});

describe("data-scale is information", () => {
  it("at an unexplained baseline, until it is a plateau", () => {
    const probe = { kind: "probe", plannedSteps: null } as const;
    expect(scaleOf(found({ facts: { inputs: prices }, run: probe }, still))?.severity).toBe("information");
    const [first, ...rest] = found({ facts: { inputs: prices } }, still);
    expect(first).toMatchObject({ code: "data-scale", severity: "warning" });
    expect(rest.map((f) => f.code)).not.toContain("loss-plateau");
  });

  it("at a baseline that something else explains", () => {
    const steps = times(90, () => ({ states: [{ h: chain(100, 0.5) }] }));
    const findings = found(
      {
        facts: { inputs: part(column(15, 5)) },
        layers: [{ type: "simpleRNN" }, { type: "dense" }],
        run: { requiredLag: 99 },
      },
      steps,
    );
    expect(findings[0]).toMatchObject({ code: "vanishing-through-time", severity: "warning" });
    expect(scaleOf(findings)?.severity).toBe("information");
  });

  it("in the first steps of a loss far above its baseline", () => {
    const [first] = found(
      { facts: { targets: prices } },
      times(8, () => ({ loss: 40 })),
    );
    expect(first).toMatchObject({ code: "data-scale", severity: "information" });
    expect(first?.explanation).toContain("too early to tell");
  });

  it("if the loss comes down in time", () => {
    const falling = times(60, (i) => ({ loss: (100 - i) ** 2 }));
    const run = { baselineLoss: 900 };
    const inTime = found({ facts: { targets: prices }, run, training: { length: { steps: 200 } } }, falling);
    expect(scaleOf(inTime)).toBeUndefined();
    const slow = times(60, (i) => ({ loss: (400 - i) ** 2 }));
    const tooSlow = found({ facts: { targets: prices }, run, training: { length: { steps: 200 } } }, slow);
    expect(scaleOf(tooSlow)?.severity).toBe("warning");
    const patient = found({ facts: { targets: prices }, run, training: { length: { steps: 2000 } } }, slow);
    expect(scaleOf(patient)?.severity).toBe("information");
  });

  it("beside a learning rate that is too high for any data", () => {
    const optimizer = { type: "sgd", learningRate: 1 } as const;
    const findings = found({ facts: { inputs: part(column(0, 12)) }, training: { optimizer } }, toNaN);
    expect(findings[0]?.code).toBe("non-finite");
    expect(scaleOf(findings)).toMatchObject({
      severity: "information",
      explanation: expect.stringContaining("learning rate, 1,"),
    });
  });

  it("beside initial weights that make the gradient explode, but not if it explodes later", () => {
    const exploding = (from: number) =>
      times(60, (i) => ({ loss: i < 20 ? 1 : 50, outputGradient: i < from ? [1, 1] : [1e5, 1] }));
    const layers = [{ type: "dense" }, { type: "dense" }];
    const atOnce = found({ facts: { inputs: prices }, layers }, exploding(0));
    expect(atOnce[0]).toMatchObject({ code: "exploding-through-depth", severity: "warning" });
    expect(scaleOf(atOnce)?.severity).toBe("information");
    const later = found({ facts: { inputs: prices }, layers }, exploding(20));
    expect(later[0]).toMatchObject({ code: "data-scale", severity: "warning" });
  });
});

it.each(["output-mismatch", "symmetric-units"] as const)(
  "data-scale yields to %s, and is yielded to by others",
  (code) => {
    const { history, model } = syntheticRun({ layers: dense, data: dataFacts({ inputs: prices }) }, toNaN);
    const symptoms = diagnose(history, model);
    const graver: Finding = { ...symptoms[0]!, id: code, code, severity: "warning" };
    const [alone] = dataScale(history, { ...model, data: table }, symptoms);
    expect(alone?.severity).toBe("warning");
    const [beside] = dataScale(history, { ...model, data: table }, [graver, ...symptoms]);
    expect(beside).toMatchObject({
      severity: "information",
      explanation: expect.stringContaining(`fix ${code} first`),
    });
    const [milder] = dataScale(history, { ...model, data: table }, [
      { ...graver, severity: "information" },
      ...symptoms,
    ]);
    expect(milder?.severity).toBe("warning");
  },
);

describe("fixes", () => {
  const config = (
    data: string,
    own = "{}",
    layers = '{ "type": "conv2d", "filters": 2, "kernelSize": 2 }, { "type": "dense", "units": 1 }',
  ) =>
    `{ "data": { ${data} }, "training": { "loss": "meanSquaredError" }, "models": { "net": { "layers": [${layers}], "data": ${own} } } }`;
  const xy = '"inputs": { "file": "x.npy" }, "targets": { "file": "y.npy" }';

  function fixed(text: string, facts: Partial<DataFacts>, activation = "linear") {
    const model = parseConfig(text).config?.models[0];
    if (!model) throw new Error("no model");
    const layers = [{ type: "conv2d" }, { type: "dense", args: { activation } }];
    const { history } = syntheticRun({ layers, data: dataFacts(facts) }, toNaN);
    const [first] = diagnose(history, model);
    expect(first?.code).toBe("data-scale");
    return (first?.fixes ?? []).map((fix) => {
      const { config: after, problems } = parseConfig(applyToText(text, fix.edits));
      expect(problems).toEqual([]);
      const now = after?.models[0];
      const scaled = now?.data;
      if (scaled?.kind !== "arrays") throw new Error("other data");
      return [fix.title, scaled.standardize, scaled.minMax, now?.layers.map((l) => l.type).join()];
    });
  }
  const kept = "conv2d,dense";

  it("scales both sides in one edit", () => {
    expect(fixed(config(xy), { inputs: prices, targets: prices })).toEqual([
      ["Standardize the inputs and the targets", true, false, kept],
      ["Scale the inputs and the targets to 0 … 1", false, true, kept],
    ]);
  });

  it("leaves the other side as it is in the config", () => {
    expect(fixed(config(`${xy}, "standardize": "targets"`), { inputs: prices })).toEqual([
      ["Standardize the inputs", true, false, kept],
      ["Scale the inputs to 0 … 1", "targets", "inputs", kept],
    ]);
    expect(fixed(config(`${xy}, "minMax": "inputs"`), { targets: prices })).toEqual([
      ["Standardize the targets", "targets", "inputs", kept],
      ["Scale the targets to 0 … 1", false, true, kept],
    ]);
  });

  it("writes into the section that the model overrides", () => {
    expect(fixed(config(xy, '{ "test": 0.2 }'), { inputs: prices })).toMatchObject([
      ["Standardize the inputs", "inputs", false, kept],
      ["Scale the inputs to 0 … 1", false, "inputs", kept],
    ]);
  });

  it("rescales bytes in a first layer", () => {
    const bytes = part(column(120, 70, { min: 0, max: 255, whole: true }));
    const [rescaled, ...others] = fixed(config(xy), { inputs: bytes });
    expect(rescaled).toEqual(["Rescale the inputs by 1/255 in a first layer", false, false, `rescaling,${kept}`]);
    expect(others).toHaveLength(2);
    expect(fixed(config(xy), { inputs: bytes, targets: prices })[0]).toEqual([
      "Rescale the inputs by 1/255 in a first layer, standardize the targets",
      "targets",
      false,
      `rescaling,${kept}`,
    ]);
    const named =
      '{ "type": "conv2d", "filters": 2, "kernelSize": 2, "inputs": ["input"] }, { "type": "dense", "units": 1 }';
    expect(fixed(config(xy, "{}", named), { inputs: bytes })[0]?.[3]).toBe(`rescaling,${kept}`);
    const twice = `${named}, { "type": "flatten", "inputs": ["input"] }, { "type": "concatenate", "inputs": ["dense", "flatten"] }`;
    expect(fixed(config(xy, "{}", twice), { inputs: bytes })).toHaveLength(2);
  });

  it("has no further fix for a side that is scaled", () => {
    const outliers = part(column(0, 1, { outliers: 0.001, max: 300 }));
    expect(fixed(config(`${xy}, "standardize": true`), { inputs: outliers })).toEqual([]);
  });

  it("keeps targets within the range of a bounded output", () => {
    expect(fixed(config(xy), { inputs: prices, targets: prices }, "sigmoid")).toEqual([
      ["Standardize the inputs, scale the targets to 0 … 1", "inputs", "targets", kept],
      ["Scale the inputs and the targets to 0 … 1", false, true, kept],
    ]);
    expect(fixed(config(xy), { targets: prices }, "sigmoid")).toEqual([
      ["Scale the targets to 0 … 1", false, "targets", kept],
    ]);
  });
});

import { describe, expect, it } from "vitest";
import type { LossName } from "../../../src/config/resolved.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { DataFacts } from "../../../src/protocol/dataFacts.ts";
import type { Finding } from "../../../src/protocol/finding.ts";
import { type LayerSpec, type RunSpec, type StepSpec, syntheticRun, times } from "./syntheticRun.ts";

const code = "output-mismatch";

function all(spec: RunSpec, steps: readonly StepSpec[] = []): readonly Finding[] {
  const { history, model } = syntheticRun({ requiredLag: null, ...spec }, steps);
  return diagnose(history, model);
}
/** Findings before the first step, unless steps are given. */
const found = (spec: RunSpec, steps: readonly StepSpec[] = []) => all(spec, steps).filter((f) => f.code === code);

const dense = (units: number, activation?: string): LayerSpec => ({
  type: "dense",
  args: { units, ...(activation ? { activation } : {}) },
});
const lstm = (more: object = {}): LayerSpec => ({ type: "lstm", args: { units: 4, ...more } });
const relu = dense(8, "relu");
const at = (...rest: (string | number)[]) => ["models", "net", "layers", ...rest];

/** Facts of targets with these values, equally frequent. */
function facts(targets: readonly number[], classes: readonly number[] | null = null): DataFacts {
  const sorted = [...targets].sort((a, b) => a - b);
  const mean = sorted.reduce((s, v) => s + v, 0) / sorted.length;
  const overall = {
    name: null,
    mean,
    deviation: Math.sqrt(sorted.reduce((s, v) => s + (v - mean) ** 2, 0) / sorted.length),
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    whole: false,
    outliers: 0,
    duplicateOf: null,
  };
  const part = { columns: [overall], overall };
  return {
    samples: 100,
    inputs: part,
    targets: part,
    targetPercentiles: Array.from({ length: 101 }, (_, p) => sorted[Math.round((p / 100) * (sorted.length - 1))] ?? 0),
    classes: classes && [...classes],
    padding: null,
    lag: null,
  };
}
const between = (low: number, high: number, n = 101) =>
  Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
const regression = (layers: readonly LayerSpec[], targets: readonly number[], more: Partial<RunSpec> = {}): RunSpec => {
  const data = facts(targets);
  return { layers, data, baselineLoss: data.targets.overall.deviation ** 2, ...more };
};

const arrays = {
  kind: "arrays",
  inputs: { file: "x.npy", array: null },
  targets: { file: "y.npy", array: null },
  standardize: false,
  minMax: false,
  classes: null,
  test: null,
  shuffle: true,
} as const;

describe("a softmax over one unit", () => {
  it.each(["meanSquaredError", "binaryCrossentropy"] as const)("is an error under %s, with a sigmoid", (loss) => {
    const [f, ...others] = found({ layers: [relu, dense(1, "softmax")], loss, data: facts([0, 1]) });
    expect(others).toEqual([]);
    expect(f).toMatchObject({ severity: "error", place: at(1, "activation"), layer: "layer_1" });
    expect(f?.fixes.map((x) => x.edits)).toEqual([[{ path: at(1, "activation"), value: "sigmoid" }]]);
  });

  it("becomes linear if a sigmoid would not reach the targets", () => {
    const [f] = found({ layers: [relu, dense(1, "softmax")], data: facts(between(-50, 50)) });
    expect(f?.fixes[0]?.edits).toEqual([{ path: at(1, "activation"), value: "linear" }]);
  });

  it("is found within the net and as a layer of its own, and not over several units", () => {
    const scores = [relu, dense(1, "softmax"), dense(1)];
    expect(found({ layers: scores })).toMatchObject([{ severity: "warning", layer: "layer_1" }]);
    const [f] = found({ layers: [dense(1), { type: "softmax", args: { axis: -1 }, states: [], width: 1 }] });
    expect(f).toBeUndefined();
    expect(found({ layers: [relu, dense(3, "softmax")], loss: "categoricalCrossentropy" })).toEqual([]);
  });
});

describe("a cross-entropy of values that are not probabilities", () => {
  const of = (last: LayerSpec, loss: LossName) => found({ layers: [relu, last], loss });

  it.each([
    ["binaryCrossentropy", undefined, "sigmoid"],
    ["binaryCrossentropy", "relu", "sigmoid"],
    ["binaryCrossentropy", "tanh", "sigmoid"],
    ["categoricalCrossentropy", undefined, "softmax"],
    ["sparseCategoricalCrossentropy", "tanh", "softmax"],
    ["sparseCategoricalCrossentropy", "sigmoid", "softmax"],
  ] as const)("%s after %s: %s comes first", (loss, activation, right) => {
    const [f, ...others] = of(dense(3, activation), loss);
    expect(others).toEqual([]);
    expect(f).toMatchObject({
      severity: "warning",
      layer: "layer_1",
      place: at(1, activation ? "activation" : "type"),
    });
    expect(f?.fixes[0]?.edits).toEqual([{ path: at(1, "activation"), value: right }]);
  });

  it.each([
    ["binaryCrossentropy", dense(1, "sigmoid")],
    ["binaryCrossentropy", dense(4, "hardSigmoid")],
    ["binaryCrossentropy", { type: "simpleRNN", args: { units: 1, activation: "sigmoid" } }],
    ["categoricalCrossentropy", dense(3, "softmax")],
    ["sparseCategoricalCrossentropy", dense(3, "softmax")],
    ["meanSquaredError", dense(3)],
  ] as const)("%s after %o is fine", (loss, last) => {
    expect(of(last, loss)).toEqual([]);
  });

  it("keeps the activation of a recurrent layer's state and ends with a dense layer", () => {
    const [f] = found({ layers: [lstm({ units: 1 })], loss: "binaryCrossentropy" });
    expect(f?.fixes[0]?.edits).toEqual([{ path: at(1), value: { type: "dense", units: 1, activation: "sigmoid" } }]);
  });

  it("is also found before layers that hand values on", () => {
    const layers: LayerSpec[] = [relu, dense(1), { type: "dropout", args: { rate: 0.1 }, states: [] }];
    expect(found({ layers, loss: "binaryCrossentropy" })).toMatchObject([{ layer: "layer_1" }]);
    const activated: LayerSpec[] = [dense(1), { type: "activation", args: { activation: "sigmoid" }, states: [] }];
    expect(found({ layers: activated, loss: "binaryCrossentropy" })).toEqual([]);
    const merged: LayerSpec[] = [dense(1), dense(1), { type: "add", inputs: ["layer_0", "layer_1"], states: [] }];
    expect(found({ layers: merged, loss: "binaryCrossentropy" })).toEqual([]);
  });

  it("is also a warning for a saved model, at its file, without edits of its layers", () => {
    const [f] = found({ layers: [relu, dense(1)], loss: "binaryCrossentropy", saved: true });
    expect(f).toMatchObject({ severity: "warning", place: ["models", "net", "file"] });
    expect(f?.fixes.every((fix) => fix.edits.every((e) => e.path[0] === "training"))).toBe(true);
  });

  it("only informs about a softmax of two under a binary loss, unless several classes hold at once", () => {
    expect(of(dense(2, "softmax"), "binaryCrossentropy")).toMatchObject([
      { severity: "information", fixes: [{ edits: [{ value: "categoricalCrossentropy" }] }] },
    ]);
    const column = facts([0, 1]).targets.overall;
    const targets = { overall: column, columns: [1, 2, 3].map(() => ({ ...column, mean: 0.7 })) };
    const many = { ...facts([0, 1]), targets };
    const [f] = found({ layers: [relu, dense(3, "softmax")], loss: "binaryCrossentropy", data: many });
    expect(f).toMatchObject({ severity: "warning", fixes: [{ edits: [{ value: "sigmoid" }] }] });
  });
});

describe("a loss that takes logits", () => {
  function logits(last: LayerSpec, loss: LossName) {
    // The config does not say so; a saved model's file does.
    return found({ layers: [relu, last], loss, fromLogits: true });
  }

  it.each([
    ["binaryCrossentropy", "sigmoid"],
    ["categoricalCrossentropy", "softmax"],
    ["sparseCategoricalCrossentropy", "softmax"],
  ] as const)("%s reports a %s, but not a linear layer", (loss, activation) => {
    const [f, ...others] = logits(dense(3, activation), loss);
    expect(others).toEqual([]);
    expect(f).toMatchObject({ severity: "warning", place: at(1, "activation") });
    expect(f?.fixes.map((x) => x.edits)).toEqual([
      [{ path: at(1, "activation"), value: "linear" }],
      [{ path: ["training", "loss"], value: loss }],
    ]);
    expect(logits(dense(3), loss)).toEqual([]);
  });

  it("reports logits that are never below 0, or within ±1", () => {
    for (const activation of ["relu", "tanh"])
      expect(logits(dense(1, activation), "binaryCrossentropy")).toMatchObject([
        { fixes: [{ edits: [{ path: at(1, "activation"), value: "linear" }] }] },
      ]);
  });
});

describe("an activation applied to an activation", () => {
  const softmax: LayerSpec = { type: "softmax", args: { axis: -1 }, states: [], width: 5 };
  const withActivation = (l: LayerSpec, activation: string): LayerSpec => ({
    ...l,
    args: { ...l.args, activation },
  });

  it.each([
    ["softmax", "softmax", "sparseCategoricalCrossentropy"],
    ["sigmoid", "sigmoid", "binaryCrossentropy"],
    ["relu", "sigmoid", "binaryCrossentropy"],
    ["tanh", "sigmoid", "binaryCrossentropy"],
  ] as const)("%s, then %s: the first becomes linear", (inner, outer, loss) => {
    const last: LayerSpec = { type: "activation", args: { activation: outer }, states: [], width: 5 };
    const [f, ...others] = found({ layers: [relu, dense(5, inner), last], loss });
    expect(others).toEqual([]);
    expect(f).toMatchObject({ severity: "warning", layer: "layer_1", place: at(1, "activation") });
    expect(f?.fixes[0]?.edits).toEqual([{ path: at(1, "activation"), value: "linear" }]);
  });

  it("is reported only if an answer can no longer be certain", () => {
    const last = withActivation(softmax, "softmax");
    for (const inner of [undefined, "relu", "softplus"])
      expect(found({ layers: [relu, dense(5, inner), last], loss: "categoricalCrossentropy" })).toEqual([]);
  });
});

describe("a range that does not reach the targets", () => {
  it.each([
    ["sigmoid", between(400, 600), "error"],
    ["tanh", between(-3, 3), "error"],
    ["relu", between(-9, -1), "error"],
    ["softsign", between(0, 255), "error"],
    ["relu", between(-1, 1), "warning"],
    ["tanh", between(-1.6, 1.6), "warning"],
    ["softplus", between(-1, 9), "warning"],
    ["relu6", between(0, 8), "warning"],
  ] as const)("%s", (activation, targets, severity) => {
    const [f, ...others] = found(regression([relu, dense(1, activation)], targets));
    expect(others).toEqual([]);
    expect(f).toMatchObject({ severity, layer: "layer_1", place: at(1, "activation") });
    expect(f?.fixes[0]?.edits).toEqual([{ path: at(1, "activation"), value: "linear" }]);
  });

  it.each([
    ["sigmoid", between(0, 1)],
    ["tanh", between(-1, 1)],
    ["relu", between(0, 1e6)],
    ["relu", [...between(0, 1, 1000), -1e-4]],
    ["relu", [...between(0, 1, 90), ...between(-0.01, -0.001, 10)]],
    ["softplus", between(0, 1)],
    [undefined, between(-1e6, 1e6)],
    ["elu", between(-1, 9)],
  ] as const)("%s of targets within it is fine", (activation, targets) => {
    expect(found(regression([relu, dense(1, activation)], targets))).toEqual([]);
  });

  it("is the state's range if the last layer is recurrent, and a dense layer is offered", () => {
    for (const type of ["simpleRNN", "lstm", "gru", "convLstm2d"]) {
      const [f] = found(regression([{ type, args: { units: 3 } }], between(0, 255)));
      expect(f, type).toMatchObject({ severity: "error", place: at(0, "type") });
      expect(f?.fixes[0]?.edits).toEqual([{ path: at(1), value: { type: "dense", units: 3 } }]);
      expect(found(regression([{ type, args: { units: 3 } }], between(-1, 1))), type).toEqual([]);
    }
    const free = { type: "lstm", args: { units: 3, activation: "linear" } };
    expect(found(regression([free], between(-99, 99)))).toEqual([]);
  });

  it("does not exist for a net that ends in a linear layer after a bounded one", () => {
    expect(found(regression([lstm(), dense(1)], between(-99, 99)))).toEqual([]);
  });

  it("has scaled targets as a fix if the data are files and the range contains 0 to 1", () => {
    const [f] = found(regression([relu, dense(1, "sigmoid")], between(400, 600), { dataConfig: arrays }));
    expect(f?.message).toBe("the targets run from 400 to 600, but layer_1 (sigmoid) can only give 0 to 1");
    expect(f?.fixes.map((fix) => fix.id)).toEqual(["scale-targets", "output-linear"]);
  });

  it("is a sum of 1 if the output is a softmax", () => {
    const column = (mean: number) => ({ ...facts(between(0, 1)).targets.overall, mean });
    const of = (...means: readonly number[]) => {
      const data = facts(between(0, 1));
      const targets = { ...data.targets, columns: means.map(column) };
      return found({ layers: [relu, dense(2, "softmax")], data: { ...data, targets }, baselineLoss: 0.1 });
    };
    expect(of(0.8, 0.7)).toMatchObject([
      { severity: "warning", place: at(1, "activation"), fixes: [{ edits: [{ value: "linear" }] }] },
    ]);
    expect(of(0.4, 0.6)).toEqual([]);
  });

  it("is information once the net learns in spite of it", () => {
    const spec = regression([relu, dense(1, "tanh")], between(-1.6, 1.6));
    const learning = times(60, (i) => ({ loss: 0.9 * 0.95 ** i }));
    expect(found(spec, learning)).toMatchObject([{ severity: "information" }]);
  });
});

describe("states and gates", () => {
  it.each([
    ["softmax", "activation", "tanh"],
    ["softplus", "activation", "tanh"],
    ["exponential", "activation", "tanh"],
    ["tanh", "recurrentActivation", "sigmoid"],
    ["relu", "recurrentActivation", "sigmoid"],
    ["linear", "recurrentActivation", "sigmoid"],
  ] as const)("%s as %s of a gated layer", (name, key, right) => {
    for (const type of ["lstm", "gru"]) {
      const [f, ...others] = found({ layers: [{ type, args: { units: 4, [key]: name } }, dense(1)] });
      expect(others).toEqual([]);
      expect(f).toMatchObject({ severity: "warning", layer: "layer_0", place: at(0, key) });
      expect(f?.fixes.map((x) => x.edits)).toEqual([[{ path: at(0, key), value: right }]]);
    }
  });

  it("in a wrapper, once for both directions", () => {
    const gru: LayerSpec = { type: "gru", args: { units: 4, activation: "softmax" }, inner: true };
    expect(found({ layers: [gru, dense(1)] })).toMatchObject([{ place: at(0, "layer", "activation") }]);
  });

  it.each(["tanh", "relu", "sigmoid", "linear", "elu"])("%s is a state's activation", (activation) => {
    expect(found({ layers: [lstm({ activation }), dense(1)] })).toEqual([]);
  });

  it("a softmax over the one unit of a state never learns", () => {
    const one = { type: "gru", args: { units: 1, activation: "softmax" }, states: ["h"] } as const;
    const [f] = found({ layers: [one, dense(1)] });
    expect(f?.severity).toBe("warning");
  });
});

describe("labels", () => {
  const of = (classes: readonly number[], more: Partial<RunSpec> = {}) =>
    found({
      layers: [relu, dense(9, "softmax")],
      loss: "sparseCategoricalCrossentropy",
      data: facts(classes, classes),
      dataConfig: arrays,
      ...more,
    });

  it("that never contain class 0 are information", () => {
    expect(of([1, 2, 3])).toMatchObject([
      { severity: "information", place: ["data", "targets"], fixes: [{ edits: [{ value: [1, 2, 3] }] }] },
    ]);
    expect(of([0, 1, 3])).toEqual([]);
    expect(of([1, 2, 3], { dataConfig: { ...arrays, classes: [5, 1, 2, 3] } })).toEqual([]);
  });
});

describe("a dead output", () => {
  const dead = (n = 60) => times(n, () => ({ dead: [0, 0, 1], loss: 17, norm: 0 }));
  const net = [
    lstm({ activation: "relu", returnSequences: true }),
    lstm({ activation: "relu", returnSequences: true }),
    dense(1, "relu"),
  ];

  it("of a regression is an error although the targets are within its range, with tanh states in the same fix", () => {
    const told = all(regression(net, between(0, 9)), dead());
    expect(told[0]).toMatchObject({ code, severity: "error", place: at(2, "activation") });
    expect(told.some((f) => f.code === "dead-units")).toBe(false);
    expect(told[0]?.fixes[0]?.edits).toEqual([
      { path: at(2, "activation"), value: "linear" },
      { path: at(0, "activation"), value: "tanh" },
      { path: at(1, "activation"), value: "tanh" },
    ]);
  });

  it("waits for its steps, and is silent while some outputs are not zero", () => {
    expect(found(regression(net, between(0, 9)), dead(4))).toEqual([]);
    const some = times(60, () => ({ dead: [0, 0, 0.5] }));
    expect(found(regression(net, between(0, 9)), some)).toEqual([]);
  });

  it("within the net remains a case of dead units", () => {
    const hidden = times(60, () => ({ dead: [1, 0], loss: 9 }));
    expect(all(regression([relu, dense(1)], between(0, 9)), hidden).map((f) => f.code)).toEqual(["dead-units"]);
  });
});

describe("precedence", () => {
  it("consequences of the output are information that says so", () => {
    const steps = times(60, () => ({ saturated: [0, 0.95], outputGradient: [1e-9, 1], loss: 9e4 }));
    const told = all(regression([dense(8, "tanh"), dense(1, "sigmoid")], between(400, 600)), steps);
    expect(told.map((f) => [f.code, f.severity])).toEqual([
      [code, "error"],
      ["vanishing-through-depth", "information"],
      ["saturated-units", "information"],
    ]);
  });

  it("is silent where it is switched off", () => {
    const off = { [code]: { enabled: false } };
    expect(found({ layers: [relu, dense(1, "softmax")], rules: off })).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import { offersOf, partnersFor } from "../../../../src/diagnosis/verify/candidates.ts";
import type { Finding } from "../../../../src/protocol/finding.ts";
import { syntheticRun, times } from "../syntheticRun.ts";

function model(batchSize: number, type = "batchNormalization") {
  const { config } = parseConfig(
    JSON.stringify({
      data: { inputs: { file: "x.npy" }, targets: { file: "y.npy" } },
      training: { batchSize, loss: "meanSquaredError" },
      models: {
        net: { layers: [{ type }, { type: "lstm", units: 4, activation: "softmax" }, { type: "dense", units: 1 }] },
      },
    }),
  );
  return config!.models[0]!;
}

function found(code: Finding["code"], severity: Finding["severity"], ...ids: readonly string[]): Finding {
  return {
    id: code,
    code,
    severity,
    model: "net",
    layer: null,
    weight: null,
    place: [],
    timesteps: null,
    step: 1,
    message: code,
    explanation: "",
    evidence: {},
    fixes: ids.map((id) => ({ id, title: id, edits: [{ path: ["models", "net", id], value: 1 }] })),
  };
}

/** A run on data of this deviation. */
function run(deviation = 1, judged = true) {
  const column = { name: null, mean: 0, deviation, min: -2 * deviation, max: 2 * deviation };
  const overall = { ...column, whole: false, outliers: 0, duplicateOf: null };
  const part = { columns: [overall], overall };
  const data = { samples: 64, inputs: part, targets: part, classes: null, padding: null, lag: null };
  const rules = { "data-scale": { enabled: judged } };
  return syntheticRun(
    { layers: [{ type: "lstm" }, { type: "dense" }], data, rules },
    times(3, () => ({})),
  ).history;
}

const target = found("output-mismatch", "warning", "tanh");

describe("fixes for a second cause", () => {
  it("are two for each other warning, then one for each fact about the data, then larger batches", () => {
    const others = [
      found("padding", "information", "masking"),
      found("update-ratio", "warning", "faster", "adam", "third"),
    ];
    const ids = (all: readonly Finding[], deviation: number) =>
      partnersFor(target, [target, ...all], model(1), run(deviation)).map(({ id }) => id);
    expect(ids(others, 60)).toEqual(["faster", "adam", "standardize", "masking"]);
    expect(ids(others.slice(0, 1), 60)).toEqual(["standardize", "masking", "larger-batch"]);
    expect(ids(others.slice(0, 1), 1)).toEqual(["masking", "larger-batch"]);
  });

  it("scale no data whose scale is the finding itself", () => {
    const scale = found("data-scale", "warning", "standardize", "min-max");
    expect(partnersFor(scale, [scale], model(32), run(60))).toEqual([]);
  });

  it("scale no data where nobody wants to hear about their scale", () => {
    expect(partnersFor(target, [target], model(32), run(60))).toHaveLength(1);
    expect(partnersFor(target, [target], model(32), run(60, false))).toEqual([]);
  });

  it("contain no effect that its cause has made information", () => {
    const effect = found("saturated-units", "information", "smaller-weights");
    expect(partnersFor(target, [target, effect], model(32), run())).toEqual([]);
  });

  it("enlarge batches of one sample only where something normalizes over them", () => {
    expect(partnersFor(target, [target], model(1), run())).toHaveLength(1);
    expect(partnersFor(target, [target], model(2), run())).toEqual([]);
    expect(partnersFor(target, [target], model(1, "layerNormalization"), run())).toEqual([]);
  });
});

describe("fixes for what a fix leaves", () => {
  it("are those for the data and the batches, then each warning's first fix, then each one's second", () => {
    const left = [
      found("saturated-units", "warning", "smaller", "norm"),
      found("dead-units", "information", "elu"),
      found("padding", "information", "masking"),
      found("update-ratio", "warning", "faster", "adam", "third"),
    ];
    expect(offersOf(left, run(60), model(1)).map(({ id }) => id)).toEqual([
      ...["standardize", "masking", "larger-batch"],
      ...["smaller", "faster", "norm", "adam", "third"],
    ]);
    expect(offersOf([], run(), model(32))).toEqual([]);
  });
});

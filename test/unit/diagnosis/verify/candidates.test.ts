import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import { partnersFor } from "../../../../src/diagnosis/verify/candidates.ts";
import type { Finding } from "../../../../src/protocol/finding.ts";

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

const target = found("output-mismatch", "warning", "tanh");

describe("fixes for a second cause", () => {
  it("are those of other warnings, then one for each fact about the data, then larger batches", () => {
    const others = [
      found("data-scale", "information", "standardize", "min-max"),
      found("saturated-gates", "information", "smaller-weights"),
      found("update-ratio", "warning", "faster", "adam", "third"),
    ];
    const partners = partnersFor(target, [target, ...others], model(1));
    expect(partners.map(({ id }) => id)).toEqual(["faster", "adam", "standardize", "larger-batch"]);
  });

  it("contain no effect that its cause has made information", () => {
    const effect = found("saturated-units", "information", "smaller-weights");
    expect(partnersFor(target, [target, effect], model(32))).toEqual([]);
  });

  it("enlarge batches of one sample only where something normalizes over them", () => {
    expect(partnersFor(target, [target], model(1))).toHaveLength(1);
    expect(partnersFor(target, [target], model(2))).toEqual([]);
    expect(partnersFor(target, [target], model(1, "layerNormalization"))).toEqual([]);
  });
});

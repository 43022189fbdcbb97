import { describe, expect, it } from "vitest";
import { applyToText } from "../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { inputReading } from "../../../src/engine/data/facts/inputReading.ts";
import type { DataFacts } from "../../../src/protocol/dataFacts.ts";
import { dataFacts } from "./dataFacts.ts";
import { syntheticRun, times } from "./syntheticRun.ts";

const padded: NonNullable<DataFacts["padding"]> = { at: "end", share: 0.5, longest: 12, masked: false };
const config = (layers: string, more = "") =>
  `{ "data": { "inputs": { "file": "x.npy" }, "targets": { "file": "y.npy" } }, "models": { "net": { "layers": [${layers}]${more} } } }`;

/** Findings of a run of the config's first model, which learns. */
function found(text: string, padding: DataFacts["padding"] = padded) {
  const model = parseConfig(text).config?.models[0];
  if (!model)
    throw new Error(
      `no model: ${parseConfig(text)
        .problems.map((p) => p.message)
        .join()}`,
    );
  const layers = model.layers.map(({ type, name, path }) => ({
    type,
    name,
    path,
    states: /lstm|gru|bidirectional/.test(type) ? (["h"] as const) : [],
  }));
  const { history } = syntheticRun(
    { layers, data: dataFacts({ padding }) },
    times(30, (i) => ({ loss: Math.exp(-i / 4) })),
  );
  return diagnose(history, model).find((f) => f.code === "padding");
}

/** The layers after the first fix, and whether they then mask zeros. */
function mended(text: string) {
  const [fix] = found(text)?.fixes ?? [];
  if (!fix) return null;
  const { config: after, problems } = parseConfig(applyToText(text, fix.edits));
  expect(problems).toEqual([]);
  const layers = after?.models[0]?.layers ?? [];
  return [layers.map((l) => l.type).join(), inputReading(layers).masksZeros];
}

const lstm = '{ "type": "lstm", "units": 2 }';
const bn = '{ "type": "batchNormalization" }';
const masking = '{ "type": "masking" }';

describe("padding", () => {
  it("is information at the inputs' file, with the share and the longest sample", () => {
    expect(found(config(lstm))).toMatchObject({
      severity: "information",
      place: ["data", "inputs", "file"],
      message: "50 % of the timesteps are padding (zeros at the end) and nothing masks them",
      explanation: expect.stringContaining("12 timesteps"),
      evidence: { share: 0.5, longest: 12 },
    });
  });

  it("says that a normalizing layer hides the zeros from a later mask", () => {
    const finding = found(config(`${bn}, ${masking}, ${lstm}`));
    expect(finding?.message).toContain("masking comes too late");
    expect(finding?.explanation).toContain("batch_normalization (batchNormalization) changes the zeros");
  });

  it.each([
    ["little of it", { ...padded, share: 0.19 }, lstm],
    ["a mask", { ...padded, masked: true }, lstm],
    ["none", null, lstm],
    [
      "no layer that could skip it",
      padded,
      '{ "type": "conv1d", "filters": 2, "kernelSize": 2 }, { "type": "flatten" }',
    ],
  ])("is silent with %s", (_, padding, layers) => {
    expect(found(config(layers), padding)).toBeUndefined();
  });

  it("is silent if it is switched off, and for data other than arrays", () => {
    expect(found(config(lstm, ', "diagnosis": { "padding": false }'))).toBeDefined();
    const { history, model } = syntheticRun(
      { layers: [{ type: "lstm" }], data: dataFacts({ padding: padded }), rules: { padding: { enabled: false } } },
      times(30, () => ({})),
    );
    expect(diagnose(history, model).find((f) => f.code === "padding")).toBeUndefined();
  });

  it.each([
    [lstm, ["masking,lstm", true]],
    [`{ "type": "lstm", "units": 2, "inputs": ["input"] }`, ["masking,lstm", true]],
    [`${bn}, { "type": "dropout", "rate": 0.1 }, ${lstm}`, ["masking,batchNormalization,dropout,lstm", true]],
    ['{ "type": "bidirectional", "layer": { "type": "gru", "units": 2 } }', ["masking,bidirectional", true]],
    [`{ "type": "embedding", "inputDim": 9, "outputDim": 2 }, ${lstm}`, ["embedding,lstm", true]],
    [`${bn}, ${masking}, ${lstm}`, ["masking,batchNormalization,lstm", true]],
    [
      `{ "type": "layerNormalization" }, { "type": "masking", "name": "m" }, { "type": "lstm", "units": 2, "inputs": ["m"] }`,
      ["masking,layerNormalization,lstm", true],
    ],
  ])("%s is fixed by one edit", (layers, after) => {
    expect(mended(config(layers))).toEqual(after);
  });

  it("keeps the comments of the layers that it moves past", () => {
    const text = config(`\n  ${bn}, // scale\n  ${masking},\n  ${lstm} // reads\n`);
    const [fix] = found(text)?.fixes ?? [];
    const after = applyToText(text, fix?.edits ?? []);
    expect(after).toContain(`${bn}, // scale`);
    expect(after).toContain(`${lstm} // reads`);
  });

  it.each([
    ["a layer in between that passes no mask on", `{ "type": "conv1d", "filters": 2, "kernelSize": 2 }, ${lstm}`],
    [
      "an input that others take, too",
      `${lstm}, { "type": "gru", "units": 2, "inputs": ["input"], "name": "b" }, { "type": "add", "inputs": ["lstm", "b"] }`,
    ],
    [
      "a mask that others take, too",
      `${bn}, ${masking}, ${lstm}, { "type": "gru", "units": 2, "inputs": ["masking"], "name": "b" }, { "type": "add", "inputs": ["lstm", "b"] }`,
    ],
  ])("has no fix with %s", (_, layers) => {
    expect(found(config(layers))?.fixes).toEqual([]);
  });
});

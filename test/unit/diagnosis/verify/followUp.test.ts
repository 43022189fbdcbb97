import { describe, expect, it } from "vitest";
import { applyToText } from "../../../../src/config/applyEdits.ts";
import type { ConfigEdit } from "../../../../src/config/edit.ts";
import { parseConfig } from "../../../../src/config/parse.ts";
import { armsOf, single } from "../../../../src/diagnosis/verify/arms.ts";
import { followedBy, followUps } from "../../../../src/diagnosis/verify/followUp.ts";
import type { Replicate } from "../../../../src/diagnosis/verify/replicate.ts";
import type { Fix } from "../../../../src/protocol/finding.ts";

const configText = `{
  "data": { "task": "addingProblem", "length": 20 },
  "training": { "steps": 100 },
  "models": { "net": { "layers": [
    { "type": "batchNormalization" }, { "type": "masking" }, { "type": "lstm", "units": 4 }, { "type": "dense", "units": 1 }
  ] } }
}`;
const layers = ["models", "net", "layers"];
const fixOf = (id: string, ...edits: ConfigEdit[]): Fix => ({ id, title: `Do ${id}`, edits });
const maskFirst = fixOf(
  "mask",
  { path: [...layers, 1] },
  { path: [...layers, 0], value: { type: "masking" }, insert: true },
);
const larger = fixOf("batch", { path: ["training", "batchSize"], value: 64 });
/** Edits of the config that `maskFirst` and an inserted layer leave behind: the LSTM is the fourth layer there. */
const dropped = fixOf("insert", { path: [...layers, 2], value: { type: "dropout", rate: 0.1 }, insert: true });
const wider = fixOf("units", { path: [...layers, 3, "units"], value: 8 });
const longer = fixOf("steps", { path: ["training", "steps"], value: 200 });

const armOf = (fix: Fix) => armsOf(configText, "net", [single(fix)]).arms[0]!;
const offering = (...offers: Fix[]): Replicate => ({
  reach: null,
  loss: 1,
  baseline: 1,
  progress: "standing",
  gradientNorm: 1,
  diverged: false,
  findings: new Map(),
  offers,
});

describe("a fix that follows another one", () => {
  it("edits the config that the first one leaves behind", () => {
    const [two] = followUps(armOf(maskFirst), "net", offering(dropped), []);
    const [three] = followUps(two!, "net", offering(wider), []);
    const model = parseConfig(applyToText(configText, three!.fix.edits)).config?.models[0];
    expect(model?.layers.map(({ type }) => type)).toEqual([
      "masking",
      "batchNormalization",
      "dropout",
      "lstm",
      "dense",
    ]);
    expect(model?.layers[3]?.args).toMatchObject({ units: 8 });
    expect(three?.model).toEqual(model);
    expect(three?.fix.title).toBe("Do mask, do insert and do units");
    expect(three?.parts).toEqual([maskFirst, dropped, wider]);
  });

  it("is run alone only if its places are those of the present config", () => {
    const masked = armOf(maskFirst);
    expect(followedBy(masked, larger).alone).toEqual([maskFirst, larger]);
    expect(followedBy(masked, dropped).alone).toEqual([maskFirst]);
    expect(followedBy(armOf(larger), wider).alone).toEqual([larger, wider]);
  });

  it("is not run if its runs would be those of another one", () => {
    const base = armOf(larger);
    expect(followUps(base, "net", offering(longer), [])).toEqual([]);
    const [both] = followUps(base, "net", offering(maskFirst), []);
    expect(followUps(armOf(maskFirst), "net", offering(larger), [both!])).toEqual([]);
  });

  it("ends with four", () => {
    const four = { ...armOf(larger), parts: [larger, larger, larger, larger] };
    expect(followUps(four, "net", offering(maskFirst), [])).toEqual([]);
  });
});

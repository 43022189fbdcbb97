import { describe, expect, it } from "vitest";
import { applyToText } from "../../../../src/config/applyEdits.ts";
import { combined } from "../../../../src/diagnosis/verify/combine.ts";
import type { Fix } from "../../../../src/protocol/finding.ts";

const layer = (index: number): (string | number)[] => ["models", "net", "layers", index];
const tanh: Fix = {
  id: "tanh",
  title: "Use tanh as the activation",
  edits: [{ path: [...layer(0), "activation"], value: "tanh" }],
};
const linear: Fix = {
  id: "linear",
  title: "Make the output linear",
  edits: [{ path: [...layer(1), "activation"], value: "linear" }],
};
const lstm: Fix = { id: "lstm", title: "LSTM layers", edits: [{ path: layer(0), value: { type: "lstm" } }] };
const first: Fix = {
  id: "rescale",
  title: "Rescale the inputs",
  edits: [{ path: layer(0), value: { type: "rescaling" }, insert: true }],
};
const second: Fix = {
  id: "normalize",
  title: "Normalize",
  edits: [{ path: layer(1), value: { type: "layerNormalization" }, insert: true }],
};
const text = `{ "models": { "net": { "layers": [ { "type": "simpleRNN" }, { "type": "dense", "activation": "relu" } ] } } }`;

describe("fixes in combination", () => {
  it("form one fix with its own title and all edits", () => {
    const both = combined([linear, tanh]);
    expect(both?.fix).toMatchObject({
      id: "linear+tanh",
      title: "Make the output linear and use tanh as the activation",
    });
    expect(both?.parts).toEqual([linear, tanh]);
    const { models } = JSON.parse(applyToText(text, both?.fix.edits ?? []));
    expect(models.net.layers.map((l: { activation: string }) => l.activation)).toEqual(["tanh", "linear"]);
    expect(combined([linear, lstm])?.fix.title).toBe("Make the output linear and LSTM layers");
    expect(combined([tanh])?.fix).toBe(tanh);
  });

  it("keep their places whatever is inserted into a list", () => {
    for (const fixes of [
      [first, linear, second, tanh],
      [second, tanh, first, linear],
    ]) {
      const { models } = JSON.parse(applyToText(text, combined(fixes)?.fix.edits ?? []));
      expect(models.net.layers).toEqual([
        { type: "rescaling" },
        { type: "simpleRNN", activation: "tanh" },
        { type: "layerNormalization" },
        { type: "dense", activation: "linear" },
      ]);
    }
  });

  it("are not tried if they edit the same value, or one within the other", () => {
    expect(combined([tanh, { ...tanh, id: "other" }])).toBeUndefined();
    expect(combined([tanh, lstm])).toBeUndefined();
    expect(combined([lstm, tanh])).toBeUndefined();
    expect(combined([first, { ...first, id: "other" }])).toBeUndefined();
    expect(combined([linear, linear])).toBeUndefined();
  });

  it("are not tried if a place depends on an earlier edit of the list", () => {
    const removes: Fix = { id: "remove", title: "Remove a layer", edits: [{ path: layer(0) }] };
    expect(combined([removes, linear])).toBeUndefined();
    const counted: Fix = {
      id: "counted",
      title: "X",
      edits: [...first.edits, { path: [...layer(1), "units"], value: 3 }],
    };
    expect(combined([counted, linear])).toBeUndefined();
  });
});

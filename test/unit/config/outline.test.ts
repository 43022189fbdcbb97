import { describe, expect, it } from "vitest";
import { modelOutline } from "../../../src/config/outline.ts";

describe("modelOutline", () => {
  it("finds models and layers in order, in text that is broken elsewhere", () => {
    const text = `{ "training": { "steps": },
      "models": {
        "b": { "layers": [ { "type": "lstm", "units": "x" }, { "units": 1 }, 5 ] },
        "1": { "layers": 3, "extends": },
        "a": `;
    const outline = modelOutline(text);
    const at = ({ offset, length }: { offset: number; length: number }) => text.slice(offset, offset + length);
    expect(outline.map((m) => [m.name, at(m.range)])).toEqual([
      ["b", '"b"'],
      ["1", '"1"'],
      ["a", '"a"'],
    ]);
    expect(outline[0]?.layers.map((l) => [l.type, at(l.range)])).toEqual([
      ["lstm", '"lstm"'],
      [null, "{"],
      [null, "5"],
    ]);
    expect(outline[0]?.layers[1]?.path).toEqual(["models", "b", "layers", 1]);
    expect(outline[1]?.layers).toEqual([]);
  });

  it("is empty if there is nothing", () => {
    for (const text of ["", "[]", "{", '{ "models": 5 }', "[".repeat(10_000)]) expect(modelOutline(text)).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { applyToText } from "../../../src/config/applyEdits.ts";
import { parseConfig } from "../../../src/config/parse.ts";

const config = (layer: object, more: object = {}): string =>
  JSON.stringify(
    { data: { task: "addingProblem" }, ...more, models: { net: { layers: [layer, { type: "dense", units: 1 }] } } },
    null,
    2,
  );

describe("the fix of a typing mistake", () => {
  it.each([
    ["a layer type", config({ type: "simpleRMM", units: 4 }), 'Write "simpleRNN"'],
    ["an argument", config({ type: "simpleRNN", unist: 4 }), 'Write "units"'],
    ["a value", config({ type: "simpleRNN", units: 4, activation: "tahn" }), 'Write "tanh"'],
    ["a key of a section", config({ type: "simpleRNN", units: 4 }, { training: { bachSize: 8 } }), 'Write "batchSize"'],
    ["a section", config({ type: "simpleRNN", units: 4 }, { trainig: { batchSize: 8 } }), 'Write "training"'],
  ])("%s: makes the config valid", (_, text, title) => {
    const problem = parseConfig(text).problems.find((p) => p.fixes?.length);
    expect(problem?.fixes?.map((fix) => fix.title)).toEqual([title]);
    expect(parseConfig(applyToText(text, problem?.fixes?.[0]?.edits ?? [])).problems).toEqual([]);
  });

  it("does not exist if the name is already used, or nothing is near", () => {
    const both = config({ type: "simpleRNN", unist: 4, units: 3 });
    const far = config({ type: "qqqqqqq", units: 4 });
    for (const text of [both, far]) {
      const { problems } = parseConfig(text);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.filter((p) => p.fixes?.length)).toEqual([]);
    }
  });
});

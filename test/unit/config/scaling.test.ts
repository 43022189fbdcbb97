import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";
import { type Scaled, scalingOf, sidesOf } from "../../../src/config/scaling.ts";

const table = '"file": "a.csv", "inputs": ["x"], "targets": ["y"]';
const arrays = '"inputs": { "file": "x.npy" }, "targets": { "file": "y.npy" }';
const layers = '"layers": [{ "type": "dense", "units": 1 }]';
const parse = (data: string, own = "{}") =>
  parseConfig(`{ "data": { ${data} }, "models": { "a": { ${layers}, "data": ${own} } } }`);

const scaled = (data: string, own?: string): Scaled => {
  const { config, problems } = parse(data, own);
  expect(problems).toEqual([]);
  const found = config?.models[0]?.data;
  if (!found || !("standardize" in found)) throw new Error("no data that can be scaled");
  return found;
};

describe.each([table, arrays])("scaling of %s", (data) => {
  it.each([
    ["", null, null],
    [', "standardize": true', "standardize", "standardize"],
    [', "standardize": false', null, null],
    [', "standardize": "inputs"', "standardize", null],
    [', "minMax": "targets"', null, "minMax"],
    [', "standardize": "targets", "minMax": "inputs"', "minMax", "standardize"],
  ] as const)("%s", (keys, inputs, targets) => {
    const found = scaled(data + keys);
    expect([scalingOf(found, "inputs"), scalingOf(found, "targets")]).toEqual([inputs, targets]);
  });

  it("overrides the top level's keys by a model's own", () => {
    const found = scaled(`${data}, "standardize": true`, '{ "standardize": "targets", "minMax": "inputs" }');
    expect([scalingOf(found, "inputs"), scalingOf(found, "targets")]).toEqual(["minMax", "standardize"]);
  });

  it.each([
    ['"standardize": true, "minMax": true', "the inputs and the targets"],
    ['"standardize": "inputs", "minMax": true', "the inputs;"],
    ['"standardize": true, "minMax": "targets"', "the targets;"],
  ])("refuses a side that is scaled twice: %s", (keys, words) => {
    const { problems } = parse(`${data}, ${keys}`);
    expect(problems).toMatchObject([
      { severity: "error", path: ["data", "minMax"], message: expect.stringContaining(words) },
    ]);
  });

  it("shows a side that is scaled twice at its minMax", () => {
    const { problems } = parse(`${data}, "standardize": "inputs"`, '{ "minMax": "inputs" }');
    expect(problems).toMatchObject([{ path: ["models", "a", "data", "minMax"] }]);
  });

  it("says what is expected", () => {
    const { problems } = parse(`${data}, "standardize": "columns"`);
    expect(problems).toMatchObject([
      { path: ["data", "standardize"], message: expect.stringContaining('true, false, "inputs" or "targets"') },
    ]);
  });
});

it("names sides as a config does", () => {
  expect([sidesOf(true, true), sidesOf(true, false), sidesOf(false, true), sidesOf(false, false)]).toEqual([
    true,
    "inputs",
    "targets",
    false,
  ]);
});

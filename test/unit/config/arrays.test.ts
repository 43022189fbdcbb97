/** An array may be given by its file alone. */

import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/parse.ts";

function parsed(data: string) {
  const text = `{ "data": ${data}, "models": { "m": { "layers": [{ "type": "dense", "units": 1 }] } } }`;
  const { config, problems } = parseConfig(text);
  return { data: config?.models[0]?.data, problems };
}

describe("the file of an array", () => {
  it.each([
    ['{ "inputs": "x.npy", "targets": "y.npy" }', '{ "inputs": { "file": "x.npy" }, "targets": { "file": "y.npy" } }'],
    [
      '{ "inputs": "x.npy", "targets": { "file": "y.npz", "array": "y" }, "weights": "w.npy" }',
      '{ "inputs": { "file": "x.npy" }, "targets": { "file": "y.npz", "array": "y" }, "weights": { "file": "w.npy" } }',
    ],
    [
      '{ "inputs": { "input": "x.npy" }, "targets": "y.npy" }',
      '{ "inputs": { "input": { "file": "x.npy" } }, "targets": { "file": "y.npy" } }',
    ],
  ])("%s means %s", (short, long) => {
    expect(parsed(short).problems).toEqual([]);
    expect(parsed(short).data).toEqual(parsed(long).data);
    expect(parsed(long).data).toBeDefined();
  });

  it("is needed beside the array's name", () => {
    const { problems } = parsed('{ "inputs": { "array": "x" }, "targets": "y.npy" }');
    expect(problems).toMatchObject([{ severity: "error", path: ["data", "inputs", "file"] }]);
  });
});

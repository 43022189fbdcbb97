/** Columns of words become one input of 0 and 1 for each word. */

import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import { loadTable } from "./tableFile.ts";

const rows = ["a,w,b", "10,sun,1", "20,rain,2", "30,sun,3", "40,snow,4"];
const oneHot = { w: ["rain", "sun", "snow"] };

describe("a column of words", () => {
  it("becomes an input for each word, in the order of the list, in the column's place", async () => {
    const { data } = await loadTable(rows.join("\n"), { inputs: ["w", "a"], oneHot });
    expect(data?.inputShape).toEqual([4]);
    expect(data?.columns?.inputs).toEqual(["w = rain", "w = sun", "w = snow", "a"]);
    expect([...data!.inputs]).toEqual([0, 1, 0, 10, 1, 0, 0, 20, 0, 1, 0, 30, 0, 0, 1, 40]);
  });

  it("is not scaled, unlike its neighbours", async () => {
    const { data } = await loadTable(rows.join("\n"), { inputs: ["w", "a"], oneHot, minMax: true });
    expect([...data!.inputs.subarray(0, 8)]).toEqual([0, 1, 0, 0, 1, 0, 0, expect.closeTo(1 / 3, 6)]);
  });

  it("goes into windows", async () => {
    const { data } = await loadTable(rows.join("\n"), { inputs: ["w"], oneHot, window: 2, ahead: 1 });
    expect(data?.inputShape).toEqual([2, 3]);
    expect([...data!.inputs.subarray(0, 6)]).toEqual([0, 1, 0, 1, 0, 0]);
  });

  it("may hold numbers that are categories", async () => {
    const { data } = await loadTable("a,b\n1,5\n3,6\n1,7\n", { oneHot: { a: [1, 3] } });
    expect([...data!.inputs]).toEqual([1, 0, 0, 1, 1, 0]);
  });

  it("leaves out the row of a missing word, or takes the last one before it", async () => {
    const text = rows.join("\n").replace("rain", "");
    const left = await loadTable(text, { inputs: ["w"], oneHot, missing: { marks: [], fill: "drop" } });
    expect(left.data?.samples).toBe(3);
    const filled = await loadTable(text, { inputs: ["w"], oneHot, missing: { marks: [], fill: "interpolate" } });
    expect([...filled.data!.inputs.subarray(3, 6)]).toEqual([0, 1, 0]);
  });

  it("has no word that is not listed, in the test part either", async () => {
    const { problems } = await loadTable([...rows, "50,hail,5"].join("\n"), { inputs: ["w"], oneHot, test: 0.2 });
    expect(problems[0]).toMatchObject({ severity: "error", path: ["data", "file"] });
    expect(problems[0]?.message).toContain('line 6, column "w": "hail" is a word that "oneHot" does not list');
  });

  it("is offered its words by a fix if the config does not list them", async () => {
    const { problems } = await loadTable(rows.join("\n"), { inputs: ["a", "w"] });
    expect(problems[0]).toMatchObject({
      path: ["data", "inputs", 1],
      fixes: [{ id: "one-hot", edits: [{ path: ["data", "oneHot", "w"], value: ["rain", "snow", "sun"] }] }],
    });
  });

  it("must be an input, and no target", () => {
    const text = `{ "data": { "file": "t.csv", "inputs": ["a"], "targets": ["w"], "oneHot": { "w": ["x", "y"] } },
      "training": { "loss": "meanSquaredError" }, "models": { "m": { "layers": [{ "type": "dense", "units": 1 }] } } }`;
    const messages = parseConfig(text).problems.map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringMatching(/^"w" is not a column of "inputs" alone/));
  });
});

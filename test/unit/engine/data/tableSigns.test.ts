/** Numbers with and without per cent signs in one column: they are never mixed. */

import { describe, expect, test } from "vitest";
import { loadTable } from "./tableFile.ts";

const table = (cells: readonly string[]) => `a;b\n${cells.map((cell) => `${cell};1`).join("\n")}\n`;

describe("per cent and numbers in one column", () => {
  test.each([
    ["a share", ["2%", "0.03"], '"2%" (line 2) beside "0.03" (line 3)', "which is 3%", "which is 0.03%"],
    ["a share first", ["0.03", "2 %"], '"2 %" (line 3) beside "0.03" (line 2)', "which is 3%", "which is 0.03%"],
    ["a whole number", ["2%", "1%", "5"], 'beside "5" (line 4)', "which is 500%", "which is 5%"],
    ["per mille", ["2‰", "0.03"], '"2‰" (line 2)', "which is 30‰", "which is 0.03‰"],
    ["full width", ["２％", "0.03"], '"２％" (line 2)', "which is 3%", "which is 0.03%"],
    ["a decimal comma", ["2,5%", "0,03"], '"2,5%" (line 2) beside "0,03" (line 3)', "which is 3%", "which is 0.03%"],
    ["brackets", ["(2%)", "0.03"], '"(2%)" (line 2)', "which is 3%", "which is 0.03%"],
    ["both signs", ["2%", "30‰"], '"2%" (line 2) beside "30‰" (line 3)', "1% is 10‰", "the same sign"],
  ])("are refused at the column, with both readings: %s", async (_, cells, places, ...words) => {
    for (const target of [false, true]) {
      const names = target ? { inputs: ["b"], targets: ["a"] } : {};
      const { problems } = await loadTable(table(cells), names);
      expect(problems).toHaveLength(1);
      expect(problems[0]!.path).toEqual(["data", target ? "targets" : "inputs", 0]);
      for (const part of [places, ...words]) expect(problems[0]!.message).toContain(part);
    }
  });

  test.each([
    ["all have the sign", ["2%", "3%"], [2, 3]],
    ["none has it", ["0.02", "3"], [0.02, 3]],
    ["a zero has none", ["2%", "0"], [2, 0]],
  ])("are read where %s", async (_, cells, values) => {
    const { data } = await loadTable(table(cells));
    expect([...data!.inputs]).toEqual(values.map(Math.fround));
  });

  test("are read where a total alone has none", async () => {
    const content = "Date;a;b\n2020-01-01;2%;1\n2020-01-02;3%;1\nTotal;0.05;2\n";
    expect([...(await loadTable(content)).data!.inputs]).toEqual([2, 3]);
  });
});

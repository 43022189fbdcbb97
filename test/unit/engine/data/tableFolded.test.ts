/** Messages about many cells and columns: few lines, with their number; and numbers that contradict each other. */

import { describe, expect, test } from "vitest";
import type { TableData } from "../../../../src/config/resolved.ts";
import { loadTable } from "./tableFile.ts";

const names = Array.from({ length: 12 }, (_, i) => `x${i}`);
const wide = (write: (row: number, column: number) => string, header = names) =>
  `${header.join(";")};b\n${Array.from({ length: 20 }, (_, i) => `${names.map((_, j) => write(i, j)).join(";")};${i}\n`).join("")}`;
const all: Partial<TableData> = { inputs: names };
const messages = async (content: string, more: Partial<TableData> = {}) =>
  (await loadTable(content, more)).problems.map(({ message }) => message);

describe("many columns with the same fault", () => {
  test("have one line where they lack values, with their number, the first of them and one fix for all", async () => {
    const content = wide((i, j) => (i === 3 ? "" : String(i + j)));
    const { problems } = await loadTable(content, all);
    expect(problems).toEqual([
      expect.objectContaining({
        path: ["data", "inputs", 0],
        message:
          '"t.csv": 12 columns ("x0", "x1", "x2", …) have 12 cells without a value, the first in line 5. Set "missing" to fill them or to leave out the samples that contain them.',
      }),
    ]);
    expect(problems[0]!.fixes).toHaveLength(3);
    const { notes } = await loadTable(content, { ...all, missing: { fill: "forward" } });
    expect(notes).toContain('12 columns ("x0", "x1", "x2", …) have 12 cells without a value.');
    const few = await messages(content, { inputs: names.slice(0, 2) });
    expect(few.map((each) => each.slice(0, 40))).toEqual([
      '"t.csv": column "x0" has a cell without ',
      '"t.csv": column "x1" has a cell without ',
    ]);
  });

  test("have one line where the file does not have them", async () => {
    const told = await messages(
      wide(
        (i, j) => String(i + j),
        names.map((name) => name.toUpperCase()),
      ),
      all,
    );
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"t.csv" does not have 12 columns ("x0", "x1", "x2", …). Its columns are "X0", "X1"');
  });

  test("have one remark where a mark may be decimal", async () => {
    const { problems } = await loadTable(
      wide((i, j) => `${i + 1}.${100 + 7 * j + i}`),
      all,
    );
    expect(problems.filter(({ severity }) => severity === "warning").map(({ message }) => message)).toEqual([
      expect.stringContaining('Every "." in 12 columns ("x0", "x1", "x2", …) stands before three digits'),
    ]);
  });
});

describe("many faulty cells", () => {
  test.each([
    [4, "… and 1 more cell that is no number."],
    [5, "… and 2 more cells that are not numbers."],
  ])("of one column have three lines and a count: %i", async (count, more) => {
    const told = await messages(
      `a;b\n${Array.from({ length: 40 }, (_, i) => `${i < count ? `words${i}` : i};1`).join("\n")}`,
    );
    expect(told).toHaveLength(4);
    expect(told[2]).toContain('"words2" is not a number');
    expect(told[3]).toBe(more);
  });

  test("of several columns are counted without those of a column with a line of its own", async () => {
    const content = `a;b\n${Array.from({ length: 40 }, (_, i) => `w${i % 3};${i > 9 && i < 14 ? "v" : i}`).join("\n")}`;
    const told = await messages(content);
    expect(told.map((each) => each.replace(/^"t.csv", /, "").slice(0, 22))).toEqual([
      '"t.csv": column "a" ho',
      'line 12, column "b": "',
      'line 13, column "b": "',
      'line 14, column "b": "',
      "… and 1 more cell that",
    ]);
  });

  test("of another length have a count in the right number", async () => {
    const told = await messages(
      `a;b\n${Array.from({ length: 40 }, (_, i) => (i < 11 ? "1" : "1;2")).join("\n")}\n1;2\n`,
    );
    expect(told.at(-1)).toBe("… and 1 more row of another length.");
  });
});

describe("a column is refused with what it is", () => {
  test.each(["01:30:00", "1:05", "26:10:00", "00:01:02.50"])("durations: %s", async (cell) => {
    const told = await loadTable(
      `a;b\n${Array.from({ length: 20 }, (_, i) => `${cell.slice(0, -1)}${i % 10};${i}`).join("\n")}`,
    );
    expect(told.problems[0]!.message).toContain("holds times or durations");
    expect(told.problems[0]!.message).toContain("01:30:00 is 5400 seconds or 1.5 hours");
    expect(told.problems[0]!.fixes ?? []).toEqual([]);
  });

  test.each([
    [["0,500", "12.250"], '"0,500" (line 2) and "12.250" (line 3)'],
    [["12.250", "0,500", "3"], '"0,500" (line 3) and "12.250" (line 2)'],
    [["0.500", "12,250"], '"0.500" (line 2) and "12,250" (line 3)'],
  ])("contradictory decimal marks: %s", async (cells, words) => {
    const content = `a;b\n${cells.map((cell) => `${cell};1`).join("\n")}\n`;
    const { problems } = await loadTable(content);
    expect(problems[0]).toMatchObject({ severity: "error", path: ["data", "inputs", 0] });
    expect(problems[0]!.message).toContain(words);
    const mark = cells.some((cell) => cell.includes("0,5")) ? "," : ".";
    expect(Math.max(...(await loadTable(content, { decimal: mark })).data!.inputs)).toBe(12_250);
  });

  test.each([
    [["0,50", "12.250"], 12_250],
    [["0,500", "12.250", "1.234,500"], 12_250],
    [["0,500", "12,250"], 12.25],
  ])("no contradiction: %s", async (cells, value) => {
    const { data } = await loadTable(`a;b\n${cells.map((cell) => `${cell};1`).join("\n")}\n`);
    expect([...data!.inputs]).toContain(value);
  });

  test("a minus with a blank is none", async () => {
    const { data } = await loadTable("a;b\n- 5;1\n−\u00a06,5;1\n- 1.234,5;2\n");
    expect([...data!.inputs]).toEqual([-5, -6.5, -1234.5]);
  });
});

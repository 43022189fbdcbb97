/** Totals at the end of tables: they are left out with their line, and data that lack a value are not. */

import { describe, expect, test } from "vitest";
import { loadTable } from "./tableFile.ts";

const day = (i: number) => `2020-01-${String(i + 1).padStart(2, "0")}`;
const rows = (write: (i: number) => string, count = 20) =>
  Array.from({ length: count }, (_, i) => `${write(i)}\n`).join("");
const dated = rows((i) => `${day(i)};${i};${2 * i}`);
const head = "Date;a;b\n";

describe("rows of numbers at the end without a label", () => {
  test.each([
    ["beside dates", `${head}${dated};300;276\n`, "Line 22"],
    ["with a mark for the label", `${head}${dated}NaN;300;276\n`, "Line 22"],
    ["that are several", `${head}${dated};300;276\n;15;13.8\n`, "Lines 22 and 23"],
    ["after an empty row", `${head}${dated};;\n;300;276\n`, "Line 23"],
    ["with one figure alone", `${head}${dated};;276\n`, "Line 22"],
    ["before a source", `${head}${dated};300;276\n\nSource: me\n`, "Line 22"],
    ["beside years", `year,a,b\n${rows((i) => `${1990 + i},${i},${2 * i}`)},300,276\n`, "Line 22"],
    ["beside names", `shop,a,b\n${rows((i) => `shop ${i},${i},${2 * i}`)},300,276\n`, "Line 22"],
    ["beside numbers of rows", `n,a,b\n${rows((i) => `${i},${i},${2 * i}`)},300,276\n`, "Line 22"],
    ["where dates are not first", `a,b,Date\n${rows((i) => `${i},${2 * i},${day(i)}`)}300,276,\n`, "Line 22"],
    [
      "in JSON",
      JSON.stringify([
        ...Array.from({ length: 20 }, (_, i) => ({ Date: day(i), a: i, b: 2 * i })),
        { Date: null, a: 300, b: 276 },
      ]),
      "Row 21",
    ],
  ])("are left out: %s", async (_, content, place) => {
    const { data, notes, problems } = await loadTable(content);
    expect(data?.samples, problems[0]?.message).toBe(20);
    expect(Math.max(...data!.inputs)).toBe(19);
    expect(notes).toContain(`${place} at the end`);
    expect(notes).toContain("as totals do");
  });

  test.each(["Total", "Summe", "Mean:", "合计"])("are left out where words say what they are: %s", async (word) => {
    for (const end of [`;${word};300;276\n`, `${word};;300;276\n`]) {
      const content = `Date;shop;a;b\n${rows((i) => `${day(i)};x;${i};${2 * i}`)}${end}`;
      const { data, notes } = await loadTable(content);
      expect(data!.samples).toBe(20);
      expect(notes).toContain(`Line 22 at the end is no row of data and is left out: "${word}"`);
    }
  });

  test("are left out where they would name no series, or could not be sorted", async () => {
    const content = `Date;shop;a;b\n${rows((i) => `${day(i % 10)};${i < 10 ? "x" : "y"};${i};${2 * i}`)};;300;276\n`;
    for (const more of [{ series: "shop" }, { series: "shop", order: { by: "Date" } }])
      expect((await loadTable(content, more)).data!.samples).toBe(20);
  });
});

describe("a row is data", () => {
  test.each([
    ["if its label is missing in the middle", `${head}${rows((i) => `${i === 9 ? "" : day(i)};${i};${2 * i}`)}`, 20],
    ["if others before it lack a label", `${head}${rows((i) => `${i % 5 === 0 ? day(i) : ""};${i};${2 * i}`)}`, 20],
    ["if many at the end lack one", `${head}${rows((i) => `${i < 8 ? day(i) : ""};${i};${2 * i}`)}`, 20],
    ["if no column has labels", `c;a;b\n${rows((i) => `${i === 19 ? "" : 0.5 + i};${i};${2 * i}`)}`, 20],
  ])("%s", async (_, content, samples) => {
    const { data, problems, notes } = await loadTable(content);
    expect(data?.samples, problems[0]?.message).toBe(samples);
    expect(notes).not.toContain("left out");
  });

  test("if its value is missing in a first column that is learnt from", async () => {
    const { problems } = await loadTable(`a;b\n${rows((i) => `${i === 19 ? "" : i};${2 * i}`)}`);
    expect(problems[0]!.message).toContain('column "a" has a cell without a value');
  });
});

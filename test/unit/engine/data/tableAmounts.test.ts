/** Numbers as offices write them, and commas that are decimal marks and separators at once. */

import { describe, expect, test } from "vitest";
import type { TableData } from "../../../../src/config/resolved.ts";
import { type Loaded, loadTable } from "./tableFile.ts";

const rows = (write: (i: number) => string, count = 20) => Array.from({ length: count }, (_, i) => write(i)).join("\n");
const comma = (value: number) => value.toFixed(2).replace(".", ",");
const warnings = ({ problems }: Loaded) => problems.filter(({ severity }) => severity === "warning");

describe("numbers as offices write them", () => {
  test.each([
    ["negative in brackets", ["(1.5)", "2", "($1,300.50)"], [-1.5, 2, -1300.5], "in brackets are negative"],
    ["negative in brackets, with a decimal comma", ["(1,5)", "2,25"], [-1.5, 2.25], "in brackets are negative"],
    ["with the minus behind", ["1.50-", "2.25"], [-1.5, 2.25], "makes it negative"],
    ["with units of size", ["1.2K", "3M", "800", "1.1B"], [1200, 3e6, 800, 1.1e9], '"1.2K" is 1200'],
    ["with units of size in Chinese", ["1.2万", "3亿"], [12_000, 3e8], "multiplied out"],
    ["in per cent", ["12%", "0.5 ％"], [12, 0.5], "Per cent signs"],
    ["with currencies", ["$1,200.50", "€3", "-£4.5", "5 USD", "¥6"], [1200.5, 3, -4.5, 5, 6], "nothing is converted"],
    ["with a currency", ["CHF 1'200.50", "CHF 3.00"], [1200.5, 3], 'The currency "CHF" is left out'],
    ["with a currency behind", ["1.234,50 zł", "2,00 zł"], [1234.5, 2], "decimal comma"],
    ["in full width", ["１２", "３．５"], [12, 3.5], ""],
    ["as texts of a spreadsheet", ['"=""1.5"""', "'2"], [1.5, 2], ""],
    ["in Fortran", ["1.5D+02", "2.0D-01"], [150, 0.2], ""],
    ["yes and no in German and French", ["WAHR", "FALSCH", "VRAI", "FAUX"], [1, 0, 1, 0], ""],
  ])("are read: %s", async (_, cells, values, note) => {
    const quoted = cells.map((cell) => (cell.startsWith('"') ? cell : `"${cell}"`));
    const { data, notes, problems } = await loadTable(`a;b\n${quoted.map((cell) => `${cell};1`).join("\n")}\n`);
    expect(data, problems.map(({ message }) => message).join()).not.toBeNull();
    expect([...data!.inputs]).toEqual(values.map(Math.fround));
    expect(notes).toContain(note);
  });

  test.each(["0.5°C", "0.5 kWh", "~0.5", "0.50 DR"])("are refused with the right name: %s", async (cell) => {
    const whole = await loadTable(`a,b\n${rows((i) => `${cell.replace("0", String(i))},1`)}\n`);
    expect(whole.problems).toEqual([
      expect.objectContaining({
        path: ["data", "inputs", 0],
        message: expect.stringContaining('column "a" holds numbers with other text'),
      }),
    ]);
    const one = await loadTable(`a,b\n${rows((i) => (i === 3 ? `${cell},1` : `${i},1`))}\n`);
    expect(one.problems[0]!.message).toContain(`"${cell}" is a number with other text; write it as a number`);
  });

  test.each([
    ["2.5m", "2500000 or 0.0025 or 2.5"],
    ["2,5m", "2500000 or 0.0025 or 2.5"],
    ["3 b", "3000000000 or 3"],
    ["7t", "7000 or 7000000000000 or 7"],
    ["4 mm", "4000000 or 0.004 or 4"],
    ["-5 cr", "-50000000 or -5"],
    ["6µ", "0.000006 or 6"],
  ])("are refused with what they may mean: %s", async (cell, readings) => {
    const words = [`"${cell}" may mean ${readings}`, "with a factor multiplied out"];
    // Alone in its row, among the names, the last ones and in a whole column it is neither a unit nor a footer.
    for (const at of [[0], [9], [19], [0, 1, 2], Array.from({ length: 20 }, (_, i) => i)]) {
      const content = `a;n\n${rows((i) => (at.includes(i) ? `${cell};x` : `${i + 1}${cell.includes(",") ? ",5" : ".5"};x`))}\n`;
      const { problems } = await loadTable(content, { targets: ["a"] });
      for (const part of words) expect(problems[0]!.message).toContain(part);
      expect(problems[0]!.message).not.toContain("missing");
      expect(problems[0]!.fixes ?? []).toEqual([]);
    }
  });

  test.each([
    ["5 Tsd.", 5000],
    ["1,5 Tsd. €", 1500],
    ["3k", 3000],
    ["2 million", 2e6],
    ["2,5 млн", 2.5e6],
    ["4 lakh", 4e5],
    ["3 千万", 3e7],
  ])("are multiplied out: %s", async (cell, value) => {
    const { data, notes, problems } = await loadTable(`a;b\n${cell};1\n0,5;2\n`);
    expect(data?.inputs[0], problems[0]?.message).toBe(Math.fround(value));
    expect(notes).toContain(`"${cell}" is ${value}`);
  });

  test.each(["0x1f", "3-4", "1 1/2"])("are refused as texts: %s", async (cell) => {
    const { problems } = await loadTable(`a,b\n${rows((i) => `${cell}${i},1`)}\n`);
    expect(problems[0]!.message).toContain("not decimal numbers");
    expect(problems[0]!.fixes ?? []).toEqual([]);
  });

  test.each(["#DIV/0!", "#NV", "#WERT!", "#N/D"])(
    "are missing where a spreadsheet wrote an error: %s",
    async (cell) => {
      const content = `a;b\n${rows((i) => (i === 3 ? `${cell};1` : `${i},5;1`))}\n`;
      expect((await loadTable(content)).problems[0]!.message).toContain(`without a value ("${cell}")`);
      expect((await loadTable(content, { missing: { fill: "drop" } })).data!.samples).toBe(19);
    },
  );
});

describe("a dot before three digits", () => {
  const content = (separator: string) => `a${separator}b\n${rows((i) => `${i + 1}.${100 + 7 * i}${separator}${i}`)}\n`;

  test("may group thousands in a file with semicolons", async () => {
    const loaded = await loadTable(content(";"));
    expect(loaded.data!.inputs[1]).toBeCloseTo(2.107, 6);
    expect(warnings(loaded)).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('Every "." in column "a" stands before three digits'),
        fixes: [expect.objectContaining({ edits: [{ path: ["data", "decimal"], value: "," }] })],
      }),
    ]);
    const told = await loadTable(content(";"), { decimal: "," });
    expect([told.data!.inputs[1], warnings(told)]).toEqual([2107, []]);
  });

  test("is decimal elsewhere, and if another number of the column says so", async () => {
    expect(warnings(await loadTable(content(",")))).toEqual([]);
    expect(warnings(await loadTable(`${content(";")}0.5;1\n`))).toEqual([]);
    expect(warnings(await loadTable(`${content(";")}1234;1\n`))).toEqual([]);
  });
});

describe("decimal commas in a file with commas and without quotes", () => {
  const x: Partial<TableData> = { inputs: ["x"], targets: ["x"] };
  const one = `x\n${rows((i) => comma(1.5 + i / 10))}\n`;

  test.each([
    ["two decimals", one],
    ["one decimal", `x\n${rows((i) => `${i},5`)}\n`],
    ["some whole numbers", `x\n${rows((i) => (i % 3 === 0 ? String(i) : comma(i / 7)))}\n`],
    ["negative numbers", `x\n${rows((i) => comma(i - 9.5))}\n`],
  ])("are asked about in one column: %s", async (_, content) => {
    for (const separator of [undefined, ","] as const) {
      const { problems } = await loadTable(content, { ...x, ...(separator && { separator }) });
      expect(problems).toEqual([
        expect.objectContaining({
          severity: "error",
          path: ["data", "file"],
          message: expect.stringContaining("may be one number with a comma in it, or two cells"),
          fixes: [
            expect.objectContaining({ edits: [{ path: ["data", "separator"], value: ";" }] }),
            expect.objectContaining({ edits: [{ path: ["data", "decimal"], value: "." }] }),
          ],
        }),
      ]);
    }
  });

  test("are read in one column if the config says so, either way", async () => {
    for (const said of [{ separator: ";" }, { decimal: "," }] as const)
      expect((await loadTable(one, { ...x, ...said })).data!.inputs[1]).toBeCloseTo(1.6, 6);
    expect((await loadTable(one, { ...x, decimal: "." })).data!.inputs[1]).toBe(60);
  });

  test.each([
    ["two columns", `x,y\n${rows((i) => `${comma(i / 7)},${comma(i / 3)}`)}\n`],
    ["beside dates", `Date,x\n${rows((i) => `2020-01-${10 + i},${comma(i / 3)}`)}\n`],
    ["beside whole numbers", `k,x\n${rows((i) => `${i},${comma(i / 3)}`)}\n`],
    ["in some rows", `x,y\n${rows((i) => (i % 4 === 0 ? "1,2" : `${comma(i / 7)},${comma(i / 3)}`))}\n`],
  ])("are refused with what to do: %s", async (_, content) => {
    const { problems } = await loadTable(content, x);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.message).toContain("Commas seem to be decimal marks and separators at once");
    expect(problems[0]!.message).toContain('Save the file with another separator, such as ";"');
  });

  test("are suspected without names, if decimals begin with zeros or nobody asks for them", async () => {
    const content = `${rows((i) => comma(1.5 + i / 10))}\n`;
    const alone = await loadTable(content, { header: false, inputs: ["1"], targets: ["1"] });
    expect(warnings(alone)[0]!.message).toContain('line 1 is "1,50"');
    const both = `${rows((i) => `${comma(i / 7)},${comma(i / 3)}`)}\n`;
    const all = { header: false, inputs: ["1", "2"], targets: ["4"] };
    expect(warnings(await loadTable(both, all))[0]!.message).toContain("They are read as separators");
    expect(warnings(await loadTable(both, { ...all, decimal: "." }))).toEqual([]);
    const whole = `${rows((i) => `${i},${i + 1}`)}\n`;
    expect(warnings(await loadTable(whole, { header: false, inputs: ["1"], targets: ["2"] }))).toEqual([]);
  });

  test.each([
    ["in quotes", `"x"\n${rows((i) => `"${comma(i / 7)}"`)}\n`],
    ["names of rows in quotes", `"x"\n${rows((i) => `"${i}",${i}`)}\n`],
    ["names of rows beside decimal points", `x\n${rows((i) => `${i},${(i / 7).toFixed(2)}`)}\n`],
    ["a trailing separator", `x,y\n${rows((i) => `${i},${i},`)}\n`],
    ["an index without a name", `,x\n${rows((i) => `${i},${i}`)}\n`],
  ])("are not suspected: %s", async (_, content) => {
    const loaded = await loadTable(content, x);
    expect(loaded.data, loaded.problems[0]?.message).not.toBeNull();
    expect(warnings(loaded)).toEqual([]);
  });
});

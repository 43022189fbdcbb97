/** Tables as they occur in practice. */

import { describe, expect, test } from "vitest";
import type { TableData } from "../../../../src/config/resolved.ts";
import { budget } from "../../../budget.ts";
import { loadTable } from "./tableFile.ts";

type Case = readonly [
  name: string,
  content: string,
  more: Partial<TableData>,
  inputs: readonly number[],
  targets: readonly number[],
  /** Words of the note; empty: there is no note. */
  notes: readonly string[],
];

const cases: readonly Case[] = [
  ["commas", "a,b\n1,2\n3,4\n", {}, [1, 3], [2, 4], []],
  ["semicolons", "a;b\n1;2\n3;4\n", {}, [1, 3], [2, 4], ["semicolons"]],
  ["tabs", "a\tb\n1\t2\n3\t4\n", {}, [1, 3], [2, 4], ["tabs"]],
  ["bars", "a|b\n1|2\n3|4\n", {}, [1, 3], [2, 4], ['"|"']],
  ["blanks", "  a    b\n  1  2.5\n 30    4\n", {}, [1, 30], [2.5, 4], ["blanks"]],
  ["blanks and tabs", "a \t b\n1   2\n3\t\t4\n", {}, [1, 3], [2, 4], ["blanks"]],
  ["blanks and quotes", '"a"  "b"\n1   2\n', {}, [1], [2], ["blanks"]],
  ["a separator that is named", "a;b\n1;2\n", { separator: ";" }, [1], [2], []],
  ["a byte order mark, CRLF and quoted names", '\ufeff"a","b"\r\n1,2\r\n', {}, [1], [2], []],
  ["a separator in a quoted name", '"x, y","a","b"\n0,1,2\n', {}, [1], [2], []],
  ["a quote within a cell", 'a,b,size\n1,2,5" pipe\n3,4,x\n', {}, [1, 3], [2, 4], []],
  ["trailing separators", "a;b;\n1;2;\n3;4;\n", {}, [1, 3], [2, 4], ["semicolons"]],
  ["trailing separators in the rows alone", "a,b\n1,2,\n3,4,\n", {}, [1, 3], [2, 4], []],
  ["trailing separators in the header alone", "a,b,,\n1,2\n3,4\n", {}, [1, 3], [2, 4], []],
  ["empty lines at the end", "a,b\n1,2\n3,4\n\n\n", {}, [1, 3], [2, 4], []],
  ["empty cells at the end", "a;b\n1;2\n3;4\n;\n;\n", {}, [1, 3], [2, 4], ["Lines 4 and 5 at the end are empty"]],
  ["line ends of three kinds", "a,b\r1,2\r\n3,4\n5,6\r7,8", {}, [1, 3, 5, 7], [2, 4, 6, 8], []],
  ["a carriage return among other line ends", "a,b\r\n1,2\r3,4\r\n", {}, [1, 3], [2, 4], []],
  ["a footer", "a,b\n1,2\n3,4\n\nSource: me\n", {}, [1, 3], [2, 4], ["Line 5 at the end", "Source: me"]],
  ["a footer with a comma", "a,b\n1,2\n3,4\nRead, by me, in May\n", {}, [1, 3], [2, 4], ["Line 4 at the end"]],
  [
    "a sum at the end",
    "day,a,b\n2020-01-01,1,2\n2020-01-02,3,4\nTotal,4,6\n",
    {},
    [1, 3],
    [2, 4],
    ["Line 4 at the end", "Total"],
  ],
  [
    "titles",
    "A table\nof mine\n\na,b,c\n1,2,3\n3,4,5\n",
    {},
    [1, 3],
    [2, 4],
    ["Lines 1 and 2 before the names in line 4"],
  ],
  ["titles that a spreadsheet fills up", "A table,,\na,b,c\n1,2,3\n", {}, [1], [2], ["Line 1 before"]],
  ["comments", "# made, by me\n# in May\na,b\n1,2\n3,4\n", {}, [1, 3], [2, 4], ["Lines 1 and 2"]],
  ["comments between blanks", "# made\n# a b\n#\n 1 2\n 3 4\n", {}, [1, 3], [2, 4], ["Line 1 before", "Line 3 under"]],
  [
    "comments without names",
    "# made, in May\n# by me\n1 2\n3 4\n",
    { header: false, inputs: ["1"], targets: ["2"] },
    [1, 3],
    [2, 4],
    ["Lines 1 and 2 before the data"],
  ],
  ["a line that names the separator", "sep=;\na;b\n1,5;2\n", {}, [1.5], [2], ["Line 1 before"]],
  ["a currency behind the number", "a;b\n1.234,50 €;2\n", {}, [1234.5], [2], ["decimal comma"]],
  ["a row of units", "a,b\nm,kg\n1,2\n3,4\n", {}, [1, 3], [2, 4], ["Line 2 under the header"]],
  ["names of rows without a name", '"a" "b"\n"1" 1 2\n"2" 3 4\n', {}, [1, 3], [2, 4], ["has no name"]],
  ["an index without a name", ",a,b\n0,1,2\n1,3,4\n", { inputs: ["1"] }, [0, 1], [2, 4], []],
  ["no header", "1,2\n3,4\n", { header: false, inputs: ["1"], targets: ["2"] }, [1, 3], [2, 4], []],
  ["numbers as names", "7,8\n1,2\n", { header: true, inputs: ["7"], targets: ["8"] }, [1], [2], []],
  ["decimal commas", "a;b\n1,5;2\n-0,25;4\n", {}, [1.5, -0.25], [2, 4], ["decimal comma"]],
  ["decimal commas in quotes", 'a,b\n"1,5",2\n"2,5",4\n', {}, [1.5, 2.5], [2, 4], ["decimal comma"]],
  ["decimal commas between blanks", "a b\n1,5 2,25\n", {}, [1.5], [2.25], ["decimal comma"]],
  ["a decimal comma that is named", "a;b\n1,125;2\n", { decimal: ",", separator: ";" }, [1.125], [2], []],
  ["thousands", 'a,b\n"1,234",2\n"12,345,678.5",4\n', {}, [1234, 12345678.5], [2, 4], ["grouped by commas"]],
  ["thousands as in India", 'a,b\n"1,43,926",2\n"99,999",4\n', {}, [143926, 99999], [2, 4], ["grouped by commas"]],
  ["thousands with dots", "a;b\n1.234,5;2\n1.000;4\n", {}, [1234.5, 1000], [2, 4], ["decimal comma", "by dots"]],
  ["dots told by another column", "a;b\n1.234;2,5\n1.000;4\n", {}, [1234, 1000], [2.5, 4], ["decimal comma"]],
  ["thousands with spaces", "a;b\n1 234,5;2\n1\u00a0000;4\n", {}, [1234.5, 1000], [2, 4], ["by spaces"]],
  ["thousands with apostrophes", "a;b\n1'234.5;2\n", {}, [1234.5], [2], ["by apostrophes"]],
  [
    "currencies, per cent and minus signs",
    'a,b\n"$1,200.50",3%\n\u22125,-2 %\n',
    {},
    [1200.5, -5],
    [3, -2],
    ["Per cent"],
  ],
  ["yes and no", "a,b\nTrue,1\nfalse,0\n", {}, [1, 0], [1, 0], []],
  ["exponents", "a,b\n1e3,2.5E-1\n", {}, [1000], [0.25], []],
];

describe("a table is read", () => {
  test.each(cases)("with %s", async (_, content, more, inputs, targets, notes) => {
    const { data, notes: told, problems } = await loadTable(content, more);
    expect(data, problems.map(({ message }) => message).join("\n")).not.toBeNull();
    expect([[...data!.inputs], [...data!.targets]]).toEqual([inputs.map(Math.fround), targets.map(Math.fround)]);
    for (const words of notes) expect(told).toContain(words);
    if (notes.length === 0) expect(told).toBe("");
  });
});

describe("a mark that may be decimal or group thousands", () => {
  test("is decided from the whole column, and the doubt is reported with the other reading as a fix", async () => {
    const grouped = await loadTable('a,b\n"1,234",2\n999,3\n');
    expect([...grouped.data!.inputs]).toEqual([1234, 999]);
    expect(grouped.problems).toContainEqual(
      expect.objectContaining({
        severity: "warning",
        message: expect.stringContaining("a thousands separator"),
        fixes: [expect.objectContaining({ edits: [{ path: ["data", "decimal"], value: "," }] })],
      }),
    );
    const decimals = await loadTable("a;b\n1,234;2\n0,5;3\n");
    expect(decimals.data!.inputs[0]).toBeCloseTo(1.234, 6);
    expect(decimals.problems.filter(({ severity }) => severity === "warning")).toEqual([]);
    const always = await loadTable("a;b\n1,234;2\n5,678;3\n");
    expect(always.data!.inputs[0]).toBeCloseTo(1.234, 6);
    expect(always.problems.some(({ severity }) => severity === "warning")).toBe(true);
    const dots = await loadTable("a;b\n1.234;2\n999;3\n");
    expect(dots.problems.some(({ message }) => message.includes('Every "."'))).toBe(true);
    expect(dots.data!.inputs[0]).toBeCloseTo(1.234, 6);
  });

  test("is the config's choice", async () => {
    const { data, problems } = await loadTable('a,b\n"1,234",2\n', { decimal: "," });
    expect(data!.inputs[0]).toBeCloseTo(1.234, 6);
    expect(problems).toEqual([]);
  });

  test("a cell in another format than its column is refused at its line", async () => {
    const { problems } = await loadTable("a;b\n1,5;2\n2,5;2\n3.75;2\n4,5;1\n");
    expect(problems[0]!.message).toContain('line 4, column "a": "3.75" is not a number with "," as its decimal mark');
  });
});

describe("a first row of numbers", () => {
  test.each([
    ["all of it", "5.1,3.5\n4.9,3\n", ["5.1"], ["3.5"]],
    ["those asked for", "1949-01,112\n1949-02,118\n", ["112"], ["112"]],
  ] as const)("is never silently used as names: %s", async (_, content, inputs, targets) => {
    const { problems } = await loadTable(content, { inputs, targets });
    expect(problems).toMatchObject([
      {
        path: ["data", "file"],
        message: expect.stringContaining("line 1: the first row consists of numbers"),
        fixes: [
          { edits: [{ path: ["data", "header"], value: false }] },
          { edits: [{ path: ["data", "header"], value: true }] },
        ],
      },
    ]);
  });

  test("is suggested as data if names are missing", async () => {
    const content = "5.1,3.5,setosa\n4.9,3,setosa\n";
    const { problems } = await loadTable(content, { inputs: ["length"], targets: ["width"] });
    expect(problems[0]).toMatchObject({
      path: ["data", "inputs", 0],
      fixes: [{ edits: [{ path: ["data", "header"], value: false }] }],
    });
    expect(problems[0]!.message).toContain("seems to be data");
  });
});

describe("missing values", () => {
  const content = "a,b\nNA,0\n1,10\n?,20\n3,30\n,40\nNaT,50\n9,60\n";

  test("are refused with suggestions", async () => {
    const { problems } = await loadTable(content);
    expect(problems).toMatchObject([{ severity: "error", path: ["data", "inputs", 0] }]);
    expect(problems[0]!.message).toContain('4 cells without a value ("NA"), the first in line 2');
    expect(problems[0]!.fixes!.map(({ edits }) => edits[0])).toEqual(
      ["interpolate", "forward", "drop"].map((value) => ({ path: ["data", "missing", "fill"], value })),
    );
  });

  test("are filled forward, with the last value before them", async () => {
    const { data, notes } = await loadTable(content, { missing: { fill: "forward" } });
    expect([...data!.inputs]).toEqual([1, 1, 3, 3, 3, 9]);
    expect([...data!.targets]).toEqual([10, 20, 30, 40, 50, 60]);
    expect(notes).toContain("3 missing values are filled");
    expect(notes).toContain("1 row with missing values is left out");
  });

  test("are interpolated on a line", async () => {
    const { data } = await loadTable(content, { missing: { fill: "interpolate" } });
    expect([...data!.inputs]).toEqual([1, 2, 3, 5, 7, 9]);
  });

  test("drop rows if each is a sample", async () => {
    const { data } = await loadTable(content, { missing: { fill: "drop" } });
    expect([[...data!.inputs], [...data!.targets]]).toEqual([
      [1, 3, 9],
      [10, 30, 60],
    ]);
  });

  test("drop windows, never a row within one", async () => {
    const rows = ["1", "2", "3", "-200", "5", "6", "7", "8"].map((a, i) => `${a},${i}`).join("\n");
    const { data, notes } = await loadTable(`a,b\n${rows}\n`, {
      window: 2,
      ahead: 1,
      missing: { marks: [-200], fill: "drop" },
    });
    expect([...data!.inputs]).toEqual([1, 2, 2, 3, 5, 6, 6, 7]);
    expect([...data!.targets]).toEqual([2, 3, 6, 7]);
    expect(notes).toContain("2 windows with missing values are left out");
    expect(data!.continues).toBeUndefined();
  });

  test("a window whose target is missing is dropped, too", async () => {
    const { data } = await loadTable("a,b\n1,1\n2,\n3,3\n", { window: 1, ahead: 1, missing: { fill: "drop" } });
    expect([...data!.inputs]).toEqual([2]);
  });

  test("named in the config are recognised however the number is written", async () => {
    const { data } = await loadTable("a;b\n-200,0;1\n-200;2\n3,5;3\n", { missing: { marks: [-200], fill: "drop" } });
    expect([...data!.inputs]).toEqual([3.5]);
  });

  test("are excluded from statistics", async () => {
    const { data } = await loadTable("a,b\n1,1\n,2\n3,3\n", { standardize: "inputs", missing: { fill: "drop" } });
    expect([...data!.inputs]).toEqual([-1, 1]);
  });

  test("classes are never filled", async () => {
    const more = { missing: { fill: "interpolate" } } as const;
    const { data } = await loadTable("a,b\n1,0\n2,\n3,1\n", more, "sparseCategoricalCrossentropy");
    expect([[...data!.inputs], [...data!.targets]]).toEqual([
      [1, 3],
      [0, 1],
    ]);
    const labelled = await loadTable("a,b\n1,5\n2,\n3,7\n", { ...more, classes: [5, 7] }, "binaryCrossentropy");
    expect([...labelled.data!.targets]).toEqual([0, 1]);
  });

  test("a column without any value is refused", async () => {
    const { problems } = await loadTable("a,b\n,1\n,2\n", { missing: { fill: "forward" } });
    expect(problems[0]!.message).toContain("every sample has a missing value");
  });
});

describe("a column of words", () => {
  test("is reported once, not cell by cell", async () => {
    const { problems } = await loadTable(`a,b\n${"setosa,1\n".repeat(40)}`);
    expect(problems).toMatchObject([{ path: ["data", "inputs", 0], message: expect.stringContaining('"setosa"') }]);
    expect(problems[0]!.message).toContain("An input must be a number");
  });

  test("that is a target comes with its classes as a fix, and they can be learnt", { tags: "thorough" }, async () => {
    const content = `a,b\n${"1,x\n".repeat(1500)}${"2,y\n".repeat(1500)}3,z\n`;
    const { problems } = await loadTable(content);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.fixes![0]!.edits).toEqual([
      { path: ["data", "classes"], value: ["x", "y", "z"] },
      { path: ["training", "loss"], value: "sparseCategoricalCrossentropy" },
    ]);
    const { data } = await loadTable(content, { classes: ["z", "y", "x"] }, "sparseCategoricalCrossentropy");
    expect([data!.classes, data!.samples, data!.targets[0], data!.targets.at(-1)]).toEqual([3, 3001, 2, 0]);
    const two = await loadTable("a,b\n1,no\n2,yes\n", { classes: ["no", "yes"] }, "binaryCrossentropy");
    expect([...two.data!.targets]).toEqual([0, 1]);
    const digits = await loadTable("a,b\n1,5\n2,other\n", { classes: ["other", "5"] }, "binaryCrossentropy");
    expect([...digits.data!.targets]).toEqual([1, 0]);
    const unlisted = await loadTable("a,b\n1,no\n2,maybe\n3,yes\n", { classes: ["no", "yes"] }, "binaryCrossentropy");
    expect(unlisted.problems[0]!.message).toContain(
      'line 3, column "b": "maybe" is a label that "classes" does not list',
    );
  });

  test("of dates comes with sorting as a fix", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `1949-${String(i + 1).padStart(2, "0")},${i}`).join("\n");
    const { problems } = await loadTable(`Month,b\n${rows}\n`, { inputs: ["Month", "b"] });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ path: ["data", "inputs", 0], message: expect.stringContaining("holds dates") });
    expect(problems[0]!.fixes![0]!.edits).toEqual([
      { path: ["data", "inputs"], value: ["b"] },
      { path: ["data", "order"], value: { by: "Month" } },
    ]);
  });
});

describe("several target rows", () => {
  const content = `a,b\n${Array.from({ length: 6 }, (_, i) => `${i},${10 * i}`).join("\n")}\n`;

  test("are given side by side, or on a separate axis", async () => {
    const { data } = await loadTable(content, { window: 2, ahead: 1, targetRows: 3, targets: ["a", "b"] });
    expect(data).toMatchObject({ samples: 2, targetShape: [6], inRows: { targetShape: [3, 2] } });
    expect([...data!.targets]).toEqual([2, 20, 3, 30, 4, 40, 3, 30, 4, 40, 5, 50]);
    expect(data!.columns!.targets).toEqual(["a", "b", "a +1", "b +1", "a +2", "b +2"]);
    expect(data!.inRows!.baselineLoss("meanSquaredError")).toBeCloseTo(data!.baselineLoss("meanSquaredError")!, 9);
  });

  test("of classes have a timestep each", async () => {
    const { data } = await loadTable(
      "a,b\n1,0\n2,1\n3,2\n4,0\n",
      { window: 1, ahead: 1, targetRows: 2 },
      "sparseCategoricalCrossentropy",
    );
    expect(data).toMatchObject({ samples: 2, targetShape: [2, 1], classes: 3 });
    expect([...data!.targets]).toEqual([1, 2, 2, 0]);
  });

  test("that are too many are refused", async () => {
    const { problems } = await loadTable(content, { window: 4, ahead: 1, targetRows: 4 });
    expect(problems[0]!.message).toContain("one sample needs 8");
  });
});

describe("text in another encoding", () => {
  const content = "température;b\n1,5;2\n";
  const latin1 = Buffer.from(content, "latin1");
  const utf16 = Buffer.from(`\ufeff${content}`, "utf16le");
  const chinese = Uint8Array.from([0xce, 0xc2, 0xb6, 0xc8, 0x2c, 0x62, 10, 0x31, 0x2c, 0x32, 10]);

  test("is read if it is named, and UTF-16 also by its byte order mark", async () => {
    const more = { inputs: ["température"], encoding: "latin1" } as const;
    expect([...(await loadTable(latin1, more)).data!.inputs]).toEqual([1.5]);
    const marked = await loadTable(utf16, { inputs: more.inputs });
    expect([...marked.data!.inputs]).toEqual([1.5]);
    expect(marked.notes).toContain("read as UTF-16LE");
    const big = await loadTable(utf16.swap16(), { inputs: more.inputs, encoding: "utf-16be" });
    expect([...big.data!.inputs]).toEqual([1.5]);
    expect([...(await loadTable(chinese, { inputs: ["温度"], encoding: "gb18030" })).data!.inputs]).toEqual([1]);
  });

  test("is refused otherwise, with the likely encodings as fixes", async () => {
    const fixesOf = async (bytes: Uint8Array) =>
      (await loadTable(bytes)).problems[0]!.fixes!.map(({ edits }) => edits[0]);
    const fix = (value: string) => ({ path: ["data", "encoding"], value });
    expect(await fixesOf(latin1)).toEqual([fix("windows-1252"), fix("gb18030")]);
    expect(await fixesOf(chinese)).toEqual([fix("gb18030"), fix("windows-1252")]);
    expect(await fixesOf(Buffer.from("a,b\n1,2\n", "utf16le"))).toEqual([fix("utf-16le")]);
    const wide = Uint8Array.from([0xff, 0xfe, 0, 0, ...[..."a,b\n1,2\n"].flatMap((c) => [c.charCodeAt(0), 0, 0, 0])]);
    expect((await loadTable(wide)).problems[0]!.message).toContain("zero characters, as UTF-32 has");
    const wrong = Uint8Array.from([97, 44, 98, 10, 0xff, 44, 50, 10]);
    const { problems } = await loadTable(wrong, { encoding: "gb18030" });
    expect(problems[0]!.message).toContain("is not gb18030 text (about line 1)");
  });
});

describe("a table in JSON", () => {
  const records = [
    { a: 1, b: 10, at: { x: 5 } },
    { b: 20, a: null },
    { a: "3,5", b: "30", note: ["x"] },
  ];

  test.each([
    ["records", JSON.stringify(records)],
    ["records over several lines", JSON.stringify(records, null, 2)],
    ["JSON Lines", `${records.map((record) => JSON.stringify(record)).join("\n")}\n\n`],
    ["records in an object", JSON.stringify({ count: 3, results: records })],
    ["columns of lists", JSON.stringify({ a: [1, null, "3,5"], b: [10, 20, 30] })],
    ["columns of objects", JSON.stringify({ a: { 0: 1, 1: null, 2: "3,5" }, b: { 0: 10, 1: 20, 2: 30 } })],
    [
      "columns and data",
      JSON.stringify({
        columns: ["b", "a"],
        index: [0, 1, 2],
        data: [
          [10, 1],
          [20, null],
          [30, "3,5"],
        ],
      }),
    ],
  ])("is read: %s", async (_, content) => {
    const { data, notes } = await loadTable(content, { missing: { fill: "drop" } });
    expect([[...data!.inputs], [...data!.targets]]).toEqual([
      [1, 3.5],
      [10, 30],
    ]);
    expect(notes).toContain("decimal comma");
  });

  test("may have columns in objects, lists without names, and dates", async () => {
    const nested = await loadTable(JSON.stringify([{ a: { x: 1 }, b: 2 }]), { inputs: ["a.x"] });
    expect([...nested.data!.inputs]).toEqual([1]);
    const lists = await loadTable("[[1,2],[3,4]]", { inputs: ["1"], targets: ["2"] });
    expect([...lists.data!.targets]).toEqual([2, 4]);
    const rows = Array.from({ length: 9 }, (_, i) => `{"Date":"2020-01-0${9 - i}","a":1,"b":2}`).join("\n");
    const { problems } = await loadTable(rows, { window: 2 });
    expect(problems[0]!.message).toContain("run backward in time");
  });

  test("may have lists of another length beside its columns", async () => {
    const { data } = await loadTable('{"size":[2,3],"a":[1,2,3],"b":[4,5,6],"crs":{"x":1}}');
    expect([...data!.targets]).toEqual([4, 5, 6]);
  });

  test("may be UTF-16", async () => {
    const content = Buffer.from(
      `\ufeff${JSON.stringify([
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ])}`,
      "utf16le",
    );
    expect([...(await loadTable(content)).data!.inputs]).toEqual([1, 3]);
    const named = await loadTable(content.subarray(2), { encoding: "utf-16le" });
    expect([...named.data!.inputs]).toEqual([1, 3]);
  });

  test("may begin with a list of names", async () => {
    const content = JSON.stringify([
      ["b", "a"],
      ["10", "1"],
      ["20", "3"],
    ]);
    const { data } = await loadTable(content);
    expect([[...data!.inputs], [...data!.targets]]).toEqual([
      [1, 3],
      [10, 20],
    ]);
    const years = await loadTable("[[1990,1991],[1,2]]", { header: true, inputs: ["1990"], targets: ["1991"] });
    expect([...years.data!.targets]).toEqual([2]);
    const all = await loadTable("[[1990,1991],[1,2]]", { header: false, inputs: ["1"], targets: ["2"] });
    expect([...all.data!.targets]).toEqual([1991, 2]);
  });

  test("may be one long line, whose rows are then counted", { tags: "thorough" }, async () => {
    const most = budget(40_000, 250_000);
    const numbers = Array.from({ length: most }, (_, i) => i);
    const { data } = await loadTable(JSON.stringify({ a: numbers, b: numbers }));
    expect([data!.samples, data!.inputs[most - 1], data!.targets[most - 2]]).toEqual([most, most - 1, most - 2]);
    const records = numbers.slice(0, 300).map((i) => ({ a: i === 76 ? "x" : i, b: i === 7 ? null : i }));
    const fault = async (value: unknown, indent: number, more: Partial<TableData>) =>
      (await loadTable(JSON.stringify(value, null, indent), more)).problems.map(({ message }) => message);
    const columns = { a: records.map(({ a }) => a), b: records.map(({ b }) => b) };
    const message = (place: string) =>
      `"t.csv", ${place}, column "a": "x" is not a number. If it marks a missing value, add it to "marks" in "missing".`;
    expect(await fault(records, 0, {})).toEqual([message("row 77")]);
    expect(await fault(columns, 0, {})).toEqual([message("row 77")]);
    expect(await fault(records, 1, {})).toEqual([message("line 306")]);
    expect((await fault(records, 0, { inputs: ["b"] }))[0]).toContain("in row 8. Set");
  });

  test.each([
    ['[{"a":1,"b":2},{"a":"x","b":2},{"a":2,"b":2}]', '"x" is not a number'],
    ['[{"a":1,"b":[1]},{"a":1,"b":[1]}]', 'column "b" holds lists'],
    ['{"a":[1,2],"b":[1]}', 'column "b" has 1 value, which is fewer than other columns have'],
    ['[{"a":1e999,"b":2},{"a":1,"b":2}]', 'row 1, column "a": an infinite value'],
    ['[{"a":1e39,"b":2},{"a":1,"b":2}]', 'row 1, column "a": 1e+39 is too large'],
    ['[{"a":1,"b":2},[3,4]]', "row 2: a list among records"],
    ['[["a","b"],[1,2],{"a":3,"b":4}]', "row 3: a record among lists"],
    ['[{"a":1}', "not well-formed JSON"],
    ['{"a":1}\n{"a":2,}\n', "line 2"],
    ["[]", "is an empty list"],
    ["[1,2]", "not of records"],
    ['{"a":1}', "a table needs rows"],
  ])("is refused: %s", async (content, words) => {
    const { problems } = await loadTable(content);
    expect(problems[0]!.message).toContain(words);
  });
});

describe("a file that is not a table", () => {
  const latin1 = (text: string) => Buffer.from(text, "latin1");
  test.each([
    ["a zip", latin1("PK\x03\x04\x14\0\0\0"), "a zip archive. Unpack it"],
    [
      "a Git LFS pointer",
      latin1("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
      "git lfs pull",
    ],
    ["a web page", latin1("<!DOCTYPE html>\n<html></html>"), "not the page that shows it"],
    ["HDF5", latin1("\x89HDF\r\n\x1a\n\0\0\0\0"), "an HDF5 file"],
    ["NPY", latin1("\x93NUMPY\x01\0v\0{'descr'"), '"inputs": { "file": … }'],
    ["old Excel", latin1("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"), "read_excel"],
    ["Parquet", latin1("PAR1\x15\x04"), "read_parquet"],
    ["a pickle", latin1("\x80\x04\x95\x10"), "Nothing in a file is executed"],
    ["ONNX", latin1("\x08\x07\x12\x07pytorch\x1a\x032.0"), "an ONNX model"],
    ["gzip", latin1("\x1f\x8b\x08\0"), "Unpack it"],
  ])("is reported as what it is: %s", async (_, bytes, words) => {
    const { problems } = await loadTable(bytes);
    expect(problems).toMatchObject([{ severity: "error", path: ["data", "file"] }]);
    expect(problems[0]!.message).toContain(words);
  });
});

/** Tables with several series, one below another or row by row. */

import { describe, expect, test } from "vitest";
import type { TableData } from "../../../../src/config/resolved.ts";
import { loadTable } from "./tableFile.ts";

type Line = readonly [country: string, year: number, a: number];

/** France has the values 1 … 6, Spain 101 … 104, Malta 201. */
const lines: readonly Line[] = [
  ...Array.from({ length: 6 }, (_, i): Line => ["France", 2001 + i, 1 + i]),
  ...Array.from({ length: 4 }, (_, i): Line => ["Spain", 2001 + i, 101 + i]),
  ["Malta", 2001, 201],
];
const written = (rows: readonly Line[]) =>
  `country,Year,a,b\n${rows.map((row) => `${row.join()},${row[2]}`).join("\n")}\n`;
const mixed = written(lines.toSorted((x, y) => x[1] - y[1]));
const windowed: Partial<TableData> = { window: 2, ahead: 1 };
const warningsOf = ({ problems }: Awaited<ReturnType<typeof loadTable>>) =>
  problems.filter(({ severity }) => severity === "warning");

describe("rows that are chosen by a value", () => {
  test.each([
    [{ country: "Spain" }, [101, 102, 103, 104]],
    [{ country: ["Spain", "Malta"] }, [101, 102, 103, 104, 201]],
    [{ Year: 2004 }, [4, 104]],
    [{ Year: [2001, 2002], country: "France" }, [1, 2]],
  ] as const)("are the only ones that are read: %j", async (where, inputs) => {
    const { data, notes } = await loadTable(written(lines), { where });
    expect([...data!.inputs]).toEqual(inputs);
    expect(notes).toContain(`${inputs.length} of 11 rows have "`);
  });

  test("may have any form of the number, but the whole text", async () => {
    const content = "k,a,b\n1.0,1,0\n01,2,0\n10,3,0\none,4,0\n";
    expect([...(await loadTable(content, { where: { k: 1 } })).data!.inputs]).toEqual([1, 2]);
    expect([...(await loadTable(content, { where: { k: "1.0" } })).data!.inputs]).toEqual([1]);
    expect([...(await loadTable(content, { where: { k: "one" } })).data!.inputs]).toEqual([4]);
  });

  test("are read as if the others were not there", async () => {
    const content = 'k,a,b\nx,"1,5",1\ny,oops,\nx,2,2\ny,1,000\nx,3,3\n';
    const { data, notes, problems } = await loadTable(content, { where: { k: "x" }, decimal: "," });
    expect([...data!.inputs]).toEqual([1.5, 2, 3]);
    expect(problems.filter(({ severity }) => severity !== "information")).toEqual([]);
    expect(notes).not.toContain("without a value");
  });

  test("leave times to the chosen ones", async () => {
    expect(warningsOf(await loadTable(mixed, { ...windowed, where: { country: "France" } }))).toEqual([]);
  });

  test("may be records in JSON", async () => {
    const content = JSON.stringify(lines.map(([country, Year, a]) => ({ country, Year, a, b: a })));
    expect([...(await loadTable(content, { where: { country: "Malta" } })).data!.inputs]).toEqual([201]);
    expect([...(await loadTable(content, { where: { Year: 2006 } })).data!.inputs]).toEqual([6]);
  });

  test.each([
    [{ country: "Frnace" }, ["country"], 'no row has "Frnace" in column "country". Did you mean "France"?'],
    [{ country: ["France", "Italy"] }, ["country"], 'Its values are "France", "Spain", "Malta".'],
    [{ Year: 1999 }, ["Year"], 'no row has 1999 in column "Year"'],
    [{ contry: "France" }, ["contry"], 'no column "contry". Did you mean "country"?'],
    [{ country: "Malta", Year: 2006 }, [], 'no row has these values of "country" and "Year" together'],
  ])("must exist: %j", async (where, place, words) => {
    const { problems } = await loadTable(written(lines), { where });
    expect(problems).toMatchObject([{ severity: "error", path: ["data", "where", ...place] }]);
    expect(problems[0]!.message).toContain(words);
  });
});

describe("series", () => {
  const inputs = [1, 2, 2, 3, 3, 4, 4, 5, 101, 102, 102, 103];

  test.each([
    ["one below another", written(lines)],
    ["row by row", mixed],
  ])("have windows of their own: %s", async (_, content) => {
    const loaded = await loadTable(content, { ...windowed, series: "country" });
    const { data, notes } = loaded;
    const sorted = Array.from({ length: 6 }, (_, i) => [...data!.inputs.subarray(2 * i, 2 * i + 2)]);
    expect(sorted.flat()).toEqual(inputs);
    expect([...data!.targets]).toEqual([3, 4, 5, 6, 103, 104]);
    expect(warningsOf(loaded)).toEqual([]);
    expect(notes).toContain('3 series by "country".');
    expect(notes).toContain("1 series with fewer than 3 rows, as a sample needs, is left out");
    expect(data!.continues).toBeUndefined();
  });

  test("are each put in order", async () => {
    const { data } = await loadTable(written(lines.toReversed()), {
      ...windowed,
      series: "country",
      order: { by: "Year" },
    });
    expect([...data!.inputs]).toEqual([101, 102, 102, 103, 1, 2, 2, 3, 3, 4, 4, 5]);
  });

  test("may be named by two columns", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i % 2},${i % 3},${i},${i}`).join("\n");
    const { data } = await loadTable(`shop,item,a,b\n${rows}\n`, { window: 2, ahead: 0, series: ["shop", "item"] });
    expect([...data!.inputs]).toEqual([0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]);
  });

  test("keep the last samples of each for testing, and statistics are taken from the rows before", async () => {
    const rows = (name: string, from: number) =>
      Array.from({ length: 10 }, (_, i) => `${name},${from + i},0`).join("\n");
    const content = `k,a,b\n${rows("x", 0)}\n${rows("y", 100)}\nz,5000,0\nz,5002,0\n`;
    const more = { window: 2, ahead: 0, test: 0.2, series: "k" } as const;
    const { data } = await loadTable(content, more);
    expect([...data!.test!.inputs]).toEqual([7, 8, 8, 9, 107, 108, 108, 109]);
    const learnt = [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6];
    expect([...data!.inputs]).toEqual([...learnt, ...learnt.map((a) => a + 100), 5000, 5002]);
    const scaled = await loadTable(content, { ...more, minMax: "inputs" });
    // Rows to learn from: 0 … 6, 100 … 106, 5000 and 5002.
    expect(scaled.data!.test!.inputs[0]).toBeCloseTo(7 / 5002, 6);
    const mean = (21 + 721 + 10_002) / 16;
    const { data: standard } = await loadTable(content, { ...more, standardize: "inputs" });
    expect(standard!.inputs[0]! / standard!.inputs[1]!).toBeCloseTo(-mean / (1 - mean), 4);
  });

  test("that are all too short to keep their last samples are kept whole in part", async () => {
    const content = `k,a,b\n${Array.from({ length: 30 }, (_, i) => `s${Math.floor(i / 3)},${i},0`).join("\n")}\n`;
    const more = { window: 2, ahead: 1, series: "k", test: 0.2 } as const;
    const { data, notes } = await loadTable(content, more);
    const first = (part: { readonly inputs: Float32Array } | null) => [...part!.inputs].filter((_, i) => i % 2 === 0);
    expect([data!.samples, data!.test!.samples]).toEqual([8, 2]);
    expect([...first(data), ...first(data!.test)].toSorted((x, y) => x - y)).toEqual(
      Array.from({ length: 10 }, (_, i) => 3 * i),
    );
    expect(notes).toContain("so 2 series are kept whole for testing");
    const again = await loadTable(content, { ...more, minMax: "inputs" });
    const learnt = first(data).flatMap((a) => [a, a + 1, a + 2]);
    const [min, max] = [Math.min(...learnt), Math.max(...learnt)];
    first(data!.test).forEach((a, i) => {
      expect(again.data!.test!.inputs[2 * i]).toBeCloseTo((a - min) / (max - min), 6);
    });
  });

  test("that are all shorter than a sample are refused at the window", async () => {
    const long = await loadTable(written(lines), { window: 9, ahead: 1, series: "country" });
    expect(long.problems).toMatchObject([{ path: ["data", "window"] }]);
    expect(long.problems[0]!.message).toContain("The longest of the 3 series");
  });

  test("are filled from their own values only", async () => {
    const content = "k,a,b\nx,1,0\nx,,0\nx,3,0\ny,,0\ny,5,0\ny,,0\n";
    const forward = await loadTable(content, { series: "k", missing: { fill: "forward" } });
    expect([...forward.data!.inputs]).toEqual([1, 1, 3, 5, 5]);
    const line = await loadTable(content, { series: "k", missing: { fill: "interpolate" } });
    expect([...line.data!.inputs]).toEqual([1, 2, 3, 5]);
  });

  test("must be named in every row", async () => {
    const { problems } = await loadTable("k,a,b\nx,1,0\n,2,0\n", { series: "k" });
    expect(problems).toMatchObject([{ path: ["data", "series"], message: expect.stringContaining("line 3") }]);
    const missing = await loadTable("k,a,b\nx,1,0\n", { series: "q" });
    expect(missing.problems).toMatchObject([{ path: ["data", "series"] }]);
  });

  test("that the config does not name are reported, with the column as a fix", async () => {
    for (const content of [mixed, written(lines)]) {
      const [problem] = warningsOf(await loadTable(content, windowed));
      expect(problem!.message).toContain("the file holds several series");
      expect(problem!.fixes!.map(({ edits }) => edits)).toContainEqual([
        { path: ["data", "series"], value: "country" },
      ]);
    }
    const pairs = Array.from(
      { length: 60 },
      (_, i) => `${2000 + (i % 10)},s${Math.floor(i / 10) % 2},${Math.floor(i / 20)},${i},${i}`,
    );
    const [problem] = warningsOf(await loadTable(`Year,shop,item,a,b\n${pairs.join("\n")}\n`, windowed));
    expect(problem!.fixes!.at(-1)!.edits[0]!.value).toEqual(["shop", "item"]);
  });

  test("with gaps or duplicates of their own are reported", async () => {
    const hours = (name: string, skipped: number) =>
      Array.from({ length: 20 }, (_, i) => `${name},2020-01-01 ${String(i).padStart(2, "0")}:00,${i},0`).filter(
        (_, i) => i !== skipped,
      );
    const table = (rows: readonly string[]) => `k,time,a,b\n${rows.join("\n")}\n`;
    const more = { ...windowed, series: "k" };
    const warnings = async (rows: readonly string[]) =>
      warningsOf(await loadTable(table(rows), more)).map(({ message }) => message);
    expect(await warnings([...hours("x", -1), ...hours("y", 0)])).toEqual([]);
    expect((await warnings([...hours("x", -1), ...hours("y", 5)]))[0]).toContain("a gap: most rows are 1 hour apart");
    expect((await warnings([...hours("x", -1), ...hours("y", -1), ...hours("y", -1).slice(0, 3)])).join()).toContain(
      "3 of 43 rows have the same time as another one of their series",
    );
  });
});

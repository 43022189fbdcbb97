/** Tables within the answers of APIs: the list of records, or of columns, is found and named. */

import { describe, expect, test } from "vitest";
import type { TableData } from "../../../../src/config/resolved.ts";
import { loadTable } from "./tableFile.ts";

const day = (i: number) => `2020-01-${String(i + 1).padStart(2, "0")}`;
const each = <T>(write: (i: number) => T): readonly T[] => Array.from({ length: 12 }, (_, i) => write(i));
const records = each((i) => ({ date: day(i), a: i, b: 2 * i }));
const rows = each((i) => [day(i), i, 2 * i]);
const columns = { time: each(day), a: each((i) => i), b: each((i) => 2 * i) };
const keyed = Object.fromEntries(each((i) => [day(i), { a: String(i), b: 2 * i }] as const));
const of = (property: string): Partial<TableData> => ({ inputs: [`${property}.a`], targets: [`${property}.b`] });

describe("a table within JSON is found", () => {
  test.each<readonly [string, unknown, string, Partial<TableData>]>([
    ["records", { data: { items: records } }, 'the list "data.items"', {}],
    ["records beside others", { errors: [{ m: "x" }], pages: [{ n: 1 }], body: { rows: records } }, '"body.rows"', {}],
    ["records deep within", { ok: true, r: { p: { n: 1 }, body: { v: { items: records } } } }, '"r.body.v.items"', {}],
    ["records at the top", { count: 12, results: records }, 'the list "results"', {}],
    ["records in an element", [{ page: 1 }, records], 'the list "[1]"', {}],
    ["records of one station", [{ station: 1, data: records }], 'the list "[0].data"', {}],
    ["properties", { type: "x", features: records.map((p) => ({ p })) }, 'the list "features"', of("p")],
    ["an object with dates as keys", keyed, 'the entries of the JSON; their keys are the column "key"', {}],
    [
      "an inner object with dates as keys",
      { Meta: { "1. x": "y" }, "Time Series": keyed },
      '"Time Series" in the JSON',
      {},
    ],
    ["lists of an object", { latitude: 5, hourly_units: { a: "C" }, hourly: columns }, 'the lists in "hourly"', {}],
    ["lists of one of two", { hourly: columns, daily: { time: ["x"], t: [1] } }, 'the lists in "hourly"', {}],
    ["rows with names beside", { results: [{ columns: ["date", "a", "b"], values: rows }] }, '"results[0].values"', {}],
    ["rows with names above", { table: [["date", "a", "b"], ...rows] }, 'the list "table"', {}],
  ])("%s", async (_, value, note, more) => {
    for (const indent of [0, 2]) {
      const { data, notes, problems } = await loadTable(JSON.stringify(value, null, indent), { window: 2, ...more });
      expect(data?.samples, problems[0]?.message).toBe(11);
      expect(data!.inputs[11]).toBe(6);
      expect(notes).toContain(note);
    }
  });

  test("with the dates of its keys in order", async () => {
    const newestFirst = Object.fromEntries(Object.entries(keyed).reverse());
    const { problems } = await loadTable(JSON.stringify({ series: newestFirst }), { window: 2 });
    expect(problems.some(({ message }) => message.includes('run backward in time, as "key" says'))).toBe(true);
    const { data } = await loadTable(JSON.stringify({ series: newestFirst }), { window: 2, order: { by: "key" } });
    expect(data!.inputs[1]).toBe(1);
  });
});

describe("a table within JSON is asked for", () => {
  const renamed = (a: string) => each((i) => ({ [a]: i, id: 1 }));

  test("with the places of all lists that it may be", async () => {
    const twice = await loadTable(JSON.stringify({ x: { items: records }, y: { items: records } }));
    expect(twice.problems.map(({ message }) => message)).toEqual([
      '"t.csv" has several lists with the requested columns: "x.items" (date, a, b), "y.items" (date, a, b). Set "list" to the one that you mean, such as "x.items".',
    ]);
    expect(twice.problems[0]!.fixes?.map(({ title, edits }) => [title, edits])).toEqual(
      ["x.items", "y.items"].map((list) => [`Read the list "${list}"`, [{ path: ["data", "list"], value: list }]]),
    );
    const none = await loadTable(JSON.stringify({ x: renamed("c"), y: { z: renamed("e") }, w: renamed("f") }));
    expect(none.problems.map(({ message }) => message)).toEqual([
      '"t.csv" has several lists, and none has the requested columns: "x" (c, id), "y.z" (e, id), "w" (f, id). Request columns of one of them, and it is read.',
    ]);
  });

  test("with the columns of the only list", async () => {
    const { problems } = await loadTable(JSON.stringify({ x: { z: renamed("c") } }));
    expect(problems[0]!.message).toContain('has no column "a".');
    expect(problems[0]!.message).toContain('Its columns are "c", "id"');
  });
});

describe("a key that a record has twice", () => {
  test.each([
    ['[{"a":1,"b":2},{"a":2,"b":2,"a":3}]', 'A record has a key twice in row 2: "a"'],
    ['{"a":1,"b":2}\n{"a":2,"b":2,"a":3}\n{"b":1,"b":2,"a":4}', "2 times, a record has a key twice, first in line 2"],
    ['{"items":{"x":{"a":1,"b":2},"y":{"a":3,"a":3,"b":1}}}', '"a". The last of its values is read'],
  ])("is remarked: %s", async (content, words) => {
    const { data, problems } = await loadTable(content);
    expect(data!.inputs[1]).toBe(3);
    expect(problems.filter(({ severity }) => severity === "warning")).toEqual([
      expect.objectContaining({ path: ["data", "file"], message: expect.stringContaining(words) }),
    ]);
  });

  test("is not remarked in objects within a record", async () => {
    const { problems } = await loadTable('[{"a":1,"b":2,"p":{"a":5}},{"a":2,"b":2,"p":{"a":6}}]');
    expect(problems).toEqual([]);
  });
});

/** Tables within JSON that the config names, and lists beside them that belong to their rows. */

import { describe, expect, test } from "vitest";
import type { TableData } from "../../../../src/config/resolved.ts";
import { loadTable } from "./tableFile.ts";

const each = <T>(write: (i: number) => T): readonly T[] => Array.from({ length: 12 }, (_, i) => write(i));
const day = (i: number) => `2020-01-${String(i + 1).padStart(2, "0")}`;
const days = each(day);
const pairs = (by: number) => each((i) => [Date.UTC(2020, 0, i + 1), by * i]);
const chart = { prices: pairs(1), volumes: pairs(10) };
const second: Partial<TableData> = { inputs: ["2"], targets: ["2"], window: 2 };
const backward = (object: object) => JSON.parse(JSON.stringify(object), (_, v) => (Array.isArray(v) ? v.reverse() : v));
const columns = { a: each((i) => i), b: each((i) => 2 * i) };

describe("the list that the config names", () => {
  test.each([
    ["prices", chart, "prices", 6],
    ["the other one", chart, "volumes", 60],
    ["one deep within", { r: [{ x: chart }] }, "r[0].x.volumes", 60],
    ["a key with dots and blanks", { "a.b c (1min)": { v: pairs(3) }, w: pairs(1) }, "a.b c (1min).v", 18],
    ["an element", [[{ n: 1 }], pairs(7)], "[1]", 42],
  ])("is read: %s", async (_, value, list, last) => {
    const { data, notes, problems } = await loadTable(JSON.stringify(value), { ...second, list });
    expect(data?.samples, problems[0]?.message).toBe(11);
    expect(data!.inputs[11]).toBe(last);
    expect(notes).toContain(`The rows are the list "${list}" in the JSON.`);
  });

  test("may hold columns, or be an object of records", async () => {
    const keyed = Object.fromEntries(each((i) => [day(i), { a: i, b: 2 * i }]));
    const both = { hourly: columns, daily: { a: [5, 6, 7], b: [1, 2, 3] }, byDay: keyed };
    for (const [list, samples] of [
      ["hourly", 12],
      ["daily", 3],
      ["byDay", 12],
    ] as const)
      expect((await loadTable(JSON.stringify(both), { list })).data?.samples, list).toBe(samples);
  });

  test.each([
    ["is not there", chart, "price", '"t.csv" has no list "price". Its lists are "prices" (1, 2), "volumes"'],
    ["is no list", { n: 1, ...chart }, "n", '"t.csv" has no list "n". Its lists are "prices"'],
    ["cannot be there", { n: 1 }, "x", '"t.csv" has no list "x". It has none that could be a table.'],
  ])("%s, which is said at its place", async (_, value, list, words) => {
    const { problems } = await loadTable(JSON.stringify(value), { ...second, list });
    expect(problems).toEqual([
      expect.objectContaining({ path: ["data", "list"], message: expect.stringContaining(words) }),
    ]);
  });

  test("is proposed for a list of rows that is named as a column", async () => {
    const { problems } = await loadTable(JSON.stringify(chart), { inputs: ["volumes"], targets: ["volumes"] });
    expect(problems).toEqual([
      expect.objectContaining({
        path: ["data", "inputs", 0],
        message: expect.stringContaining('set "list" to "volumes"'),
      }),
    ]);
    expect(problems[0]!.fixes?.map(({ edits }) => edits)).toEqual([[{ path: ["data", "list"], value: "volumes" }]]);
  });

  test("has no meaning in a file that is not JSON", async () => {
    const { problems } = await loadTable("a,b\n1,2\n3,4\n", { list: "x" });
    expect(problems.map(({ path, message }) => [path, message])).toEqual([
      [["data", "list"], '"t.csv" is no JSON file, so it has no list "x". Remove "list".'],
    ]);
  });
});

describe("a list beside the rows gives them one more column", () => {
  const rows = each((i) => [i, 2 * i]);
  test.each<readonly [string, object, string, Partial<TableData>]>([
    ["dates beside an object of lists", { dates: days, series: columns }, "dates", {}],
    ["dates above an object of lists", { dates: days, x: { y: columns } }, "dates", {}],
    ["dates beside lists of cells", { time: days, values: rows }, "time", { inputs: ["1"], targets: ["2"] }],
    ["dates beside records", { when: days, records: each((i) => ({ a: i, b: 2 * i })) }, "when", {}],
    ["the index of pandas's split form", { columns: ["a", "b"], index: days, data: rows }, "index", {}],
    ["names and dates beside lists", { r: { names: ["a", "b"], dates: days, cells: rows } }, "dates", {}],
  ])("%s", async (_, value, name, more) => {
    const right = await loadTable(JSON.stringify(value), { window: 2, ...more });
    expect([right.data?.samples, right.problems.filter(({ severity }) => severity !== "information")]).toEqual([
      11,
      [],
    ]);
    const turned = { ...backward(value), ...("columns" in value && { columns: value.columns }) };
    const text = JSON.stringify("r" in turned ? { r: { ...turned.r, names: ["a", "b"] } } : turned);
    const cells = "records" in value || name === "time" || "columns" in value || "r" in value;
    const { problems } = await loadTable(cells ? rowsBack(text) : text, { window: 2, ...more });
    expect(problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`The rows run backward in time, as "${name}" says: from 2020-01-12 to 2020-01-01.`),
    );
    const { data } = await loadTable(cells ? rowsBack(text) : text, { window: 2, ...more, order: { by: name } });
    expect([...data!.inputs.subarray(0, 4)]).toEqual([...right.data!.inputs.subarray(0, 4)]);
  });

  /** The cells of each row in their order again, after all lists were turned. */
  function rowsBack(text: string): string {
    return JSON.stringify(
      JSON.parse(text, (_, v) =>
        Array.isArray(v) && v.length === 2 && v.every((cell) => typeof cell === "number") ? v.reverse() : v,
      ),
    );
  }

  test("if it is as long as the rows are many", async () => {
    const { data, problems } = await loadTable(
      JSON.stringify({ dates: ["2020-01-02", "2020-01-01"], series: columns }),
      {
        window: 2,
      },
    );
    expect([data?.samples, problems.filter(({ severity }) => severity === "warning")]).toEqual([11, []]);
  });
});

describe("objects of values by row name", () => {
  const byName = (names: readonly string[]) =>
    Object.fromEntries(["a", "b"].map((c, k) => [c, Object.fromEntries(names.map((name, i) => [name, (k + 1) * i]))]));

  test("name a column of dates", async () => {
    const { problems, notes } = await loadTable(JSON.stringify(byName(days.toReversed())), { window: 2 });
    expect(notes).toContain('The names of the rows are the column "key".');
    expect(problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('The rows run backward in time, as "key" says'),
    );
  });

  test("name none if they are numbered", async () => {
    const { data, notes } = await loadTable(JSON.stringify(byName(each(String))));
    expect([data?.samples, notes]).toEqual([12, ""]);
  });

  test.each([
    ['{"a":{"x":1,"y":2},"b":{"y":3,"x":4}}', 'row 1 is named "x" in one column and "y" in another'],
    ['{"a":{"x":1,"x":2},"b":{"x":3,"x":4}}', 'two rows are named "x". Remove one.'],
  ])("do not disagree: %s", async (content, words) => {
    const { problems } = await loadTable(content);
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
  });
});

describe("a key that is there twice on the way to the rows", () => {
  test.each([
    ['{"x":{"a":[1,2],"a":[3,4],"b":[1,2]}}', "x.a"],
    ['{"x":{"items":[{"a":1,"b":2}],"items":[{"a":3,"b":4}]}}', "x.items"],
    ['{"x":{"y":{"a":[1,2],"b":[1,2]},"y":5}}', "x.y"],
    ['{"x":{"p":{"a":1,"b":2},"p":{"a":3,"b":4},"q":{"a":5,"b":6}}}', "x.p"],
  ])("is refused: %s", async (content, path) => {
    const { problems } = await loadTable(content);
    expect(problems.map(({ message }) => message)).toEqual([
      `"t.csv" has two keys "${path}", so it is not known which of their values is meant. Rename or remove one.`,
    ]);
  });

  test("is refused in the list that the config names", async () => {
    const { problems } = await loadTable('{"x":{"a":[1,2],"a":[3,4],"b":[1,2]},"y":{"a":[1],"b":[2]}}', { list: "x" });
    expect(problems[0]!.message).toContain('has two keys "x.a"');
  });

  test("does not matter elsewhere", async () => {
    const { data } = await loadTable('{"meta":{"m":1,"m":2},"x":{"a":[1,2],"b":[3,4]}}');
    expect(data?.samples).toBe(2);
  });
});

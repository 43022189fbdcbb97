/** The order of a table's rows in time. */

import { describe, expect, test } from "vitest";
import type { TableData } from "../../../../src/config/resolved.ts";
import { sampled } from "../../../budget.ts";
import { loadTable } from "./tableFile.ts";

const day = 86_400_000;
const iso = (moment: number) => new Date(moment).toISOString();
const dates = (count: number, write: (date: Date, i: number) => string, step = day) =>
  Array.from({ length: count }, (_, i) => write(new Date(Date.UTC(2019, 10, 20) + i * step), i));
const two = (n: number) => String(n).padStart(2, "0");
const month = (date: Date, style: "short" | "long") => date.toLocaleString("en", { month: style, timeZone: "UTC" });
/** A month's name, or the whole date without its year, in another language. */
const local = (date: Date, language: string, style: "short" | "long", whole = false) =>
  date.toLocaleString(language, {
    month: style,
    timeZone: "UTC",
    ...(whole && { day: "numeric", ...(language !== "ru" && { weekday: "long" }) }),
  });
const table = (cells: readonly string[], name = "Date") =>
  `${name};a;b\n${cells.map((cell, i) => `${cell};${i};${i}`).join("\n")}\n`;
const windowed: Partial<TableData> = { window: 3, ahead: 1, targets: ["a"] };

const forms: readonly (readonly [string, readonly string[], string?])[] = [
  ["2019-11-20", dates(40, (d) => d.toISOString().slice(0, 10))],
  ["2019-11-20T00:00:00Z", dates(40, (d) => d.toISOString())],
  ["2019-11-20 00:00:00+01:00", dates(40, (d) => `${d.toISOString().slice(0, 19).replace("T", " ")}+01:00`)],
  ["2019-11-20 00:00 CET", dates(40, (d) => `${d.toISOString().slice(0, 16).replace("T", " ")} CET`)],
  [
    "Wed Nov 20 2019 00:00:00 GMT+0100 (CET)",
    dates(
      40,
      (d) => `${d.toUTCString().slice(0, 3)} ${month(d, "short")} ${two(d.getUTCDate())} 2019 00:00:00 GMT+0100 (CET)`,
    ),
  ],
  [
    "20.11.2019 00:00 - 20.11.2019 01:00",
    dates(40, (d) => [0, 1].map((h) => `${two(d.getUTCDate())}.${two(d.getUTCMonth() + 1)}.2019 0${h}:00`).join(" - ")),
  ],
  ["2019/11/20", dates(40, (d) => d.toISOString().slice(0, 10).replaceAll("-", "/"))],
  ["20/11/2019", dates(40, (d) => `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()}`)],
  ["11/20/2019", dates(40, (d) => `${d.getUTCMonth() + 1}/${d.getUTCDate()}/${d.getUTCFullYear()}`)],
  ["20.11.2019", dates(40, (d) => `${two(d.getUTCDate())}.${two(d.getUTCMonth() + 1)}.${d.getUTCFullYear()}`)],
  ["20.11.2019 13:00", dates(40, (d) => `${d.getUTCDate()}.${d.getUTCMonth() + 1}.${d.getUTCFullYear()} 13:00`)],
  ["11/20/2019 1:05 PM", dates(40, (d) => `${d.getUTCMonth() + 1}/${d.getUTCDate()}/${d.getUTCFullYear()} 1:05 PM`)],
  ["20/11/19", dates(40, (d) => `${d.getUTCDate()}/${d.getUTCMonth() + 1}/${d.getUTCFullYear() - 2000}`)],
  ["20-Nov-2019", dates(40, (d) => `${d.getUTCDate()}-${month(d, "short")}-${d.getUTCFullYear()}`)],
  ["Nov 20, 2019", dates(40, (d) => `${month(d, "short")} ${two(d.getUTCDate())}, ${d.getUTCFullYear()}`)],
  ["Wed, 20 November 2019", dates(40, (d) => `Wed, ${d.getUTCDate()} ${month(d, "long")} ${d.getUTCFullYear()}`)],
  ["20191120", dates(40, (d) => d.toISOString().slice(0, 10).replaceAll("-", ""))],
  ["seconds", dates(40, (d) => String(d.getTime() / 1000)), "timestamp"],
  ["milliseconds", dates(40, (d) => String(d.getTime())), "time"],
  ["years", dates(40, (_, i) => String(1950 + i)), "Year"],
  ["quarters", dates(40, (_, i) => `${1990 + Math.floor(i / 4)}Q${1 + (i % 4)}`)],
  ["months", dates(40, (_, i) => `${1990 + Math.floor(i / 12)}-${two(1 + (i % 12))}`)],
  ["2000 Jan", dates(40, (_, i) => `${2000 + Math.floor(i / 12)} ${month(new Date(Date.UTC(2000, i % 12)), "short")}`)],
  ["2019年11月20日", dates(40, (d) => `${d.getUTCFullYear()}年${d.getUTCMonth() + 1}月${d.getUTCDate()}日`), "日期"],
  [
    "2019年11月20日 星期三 下午1时05分",
    dates(
      40,
      (d) =>
        `${d.getUTCFullYear()}年${d.getUTCMonth() + 1}月${d.getUTCDate()}日 星期${"日一二三四五六"[d.getUTCDay()]} 下午1时05分`,
    ),
    "时间",
  ],
  ["1990年1月", dates(40, (_, i) => `${1990 + Math.floor(i / 12)}年${1 + (i % 12)}月`), "月份"],
  ["1990年第1季度", dates(40, (_, i) => `${1990 + Math.floor(i / 4)}年第${1 + (i % 4)}季度`), "季度"],
  ["2019년 11월 20일", dates(40, (d) => `2019년 ${d.getUTCMonth() + 1}월 ${d.getUTCDate()}일`), "날짜"],
  ["108/11/20, of the Republic", dates(40, (d) => `108/${two(d.getUTCMonth() + 1)}/${two(d.getUTCDate())}`), "日期"],
  ["20. Nov 2019, German", dates(40, (d) => `${d.getUTCDate()}. ${local(d, "de", "short")} 2019`), "Datum"],
  ["Mittwoch, 20. November 2019", dates(40, (d) => `${local(d, "de", "long", true)} 2019`), "Datum"],
  ["20.11.2019 13:00 Uhr", dates(40, (d) => `${d.getUTCDate()}.${d.getUTCMonth() + 1}.2019 13:00 Uhr`), "Zeit"],
  ["20 nov. 2019, French", dates(40, (d) => `${d.getUTCDate()} ${local(d, "fr", "short")} 2019`)],
  ["mercredi 20 novembre 2019", dates(40, (d) => `${local(d, "fr", "long", true)} 2019`)],
  ["20 de noviembre de 2019", dates(40, (d) => `${d.getUTCDate()} de ${local(d, "es", "long")} de 2019`), "Fecha"],
  ["20 ноября 2019 г.", dates(40, (d) => `${local(d, "ru", "long", true)} 2019 г.`), "Дата"],
  ["Wed Nov 20 2019", dates(40, (d) => d.toDateString())],
  ["Wed Nov 20 13:05:00 CET 2019", dates(40, (d) => d.toDateString().replace(" 2019", " 13:05:00 CET 2019"))],
  [
    "[20/Nov/2019:13:55:36 +0000]",
    dates(40, (d) => `[${two(d.getUTCDate())}/${month(d, "short")}/2019:13:55:36 +0000]`),
  ],
  ["November 20th, 2019", dates(40, (d) => `${month(d, "long")} ${d.getUTCDate()}th, 2019`)],
  ["11/20/2019 1 PM", dates(40, (d) => `${d.getUTCMonth() + 1}/${d.getUTCDate()}/2019 1 PM`)],
  ["20/11/2019 01:00 p. m.", dates(40, (d) => `${d.getUTCDate()}/${d.getUTCMonth() + 1}/2019 01:00 p. m.`), "Fecha"],
  ["2019112013", dates(40, (d) => `${iso(d.getTime()).slice(0, 10).replaceAll("-", "")}13`), "MESS_DATUM"],
  ["20191120T130500Z", dates(40, (d) => `${iso(d.getTime()).slice(0, 10).replaceAll("-", "")}T130500Z`)],
  ["20112019", dates(40, (d) => `${two(d.getUTCDate())}${two(d.getUTCMonth() + 1)}2019`)],
  ["19-11-20", dates(40, (d) => iso(d.getTime()).slice(2, 10))],
  ["2019_11_20", dates(40, (d) => iso(d.getTime()).slice(0, 10).replaceAll("-", "_"))],
  ["2019-11-20-13-05-00", dates(40, (d) => `${iso(d.getTime()).slice(0, 10)}-13-05-00`)],
  ["2000-W01", dates(40, (_, i) => `2000-W${two(1 + i)}`), "Week"],
  ["KW 1/2000", dates(40, (_, i) => `KW ${1 + i}/2000`), "Woche"],
  ["2019-100", dates(40, (_, i) => `2019-${100 + i}`)],
  ["Q1/1990", dates(40, (_, i) => `Q${1 + (i % 4)}/${1990 + Math.floor(i / 4)}`)],
  ["1Q90", dates(40, (_, i) => `${1 + (i % 4)}Q${90 + Math.floor(i / 4)}`)],
  ["1990H1", dates(40, (_, i) => `${1990 + Math.floor(i / 2)}H${1 + (i % 2)}`)],
  ["1950/51", dates(40, (_, i) => `${1950 + i}/${51 + i}`), "Season"],
  ["01.1990", dates(40, (_, i) => `${two(1 + (i % 12))}.${1990 + Math.floor(i / 12)}`), "Monat"],
  ["days of a spreadsheet", dates(40, (_, i) => String(43_789 + i))],
  ["nanoseconds", dates(40, (d) => `${d.getTime()}000000`), "timestamp"],
  ["seconds since the start", dates(40, (_, i) => (i / 100).toFixed(2)), "Time (s)"],
  [
    "names of months",
    dates(40, (_, i) => `${month(new Date(Date.UTC(2000, i % 12)), "short")}-${90 + Math.floor(i / 12)}`),
  ],
];

describe("rows that run backward in time", () => {
  test.each(
    sampled(
      forms.map(([form, written, name = "Date"]) => [form, { written, name }] as const),
      4,
      0,
      1,
    ),
  )("are reported if dates are written as %s", async (_, { written, name }) => {
    const { data, problems } = await loadTable(table(written.toReversed(), name), windowed);
    expect(data).not.toBeNull();
    const remarks = problems.filter(({ severity }) => severity === "warning");
    expect(remarks).toMatchObject([{ path: ["data", "file"] }]);
    expect(remarks[0]!.message).toContain("run backward in time");
    expect(remarks[0]!.fixes![0]!.edits).toEqual([{ path: ["data", "order"], value: { by: name } }]);
    const ordered = await loadTable(table(written.toReversed(), name), { ...windowed, order: { by: name } });
    expect([...ordered.data!.inputs.subarray(0, 3)]).toEqual([39, 38, 37]);
    expect(ordered.problems.filter(({ severity }) => severity === "warning")).toEqual([]);
    expect(ordered.notes).toContain(`sorted by "${name}"`);
    const forward = await loadTable(table(written, name), windowed);
    expect(forward.problems.filter(({ severity }) => severity === "warning")).toEqual([]);
  });

  test("do not matter if each is a sample and the test samples are drawn", async () => {
    const content = table(dates(20, (d) => iso(d.getTime())).toReversed());
    const { problems } = await loadTable(content, { shuffle: true, test: 0.2 });
    expect(problems.filter(({ message }) => message.includes("backward"))).toEqual([]);
  });
});

describe("time zones", () => {
  /** Hours around the end of summer time, on 2019-10-27 at 1:00 UTC, as clocks in Paris show them. */
  const hours = Array.from({ length: 48 }, (_, i) => {
    const moment = Date.UTC(2019, 9, 26, 12) + (i * day) / 24;
    const zone = moment < Date.UTC(2019, 9, 27, 1) ? 2 : 1;
    return { clock: iso(moment + (zone * day) / 24).slice(0, 19), zone };
  });
  const warnings = async (cells: readonly string[]) =>
    (await loadTable(table(cells), windowed)).problems.filter(({ severity }) => severity === "warning");

  test.each([
    ["offsets", (zone: number) => `+0${zone}:00`],
    ["names", (zone: number) => (zone === 2 ? " CEST" : " CET")],
  ])("are counted: an hour that occurs twice in autumn is no duplicate with %s", async (_, zoneText) => {
    expect(await warnings(hours.map(({ clock, zone }) => clock + zoneText(zone)))).toEqual([]);
    const real = hours.map(({ clock, zone }) => clock + zoneText(zone));
    const [twice] = await warnings([...real.slice(0, 2), ...real.slice(1)]);
    expect(twice!.message).toContain("1 of 49 rows have the same time");
  });

  test("order rows that are written in different zones", async () => {
    const cells = ["2020-01-01T05:00-05:00", "2020-01-01T10:30Z", "2020-01-01T12:00+01:00", "2020-01-01T11:30:00 GMT"];
    expect(await warnings(cells)).toEqual([]);
    const order = { by: "Date" };
    const { data } = await loadTable(table(cells.toReversed()), { ...windowed, window: 1, order });
    expect([...data!.inputs]).toEqual([3, 2, 1]);
  });

  test("are named where a message gives a time", async () => {
    const cells = hours.map(({ clock, zone }) => `${clock}+0${zone}:00`).filter((_, i) => i < 20 || i > 23);
    expect((await warnings(cells))[0]!.message).toContain("between 2019-10-27 07:00 UTC and 2019-10-27 12:00 UTC");
  });
});

describe("the order of rows", () => {
  test("may use date and time of day", async () => {
    const rows = dates(48, (d) => `${d.toISOString().slice(0, 10)};${two(d.getUTCHours())}.00.00`, day / 24);
    const content = `Day;Clock;a\n${rows
      .map((row, i) => `${row};${i}`)
      .toReversed()
      .join("\n")}\n`;
    const { problems } = await loadTable(content, windowed);
    expect(problems.find(({ severity }) => severity === "warning")!.fixes![0]!.edits[0]!.value).toEqual({
      by: ["Day", "Clock"],
    });
    const ordered = await loadTable(content, { ...windowed, order: { by: ["Day", "Clock"] } });
    expect([...ordered.data!.inputs.subarray(0, 3)]).toEqual([0, 1, 2]);
    expect(ordered.problems.filter(({ severity }) => severity === "warning")).toEqual([]);
  });

  test("may use year, month, day and hour", async () => {
    const rows = dates(
      60,
      (d) => [d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCHours()].join(),
      day / 24,
    );
    const content = (list: readonly string[]) =>
      `year,month,day,hour,a\n${list.map((row, i) => `${row},${i}`).join("\n")}\n`;
    expect((await loadTable(content(rows), windowed)).problems).toEqual([]);
    const { problems } = await loadTable(content(rows.toReversed()), windowed);
    expect(problems[0]!.fixes![0]!.edits[0]!.value).toEqual({ by: ["year", "month", "day", "hour"] });
    const gaps = await loadTable(content(rows.filter((_, i) => i !== 30)), windowed);
    expect(gaps.problems[0]!.message).toContain("most rows are 1 hour apart, but 2 hours lie between");
  });

  test("may use a day with its hour in a column of numbers, as in bike sharing", async () => {
    const rows = dates(72, (d) => `${d.toISOString().slice(0, 10)},${d.getUTCHours()}`, day / 24);
    const text = (lines: readonly string[]) =>
      `dteday,hr,a,b\n${lines.map((line, i) => `${line},${i},${i}`).join("\n")}\n`;
    expect(
      (await loadTable(text(rows), windowed)).data?.warnings.filter(({ severity }) => severity === "warning"),
    ).toEqual([]);
    const { data } = await loadTable(text(rows.toReversed()), windowed);
    expect(data?.warnings.map(({ message }) => message).join()).toMatch(
      /run backward in time, as "dteday" and "hr" say: from 2019-11-22 23:00/,
    );
    const gone = await loadTable(text(rows.toSpliced(30, 4)), windowed);
    expect(gone.data?.warnings.map(({ message }) => message).join()).toMatch(
      /"dteday" and "hr" have a gap: most rows are 1 hour apart, but 5 hours/,
    );
  });

  test("may use years with names of months, or with quarters", async () => {
    const names = ["January", "Feb", "March", "Apr.", "May", "June", "July", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const months = Array.from({ length: 36 }, (_, i) => `${1950 + Math.floor(i / 12)},${names[i % 12]},${i}`);
    const quarters = Array.from({ length: 36 }, (_, i) => `${1950 + Math.floor(i / 4)},${1 + (i % 4)},${i}`);
    const marked = quarters.map((row) => row.replace(/,(\d),/, ",Q$1,"));
    for (const [name, rows] of [
      ["month", months],
      ["quarter", quarters],
      ["Quarter", marked],
    ] as const) {
      const content = (list: readonly string[]) => `year,${name},a\n${list.join("\n")}\n`;
      expect((await loadTable(content(rows), windowed)).problems).toEqual([]);
      const order = { by: ["year", name] };
      const { problems } = await loadTable(content(rows.toReversed()), windowed);
      expect(problems[0]!.fixes![0]!.edits).toEqual([{ path: ["data", "order"], value: order }]);
      const sorted = await loadTable(content(rows.toReversed()), { ...windowed, order });
      expect([...sorted.data!.inputs.subarray(0, 3)]).toEqual([0, 1, 2]);
      const gap = await loadTable(content(rows.filter((_, i) => i !== 20)), windowed);
      expect(gap.problems[0]!.message).toContain("a gap");
    }
  });

  test("may use numbers", async () => {
    const { data, notes } = await loadTable("k,a\n3,30\n1,10\n2,20\n1,11\n", {
      targets: ["a"],
      order: { by: "k" },
    });
    expect([...data!.inputs]).toEqual([10, 11, 20, 30]);
    expect(notes).toContain('sorted by "k"');
  });

  test("by a missing column, or a cell that is not a date, is refused there", async () => {
    const missing = await loadTable("k,a,b\n3,30,1\n", { order: { by: "K" } });
    expect(missing.problems).toMatchObject([
      { path: ["data", "order", "by"], message: expect.stringContaining('mean "k"') },
    ]);
    const wrong = await loadTable(
      `Date,a,b\n${dates(9, (d) => `${d.toISOString().slice(0, 10)},1,2`).join("\n")}\nlater,1,2\n2020-01-01,1,2\n`,
      {
        order: { by: "Date" },
      },
    );
    const words = await loadTable(table(["day 2", "day 1"]), { order: { by: "Date" } });
    expect(words.problems).toEqual([
      expect.objectContaining({
        path: ["data", "order", "by"],
        message: expect.stringContaining('"day 2" is neither a number nor a date'),
      }),
    ]);
    expect(wrong.problems[0]!.message).toContain('line 11, column "Date": "later" is not a date in the same format');
  });
});

describe("reports about times", () => {
  const warningsOf = async (cells: readonly string[], more: Partial<TableData> = windowed) =>
    (await loadTable(table(cells), more)).problems
      .filter(({ severity }) => severity === "warning")
      .map(({ message }) => message);

  test("rows out of order", async () => {
    const cells = dates(30, (d) => d.toISOString());
    const [message] = await warningsOf([...cells.slice(0, 10), ...cells.slice(20), ...cells.slice(10, 20)]);
    expect(message).toContain("not in the order of time: 1 of 29");
  });

  test("the same time twice", async () => {
    const cells = dates(30, (d) => d.toISOString());
    const [message] = await warningsOf(cells.flatMap((cell) => [cell, cell]));
    expect(message).toContain("30 of 60 rows have the same time");
  });

  test("gaps, with the place of the longest", async () => {
    const cells = dates(30, (d) => d.toISOString(), day / 24).filter((_, i) => i < 10 || i > 14);
    const [message] = await warningsOf(cells);
    expect(message).toContain("a gap: most rows are 1 hour apart, but 6 hours lie between 2019-11-20 09:00");
  });

  /** What is said of the times of these cells. */
  const remarks = async (cells: readonly string[]) =>
    (await loadTable(table(cells), windowed)).problems
      .filter(({ severity }) => severity !== "information")
      .map(({ message }) => message);

  test.each([
    ["an hour that local time skips in spring", Date.UTC(2021, 2, 27, 12), 60, [14]],
    ["the same in steps of 15 minutes", Date.UTC(2021, 2, 27, 22), 15, [16, 17, 18, 19]],
  ])("%s is not a gap", async (_, from, minutes, left) => {
    const times = Array.from({ length: 60 }, (_, i) =>
      iso(from + i * minutes * 60_000)
        .slice(0, 16)
        .replace("T", " "),
    );
    const without = (indices: readonly number[]) => times.filter((_, i) => !indices.includes(i));
    expect(await remarks(without(left))).toEqual([]);
    expect(await remarks(without(left.map((i) => i + 20)))).toEqual([expect.stringContaining("a gap")]);
  });

  test.each([60, 15])(
    "an hour that local time repeats in autumn is not read twice, in steps of %i minutes",
    async (step) => {
      const at = (hour: number, i: number) =>
        iso(Date.UTC(2021, 9, 30, hour) + i * step * 60_000)
          .slice(0, 16)
          .replace("T", " ");
      const before = Array.from({ length: (27 * 60) / step }, (_, i) => at(0, i));
      const after = Array.from({ length: (20 * 60) / step }, (_, i) => at(26, i));
      expect(await remarks([...before, ...after])).toEqual([]);
      const again = [...before.slice(0, 6), ...before.slice(5)];
      expect(await remarks(again)).toEqual([expect.stringContaining("have the same time")]);
    },
  );

  test("half-hours of an hour that local time repeats stay in their order when the rows are sorted", async () => {
    const half = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) =>
        iso(from + i * 1_800_000)
          .slice(0, 16)
          .replace("T", " "),
      );
    const cells = [...half(Date.UTC(2021, 9, 30, 20), 14), ...half(Date.UTC(2021, 9, 31, 2), 14)];
    const { data } = await loadTable(table(cells), { ...windowed, window: 1, order: { by: "Date" } });
    const inputs = [...data!.inputs];
    expect(inputs).toEqual(inputs.toSorted((a, b) => a - b));
  });

  test("a leap day that a series of days leaves out is not a gap, and any other day is", async () => {
    const days = Array.from({ length: 60 }, (_, i) => iso(Date.UTC(2020, 1, 1) + i * day).slice(0, 10));
    const without = (left: string) => remarks(days.filter((each) => each !== left));
    expect(await without("2020-02-29")).toEqual([]);
    expect(await without("2020-03-10")).toEqual([expect.stringContaining("a gap")]);
  });

  test("weekends, months and years of unequal length are not gaps", async () => {
    const work = dates(200, (d) => d.toISOString().slice(0, 10)).filter((d) => new Date(d).getUTCDay() % 6 !== 0);
    expect(await warningsOf(work)).toEqual([]);
    expect(await warningsOf([...work.slice(0, 50), ...work.slice(60)])).toHaveLength(1);
    const months = Array.from({ length: 30 }, (_, i) => iso(Date.UTC(2000, i, 1)).slice(0, 10));
    expect(await warningsOf(months)).toEqual([]);
    expect(await warningsOf(months.filter((_, i) => i !== 12))).toHaveLength(1);
  });

  test("ambiguous days and months, with the other reading as a fix", async () => {
    const cells = Array.from({ length: 12 }, (_, i) => `0${1 + (i % 9)}/02/2020`).slice(0, 9);
    const { problems } = await loadTable(table(cells), windowed);
    const remark = problems.find(({ message }) => message.includes("day first or month first"));
    expect(remark!.fixes![0]!.edits).toEqual([
      { path: ["data", "order"], value: { by: "Date", dayFirst: expect.any(Boolean) } },
    ]);
  });

  test("prices, sizes, versions and names are not dates", async () => {
    const warnings = async (cells: readonly string[]) =>
      (await loadTable(table(cells, "size"), windowed)).problems.filter(({ severity }) => severity === "warning");
    expect(await warnings(dates(30, (_, i) => `${2000 - i}.${10 + (i % 3)}`))).toEqual([]);
    expect(await warnings(dates(30, (_, i) => `${10 + (i % 3)}.${30 - i}`))).toEqual([]);
    expect(await warnings(dates(30, (_, i) => `Marker-${40 - i}`))).toEqual([]);
    expect(await warnings(dates(30, (_, i) => String(43_789 - i)))).toEqual([]);
  });

  test("a column of dates that cannot be read, by its name", async () => {
    const unread = await warningsOf(dates(30, (_, i) => `the day ${i}`));
    expect(unread).toEqual([expect.stringContaining('"Date" should say when each row was, but "the day 0"')]);
    expect(await warningsOf(dates(30, () => "####"))).toEqual([expect.stringContaining("too narrow")]);
    const plain = dates(30, (_, i) => String((i * 7) % 30));
    expect(await warningsOf(plain)).toEqual([expect.stringContaining("should say when")]);
    const words = { ...windowed, window: 2 };
    const { problems } = await loadTable(table(["morning", "noon", "night", "noon", "night"], "time"), words);
    expect(problems.filter(({ severity }) => severity === "warning")).toEqual([]);
  });

  test("dates of another form among the others", async () => {
    const cells = dates(30, (d) => iso(d.getTime()).slice(0, 10));
    const [message] = await warningsOf(cells.with(4, "someday").with(9, "later"));
    expect(message).toContain('2 cells that are no dates like the others (the first is "someday")');
    const mixed = dates(30, (d, i) => (i < 15 ? `${d.getUTCDate()}/11/2019` : `12/${d.getUTCDate()}/2019`));
    expect((await warningsOf(mixed)).join()).toContain('Some dates of "Date" have the day first and others the month');
  });
});

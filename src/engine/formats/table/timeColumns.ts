/** Finds the columns of a table that contain the time of its rows, from their content. */

import { type DateColumn, DateReader, dateColumn, partNumber } from "./dates.ts";
import type { MissingMarks } from "./missing.ts";
import { type Arrangement, inOrder, type Timeline, type TimeRemark, timeRemarks } from "./timeOrder.ts";

/** Parts of a date in separate columns, the largest first. */
const units: readonly (readonly [unit: string, names: RegExp, most: number])[] = [
  ["month", /^(?:month|mon|mo|mm|month_?name)$/i, 12],
  ["day", /^(?:day|dy|dd|dayofmonth)$/i, 31],
  ["hour", /^(?:hour|hr|hh|hours)$/i, 24],
  ["minute", /^(?:minute|min|mi|minutes)$/i, 59],
];

/** The parts of a time of day. */
const ofDay = units.slice(2);

const quarterName = /^(?:quarter|qtr|q)$/i;

interface Watched {
  readonly index: number;
  readonly name: string;
  readonly reader: DateReader | null;
  /** Numbers of a column that has no dates. */
  readonly numbers: Float64Array | null;
}

export interface TimeSources {
  readonly names: readonly string[];
  readonly sample: readonly (readonly string[])[];
  readonly marks: MissingMarks;
  /** Indices of the columns by which the rows should be sorted; empty: not specified. */
  readonly orderBy: readonly number[];
  /** Largest number of rows. */
  readonly rows: number;
}

/** Reads the columns with the times of the rows. */
export class TimeColumns {
  readonly #watched: readonly Watched[];
  /** Whether the config names them. */
  readonly #asked: boolean;
  readonly #dates: Map<number, DateColumn>;

  constructor({ names, sample, marks, orderBy, rows }: TimeSources) {
    this.#dates = new Map(
      names.flatMap((name, i) => {
        const cells = sample.flatMap((row) => (marks.isText(row[i] ?? "") ? [] : [row[i]!])).slice(0, 50);
        const column = dateColumn(name, cells);
        return column ? [[i, column] as const] : [];
      }),
    );
    this.#asked = orderBy.length > 0;
    const parts = (index: number) => units.some(([, pattern]) => pattern.test(names[index] ?? ""));
    this.#watched = (this.#asked ? orderBy : this.#found(names, sample)).map((index) => {
      const column = this.#dates.get(index);
      const dated = column !== undefined && !(parts(index) && column.order !== "ymd");
      return {
        index,
        name: names[index] ?? "",
        reader: dated ? new DateReader(column, rows) : null,
        numbers: dated ? null : new Float64Array(rows),
      };
    });
  }

  /** The first column of dates, and the columns that complete it. */
  #found(names: readonly string[], sample: readonly (readonly string[])[]): readonly number[] {
    const dates = [...this.#dates];
    const date = dates.find(([, { clock, order }]) => !clock && order !== "year") ?? dates.find(([, c]) => !c.clock);
    if (!date) return [];
    const [index, { order }] = date;
    const whole = (i: number, most: number) =>
      sample.every((row) => {
        const part = partNumber(row[i] ?? "");
        return Number.isInteger(part) && part >= 0 && part <= most;
      });
    if (order === "year") {
      const quarter = names.findIndex((name, i) => quarterName.test(name.trim()) && whole(i, 4));
      const parts: number[] = [];
      for (const [, pattern, most] of units) {
        const at = names.findIndex((name, i) => pattern.test(name.trim()) && whole(i, most));
        if (at < 0) break;
        parts.push(at);
      }
      return [index, ...(parts.length === 0 && quarter >= 0 ? [quarter] : parts)];
    }
    const timed = sample.some((row) => /\d:\d/.test(row[index] ?? ""));
    const clock = timed ? undefined : dates.find(([, column]) => column.clock);
    if (timed || clock) return clock ? [index, clock[0]] : [index];
    // A day in one column, and the hour as a number in another one.
    const parts = ofDay.map(([, pattern, most]) =>
      names.findIndex((name, i) => pattern.test(name.trim()) && whole(i, most)),
    );
    const missing = parts.indexOf(-1);
    return [index, ...(missing < 0 ? parts : parts.slice(0, missing))];
  }

  /** The form of the dates in a column; undefined: it has none. */
  datesIn(index: number): DateColumn | undefined {
    return this.#dates.get(index);
  }

  get size(): number {
    return this.#watched.length;
  }

  /** Positions of the columns in a row. */
  get indices(): readonly number[] {
    return this.#watched.map(({ index }) => index);
  }

  /** Whether a row has a time; null: no column could contain it, or the row is empty there. */
  tells(cells: readonly string[]): boolean | null {
    const reader = this.#watched[0]?.reader;
    const cell = cells[0] ?? "";
    if (!reader || cell === "") return null;
    return this.#asked || reader.reads(cell);
  }

  /** @returns the first of its columns without a time; null: all have one */
  set(row: number, cells: readonly string[]): string | null {
    let wrong: string | null = null;
    this.#watched.forEach(({ name, reader, numbers }, i) => {
      const cell = cells[i] ?? "";
      if (reader) {
        if (!reader.set(row, cell)) wrong ??= name;
      } else if (numbers) {
        const value = partNumber(cell);
        numbers[row] = value;
        if (Number.isNaN(value)) wrong ??= name;
      }
    });
    return wrong;
  }

  /** @param dayFirst whether the day comes first, from the config; null: the column determines it. */
  done(rows: number, dayFirst: boolean | null): TimeRead | null {
    if (this.#watched.length === 0) return null;
    const notes: string[] = [];
    let unsure: TimeRead["unsure"] = null;
    const keys = this.#watched.map(({ name, reader, numbers }) => {
      if (!reader) return numbers!.subarray(0, rows);
      const { moments, place } = reader.moments(rows, dayFirst);
      if (place) {
        if (place.certain) notes.push(`Dates of "${name}" are read as ${partsText(place.dayFirst)}.`);
        else unsure ??= { name, dayFirst: place.dayFirst };
      }
      return moments;
    });
    return { keys, timeline: this.#timeline(keys, rows), notes, unsure };
  }

  #timeline(keys: readonly Float64Array[], rows: number): Timeline | null {
    const [first, ...rest] = this.#watched;
    const by = this.#watched.map(({ name }) => name);
    const main = keys[0];
    if (!first?.reader || !main || first.reader.column.clock) return null;
    const zoned = this.#watched.some(({ reader }) => reader?.zoned ?? false);
    if (rest.length === 0) return { moments: main, by, days: main.every((m) => m % 86_400_000 === 0), zoned };
    if (first.reader.column.order === "year") {
      const part = (k: number, row: number, least: number) => keys[k]?.[row] ?? least;
      const quarters = quarterName.test(rest[0]!.name.trim());
      const month = (row: number) => (quarters ? 3 * part(1, row, 1) - 2 : part(1, row, 1));
      const moments = Float64Array.from({ length: rows }, (_, row) =>
        Date.UTC(
          new Date(main[row]!).getUTCFullYear(),
          month(row) - 1,
          part(2, row, 1),
          part(3, row, 0),
          part(4, row, 0),
        ),
      );
      return { moments, by, days: keys.length < 4, zoned };
    }
    const clock = rest[0]?.reader?.column.clock ? keys[1] : undefined;
    const inNumbers =
      rest.length <= ofDay.length && rest.every(({ reader, name }, k) => !reader && ofDay[k]![1].test(name));
    if (inNumbers) {
      const [hours, minutes] = keys.slice(1);
      const moments = main.map((m, row) => m + ((hours?.[row] ?? 0) * 60 + (minutes?.[row] ?? 0)) * 60_000);
      return { moments, by, days: false, zoned };
    }
    if (!clock || rest.length > 1) return null;
    return { moments: main.map((m, row) => m + clock[row]!), by, days: false, zoned };
  }
}

export interface TimeRead {
  /** The sort keys of the rows. */
  readonly keys: readonly Float64Array[];
  /** Null: the columns are not times, or cannot be distinguished. */
  readonly timeline: Timeline | null;
  readonly notes: readonly string[];
  /** A column whose dates are ambiguous, and how they are read; null: there is none. */
  readonly unsure: { readonly name: string; readonly dayFirst: boolean } | null;
}

export function partsText(dayFirst: boolean): string {
  return dayFirst ? "day, month, year" : "month, day, year";
}

/**
 * Remarks about the times of the rows.
 *
 * @param order the rows' order; null: their own
 */
export function remarksOnTime(
  time: TimeRead | null,
  { order, ...arrangement }: Arrangement & { readonly order: Uint32Array | null },
): readonly TimeRemark[] {
  if (!time?.timeline) return [];
  const { moments, ...timeline } = time.timeline;
  const remarks = timeRemarks({ ...timeline, moments: inOrder(moments, order) }, arrangement);
  if (!time.unsure) return remarks;
  const { name, dayFirst } = time.unsure;
  const message = `The dates of "${name}" may be day first or month first: no row says which. They are read as ${partsText(dayFirst)}.`;
  return [...remarks, { about: "time", message, remedies: [{ set: "dayFirst", value: !dayFirst, by: name }] }];
}

/** Finds the columns of a table that contain the time of its rows, from their content. */

import { fileWords } from "../../../../messages/files.ts";
import { noteWords } from "../../../../messages/tableNotes.ts";
import { showCell } from "../layoutText.ts";
import type { MissingMarks } from "../missing.ts";
import { quarterName, saidTime, units } from "../vocabulary/timeNames.ts";
import { partNumber } from "./dateForms.ts";
import { type DateColumn, DateReader, dateColumn, type First } from "./dates.ts";
import { type Arrangement, inOrder, isInOrder, type Timeline, type TimeRemark, timeRemarks } from "./timeOrder.ts";

/** The parts of a time of day. */
const ofDay = units.slice(2);

interface Watched {
  readonly index: number;
  readonly name: string;
  readonly reader: DateReader | null;
  /** Numbers of a column that has no dates. */
  readonly numbers: Float64Array | null;
}

interface Unread {
  readonly index: number;
  readonly name: string;
  /** Its first cell. */
  readonly cell: string;
  /** Whether it holds numbers. */
  readonly numbers: boolean;
  readonly said: "date" | "time" | null;
}

function isPart(name: string): boolean {
  return units.some(([, pattern]) => pattern.test(name.trim()));
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
  readonly #marks: MissingMarks;
  /** A column that should hold the times by its name, but in no form that is known. */
  readonly #unread: Unread | null;
  /** Cells that are no dates in a column of dates. */
  #strange: { readonly name: string; readonly cell: string; count: number } | null = null;
  /** The columns by which the config orders the rows, but which hold neither dates nor numbers. */
  readonly unsortable: readonly Unread[];

  constructor({ names, sample, marks, orderBy, rows }: TimeSources) {
    this.#dates = new Map();
    const unread: Unread[] = [];
    names.forEach((name, index) => {
      const cells = sample.flatMap((row) => (marks.isText(row[index] ?? "") ? [] : [row[index]!])).slice(0, 50);
      const column = dateColumn(name, cells);
      if (column) this.#dates.set(index, column);
      const numbers = cells.every((cell) => !Number.isNaN(partNumber(cell)));
      const said = saidTime(name);
      const [cell] = cells;
      // Words without a digit are a category, such as "morning"; spreadsheets write ### into a narrow column.
      const like = cells.some((each) => /[\d#]/.test(each)) && !isPart(name);
      if (!column && cell !== undefined && (orderBy.includes(index) || (said !== null && like)))
        unread.push({ index, name, cell, numbers, said });
    });
    this.#asked = orderBy.length > 0;
    this.#marks = marks;
    const found = this.#asked ? orderBy : this.#found(names, sample);
    const counter = found.length === 0 ? unread.find(({ numbers }) => numbers) : undefined;
    this.#watched = (counter ? [counter.index] : found).map((index) => {
      const column = this.#dates.get(index);
      return {
        index,
        name: names[index] ?? "",
        reader: column ? new DateReader(column, rows) : null,
        numbers: column ? null : new Float64Array(rows),
      };
    });
    this.unsortable = this.#asked ? unread.filter(({ index, numbers }) => orderBy.includes(index) && !numbers) : [];
    // The hours of a day may be in a column of their own that cannot be read.
    const whole = found.length > 1 || (found.length === 1 && this.#dates.get(found[0]!)?.timed);
    this.#unread =
      this.#asked || whole
        ? null
        : (unread.find(
            ({ said, numbers }) => said === (found.length === 0 ? said : "time") && (!numbers || said === "date"),
          ) ?? null);
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
    const { timed } = date[1];
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
        if (reader.set(row, cell)) return;
        wrong ??= name;
        if (this.#marks.isText(cell)) return;
        this.#strange ??= { name, cell, count: 0 };
        this.#strange.count++;
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
    if (this.#watched.length === 0 && !this.#unread) return null;
    const notes: string[] = [];
    const doubts: TimeRemark[] = [];
    const keys = this.#watched.map(({ name, reader, numbers }) => {
      if (!reader) return numbers!.subarray(0, rows);
      const { moments, place } = reader.moments(rows, dayFirst);
      if (!place) return moments;
      const { first, certain, mixed } = place;
      if (mixed) doubts.push({ about: "time", message: fileWords().mixedDates(name), remedies: [] });
      else if (certain) notes.push(noteWords().dates({ column: name, first }));
      else doubts.push(unsureOf(name, first));
      return moments;
    });
    const timeline = this.#timeline(keys, rows);
    const [unread, strange] = [this.#unread, this.#strange];
    if (unread && !timeline?.plain) {
      const message = /^#+$/.test(unread.cell)
        ? fileWords().hashedDates({ column: unread.name, cell: showCell(unread.cell) })
        : fileWords().unreadDates({ column: unread.name, cell: showCell(unread.cell) });
      doubts.unshift({ about: "time", message, remedies: [] });
    }
    if (strange && !this.#asked) {
      const message = fileWords().strangeDates({
        column: strange.name,
        n: strange.count,
        cell: showCell(strange.cell),
      });
      doubts.push({ about: "time", message, remedies: [] });
    }
    return { keys, timeline, notes, doubts };
  }

  #timeline(keys: readonly Float64Array[], rows: number): Timeline | null {
    const [first, ...rest] = this.#watched;
    const by = this.#watched.map(({ name }) => name);
    const main = keys[0];
    if (first?.numbers && main && !this.#asked) {
      const plain = { moments: main, by, days: false, zoned: false, plain: true };
      return isInOrder(main, Uint32Array.of(0, rows)) ? plain : null;
    }
    if (!first?.reader || !main || first.reader.column.clock) return null;
    const zoned = this.#watched.some(({ reader }) => reader?.zoned ?? false);
    if (rest.length === 0)
      return { moments: main, by, days: main.every((m) => m % 86_400_000 === 0), zoned, plain: false };
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
      return { moments, by, days: keys.length < 4, zoned, plain: false };
    }
    const clock = rest[0]?.reader?.column.clock ? keys[1] : undefined;
    const inNumbers =
      rest.length <= ofDay.length && rest.every(({ reader, name }, k) => !reader && ofDay[k]![1].test(name));
    if (inNumbers) {
      const [hours, minutes] = keys.slice(1);
      const moments = main.map((m, row) => m + ((hours?.[row] ?? 0) * 60 + (minutes?.[row] ?? 0)) * 60_000);
      return { moments, by, days: false, zoned, plain: false };
    }
    if (!clock || rest.length > 1) return null;
    return { moments: main.map((m, row) => m + clock[row]!), by, days: false, zoned, plain: false };
  }
}

export interface TimeRead {
  /** The sort keys of the rows. */
  readonly keys: readonly Float64Array[];
  /** Null: the columns are not times, or cannot be distinguished. */
  readonly timeline: Timeline | null;
  readonly notes: readonly string[];
  /** Remarks about dates that are ambiguous or cannot be read. */
  readonly doubts: readonly TimeRemark[];
}

function unsureOf(name: string, first: First): TimeRemark {
  const message = noteWords().unsureDates({ column: name, first });
  return { about: "time", message, remedies: [{ set: "dayFirst", value: first !== "day", by: name }] };
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
  if (!time) return [];
  if (!time.timeline) return time.doubts;
  const { moments, ...timeline } = time.timeline;
  return [...timeRemarks({ ...timeline, moments: inOrder(moments, order) }, arrangement), ...time.doubts];
}

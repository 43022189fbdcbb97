/** Columns of dates and times: the form of a column, and its moments in milliseconds since 1970 (UTC). */

import { mayBeTime, saidTime } from "../vocabulary/timeNames.ts";
import { isSince, momentSince, type Order, type Parts, partsOf, reads } from "./dateForms.ts";

const day = 86_400_000;
/** Room for the time in a packed date: a zone can move it to the day before or after. */
const packedDay = 3 * day;

const written: readonly Order[] = ["ymd", "numbers", "named", "quarter", "clock"];
const numeric: readonly Order[] = ["compact", "year", "seconds", "milliseconds", "microseconds", "nanoseconds"];

/** A column of dates, or of times of day. */
export interface DateColumn {
  readonly order: Order;
  /** Whether it has only times of day. */
  readonly clock: boolean;
  /** Whether some of its dates have a time of day. */
  readonly timed: boolean;
}

/**
 * @param cells some of the column's cells, none of them empty.
 * @returns null: it contains no dates.
 */
export function dateColumn(name: string, cells: readonly string[]): DateColumn | null {
  if (cells.length === 0) return null;
  const numbers = mayBeTime(name) ? numeric : [];
  const serial: readonly Order[] = saidTime(name) === "date" ? ["serialDays"] : [];
  const order = [...written, ...numbers, ...serial].find(
    (each) => cells.filter((cell) => reads(cell, each)).length >= (2 / 3) * cells.length,
  );
  if (!order) return null;
  return { order, clock: order === "clock", timed: cells.some((cell) => timed(cell, order)) };
}

function timed(cell: string, order: Order): boolean {
  return isSince(order) ? order !== "serialDays" || cell.includes(".") : (partsOf(cell, order)?.timed ?? false);
}

/** Which part of a date of numbers comes first. */
export type First = "day" | "month" | "year";

/** How dates of numbers are read. */
export interface DayPlace {
  readonly first: First;
  /** Whether the column determines it. */
  readonly certain: boolean;
  /** Whether some of its dates have the day first and others the month. */
  readonly mixed: boolean;
}

/** Collects a column's dates row by row. */
export class DateReader {
  readonly column: DateColumn;
  /** Packed until all of them have been read. */
  readonly #values: Float64Array;
  #mostA = 0;
  #mostB = 0;
  /** The largest two-digit year; four digits count as more. */
  #mostYear = 0;
  #dotted = false;
  #zoned = false;
  /** The newest cell and its parts: each is asked for twice, and in a table of several series many times. */
  #newest: { readonly cell: string; readonly parts: Parts | null } = { cell: "", parts: null };

  /** @param rows largest number of rows. */
  constructor(column: DateColumn, rows: number) {
    this.column = column;
    this.#values = new Float64Array(rows);
  }

  /** Whether times have zones; moments are then in UTC. */
  get zoned(): boolean {
    return this.#zoned;
  }

  /** Whether a cell is a date of this form. */
  reads(cell: string): boolean {
    const { order } = this.column;
    return isSince(order) ? reads(cell, order) : this.#parts(cell, order) !== null;
  }

  #parts(cell: string, order: Order): Parts | null {
    if (cell !== this.#newest.cell) this.#newest = { cell, parts: partsOf(cell, order) };
    return this.#newest.parts;
  }

  /** Whether the cell is a date. */
  set(row: number, cell: string): boolean {
    const { order } = this.column;
    if (isSince(order)) {
      const ms = momentSince(cell, order);
      this.#values[row] = ms;
      return !Number.isNaN(ms);
    }
    const parts = this.#parts(cell, order);
    if (!parts) {
      this.#values[row] = Number.NaN;
      return false;
    }
    const { year, a, b, ms, zoned } = parts;
    this.#zoned ||= zoned;
    if (order === "numbers") {
      if (a > this.#mostA) this.#mostA = a;
      if (b > this.#mostB) this.#mostB = b;
      const twoDigits = this.#mostYear < 100 && /^\D*\d{1,2}\D\d{1,2}\D\d{2}(?!\d)/.test(cell);
      this.#mostYear = Math.max(this.#mostYear, twoDigits ? year % 100 : 100);
      this.#dotted ||= cell.includes(".") && cell.indexOf(".") < 3;
    }
    this.#values[row] = order === "clock" ? ms : ((year * 100 + a) * 100 + b) * packedDay + day + ms;
    return true;
  }

  /**
   * @param rows number of rows.
   * @param told whether the day comes first, from the config; null: the column determines it.
   * @returns milliseconds since 1970, or since midnight for times of day; NaN if a cell is not a date. `place` is set
   * only for dates of numbers.
   */
  moments(rows: number, told: boolean | null): { readonly moments: Float64Array; readonly place: DayPlace | null } {
    const packed = this.#values.subarray(0, rows);
    const { order } = this.column;
    if (order === "clock" || isSince(order)) return { moments: packed, place: null };
    const place = order === "numbers" ? this.#dayPlace(packed, told) : null;
    for (let i = 0; i < rows; i++) packed[i] = momentOf(packed[i]!, place?.first ?? "month");
    return { moments: packed, place };
  }

  #dayPlace(packed: Float64Array, told: boolean | null): DayPlace {
    const [dayCannotBeSecond, dayCannotBeFirst] = [this.#mostA > 12, this.#mostB > 12];
    const mixed = dayCannotBeSecond && dayCannotBeFirst;
    if (told !== null) return { first: told ? "day" : "month", certain: true, mixed };
    const candidates: readonly First[] = [
      ...(dayCannotBeSecond && !mixed ? [] : ["month" as const]),
      ...(dayCannotBeFirst && !mixed ? [] : ["day" as const]),
      // 19-11-20: with two digits the year may come first, and the month is then in the middle.
      ...(this.#mostYear <= 31 && this.#mostYear > 0 && !dayCannotBeFirst ? ["year" as const] : []),
    ];
    if (candidates.length === 1) return { first: candidates[0]!, certain: true, mixed };
    if (this.#dotted && candidates.includes("day") && !mixed) return { first: "day", certain: true, mixed };
    // Chooses the reading in which the rows change direction less often; day before month before year if they are equal.
    const counted = candidates.map((first) => ({ first, turns: turns(packed, first) }));
    const best = counted.reduce((least, each) => (each.turns < least.turns ? each : least));
    return { first: best.first, certain: dayCannotBeSecond && !mixed, mixed };
  }
}

function turns(packed: Float64Array, first: First): number {
  let count = 0;
  let direction = 0;
  let last = Number.NaN;
  for (const each of packed) {
    const moment = momentOf(each, first);
    const next = Math.sign(moment - last);
    if (next === 1 || next === -1) {
      if (direction !== 0 && next !== direction) count++;
      direction = next;
    }
    last = moment;
  }
  return count;
}

function momentOf(packed: number, first: First): number {
  const ms = packed % packedDay;
  const parts = (packed - ms) / packedDay;
  const b = parts % 100;
  const a = Math.floor(parts / 100) % 100;
  const year = Math.floor(parts / 10_000);
  const [y, month, date] =
    first === "day" ? [year, b, a] : first === "month" ? [year, a, b] : [2000 + a, b, year % 100];
  return month > 12 ? Number.NaN : Date.UTC(y, month - 1, date) + ms - day;
}

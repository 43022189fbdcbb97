/** Dates and times in tables: a column's form, and its moments in milliseconds since 1970 (UTC). */

import { zoneOf } from "./timeZones.ts";

/** A longer cell is not a date. */
const maxLength = 80;
const day = 86_400_000;
/** Room for the time in a packed date: a zone can move it to the day before or after. */
const packedDay = 3 * day;

/** The order of the parts of a column's dates. */
type Order = "ymd" | "numbers" | "named" | "quarter" | "compact" | "year" | "seconds" | "milliseconds" | "clock";

/** Parts of a date; with "numbers" it is not known yet which of a and b is the day. */
interface Parts {
  readonly year: number;
  readonly a: number;
  readonly b: number;
  /** Milliseconds since midnight; with a time zone, since midnight UTC: below 0 or above a day where that is another day. */
  readonly ms: number;
  /** Whether the time has a zone. */
  readonly zoned: boolean;
}

type DatePart = Pick<Parts, "year" | "a" | "b">;

const clockPattern = /^(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)? ?([ap])?\.?(?:m\.?)?$/i;
/** Dots only in the full form, because 10.50 is a number. */
const dottedClockPattern = /^(\d{1,2})\.(\d{2})\.(\d{2})$/;
/** A dot only in the full form, because 1250.5 is a number. */
const ymdPattern = /^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|[-/m](\d{1,2}))$/i;
const numbersPattern = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/;
const dayMonthPattern = /^(\d{1,2})[- ]([a-z]{3,9})\.?,?[- ](\d{4}|\d{2})$/i;
const monthDayPattern = /^([a-z]{3,9})\.? (\d{1,2}),? (\d{4})$/i;
const monthPattern = /^([a-z]{3,9})\.?[- ](\d{4}|\d{2})$/i;
const yearMonthPattern = /^(\d{4})[- ]([a-z]{3,9})\.?$/i;
const quarterPattern = /^(\d{4})[- ]?q([1-4])$/i;
const quarterFirstPattern = /^q([1-4])[- ](\d{4})$/i;
const weekdayPattern = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? /i;
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Names of columns whose whole numbers may be dates. */
const timeName =
  /^(?:date|time|datetime|timestamp|year|month|day|unix|epoch|period|ds|ts)|(?:date|time|timestamp|year)$/i;

function yearOf(text: string): number {
  const year = Number(text);
  // Two-digit years as in POSIX.
  return text.length === 4 ? year : year + (year < 69 ? 2000 : 1900);
}

/** 0: it is not the name of a month. */
function monthOf(name: string): number {
  const start = name.slice(0, 3).toLowerCase();
  return months.indexOf(start) + 1;
}

/** The number of a month, a quarter (`Q2`), a day or an hour in a column of its own; NaN if the cell is none. */
export function partNumber(cell: string): number {
  const value = cell === "" ? Number.NaN : Number(cell.replace(",", "."));
  if (!Number.isNaN(value)) return value;
  if (/^q[1-4]$/i.test(cell)) return Number(cell.slice(1));
  return (/^[a-z]{3,9}\.?$/i.test(cell) && monthOf(cell)) || Number.NaN;
}

/** Milliseconds since midnight; NaN if the text is not a time of day. */
function clockOf(text: string): Pick<Parts, "ms" | "zoned"> {
  const { clock, offset } = zoneOf(text);
  return { ms: timeOfDay(clock) - (offset ?? 0) * 60_000, zoned: offset !== null };
}

function timeOfDay(text: string): number {
  const found = dottedClockPattern.exec(text) ?? clockPattern.exec(text);
  if (!found) return Number.NaN;
  const [, hours = "", minutes = "", seconds = "0", half] = found;
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return Number.NaN;
    hour = (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  }
  if (hour > 24 || Number(minutes) > 59 || Number(seconds) > 60) return Number.NaN;
  return ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** A date followed by its time of day; null if the cell has no date in this order. */
function partsOf(cell: string, order: Order): Parts | null {
  if (cell.length > maxLength) return null;
  const text = cell.replace(weekdayPattern, "");
  if (order === "clock") {
    const time = clockOf(text);
    return Number.isNaN(time.ms) ? null : { year: 1970, a: 1, b: 1, ...time };
  }
  const whole = datePart(text, order);
  if (whole) return { ...whole, ms: 0, zoned: false };
  // The time of day begins after the last blank or T that is followed by digits and a colon.
  const at = text.search(/[T ,](?: ?- ?)? ?\d{1,2}[:.h]\d{2}/);
  if (at < 1) return null;
  // "01.01.2015 00:00 - 01.01.2015 01:00": the interval's start.
  const until = text.indexOf(" - ", at + 1);
  if (until > 0 && partsOf(text.slice(until + 3), order)) return partsOf(text.slice(0, until), order);
  const time = clockOf(text.slice(at + 1).replace(/^[ -]+/, ""));
  const date = datePart(text.slice(0, at).replace(/,$/, ""), order);
  return date === null || Number.isNaN(time.ms) ? null : { ...date, ...time };
}

function datePart(text: string, order: Order): DatePart | null {
  switch (order) {
    case "ymd": {
      const found = ymdPattern.exec(text);
      return found ? valid(Number(found[1]), Number(found[2] ?? found[4]), Number(found[3] ?? 1)) : null;
    }
    case "numbers": {
      const found = numbersPattern.exec(text);
      if (!found) return null;
      const [a, b] = [Number(found[1]), Number(found[2])];
      return a >= 1 && b >= 1 && a <= 31 && b <= 31 && Math.min(a, b) <= 12
        ? { year: yearOf(found[3] ?? ""), a, b }
        : null;
    }
    case "named": {
      const found = dayMonthPattern.exec(text);
      if (found) return valid(yearOf(found[3] ?? ""), monthOf(found[2] ?? ""), Number(found[1]));
      const first = monthDayPattern.exec(text);
      if (first) return valid(yearOf(first[3] ?? ""), monthOf(first[1] ?? ""), Number(first[2]));
      const only = monthPattern.exec(text);
      if (only) return valid(yearOf(only[2] ?? ""), monthOf(only[1] ?? ""), 1);
      const turned = yearMonthPattern.exec(text);
      return turned ? valid(Number(turned[1]), monthOf(turned[2] ?? ""), 1) : null;
    }
    case "quarter": {
      const found = quarterPattern.exec(text);
      if (found) return valid(Number(found[1]), 3 * Number(found[2]) - 2, 1);
      const first = quarterFirstPattern.exec(text);
      return first ? valid(Number(first[2]), 3 * Number(first[1]) - 2, 1) : null;
    }
    case "compact": {
      if (!/^\d{6}(?:\d{2})?$/.test(text)) return null;
      return valid(Number(text.slice(0, 4)), Number(text.slice(4, 6)), text.length === 8 ? Number(text.slice(6)) : 1);
    }
    case "year":
      return /^(?:1[5-9]|2[01])\d\d(?:\.0)?$/.test(text) ? valid(Number(text), 1, 1) : null;
    default:
      return null;
  }
}

/** `a` is the month, `b` the day. */
function valid(year: number, a: number, b: number): DatePart | null {
  return a >= 1 && a <= 12 && b >= 1 && b <= 31 ? { year, a, b } : null;
}

/** Seconds or milliseconds since 1970, from 1973 to 2286. */
function unixOf(cell: string, order: "seconds" | "milliseconds"): number {
  const pattern = order === "seconds" ? /^[1-9]\d{8,9}(?:\.\d{1,9})?$/ : /^[1-9]\d{11,12}$/;
  return cell.length <= maxLength && pattern.test(cell) ? Number(cell) * (order === "seconds" ? 1000 : 1) : Number.NaN;
}

const written: readonly Order[] = ["ymd", "numbers", "named", "quarter", "clock"];
const numeric: readonly Order[] = ["compact", "year", "seconds", "milliseconds"];

function reads(cell: string, order: Order): boolean {
  return order === "seconds" || order === "milliseconds"
    ? !Number.isNaN(unixOf(cell, order))
    : partsOf(cell, order) !== null;
}

/** A column of dates, or of times of day. */
export interface DateColumn {
  readonly order: Order;
  /** Whether it has only times of day. */
  readonly clock: boolean;
}

/**
 * @param cells some of the column's cells, none of them empty.
 * @returns null: it contains no dates.
 */
export function dateColumn(name: string, cells: readonly string[]): DateColumn | null {
  if (cells.length === 0) return null;
  const orders = timeName.test(name.trim()) ? [...written, ...numeric] : written;
  const order = orders.find((each) => cells.filter((cell) => reads(cell, each)).length >= (2 / 3) * cells.length);
  return order ? { order, clock: order === "clock" } : null;
}

/** Which of two numbers is the day, and whether the column determines it. */
export interface DayPlace {
  readonly dayFirst: boolean;
  readonly certain: boolean;
}

/** Collects a column's dates row by row. */
export class DateReader {
  readonly column: DateColumn;
  /** Packed until all of them have been read. */
  readonly #values: Float64Array;
  #mostA = 0;
  #mostB = 0;
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
    return order === "seconds" || order === "milliseconds" ? reads(cell, order) : this.#parts(cell) !== null;
  }

  #parts(cell: string): Parts | null {
    if (cell !== this.#newest.cell) this.#newest = { cell, parts: partsOf(cell, this.column.order) };
    return this.#newest.parts;
  }

  /** Whether the cell is a date. */
  set(row: number, cell: string): boolean {
    const { order } = this.column;
    if (order === "seconds" || order === "milliseconds") {
      const ms = unixOf(cell, order);
      this.#values[row] = ms;
      return !Number.isNaN(ms);
    }
    const parts = this.#parts(cell);
    if (!parts) {
      this.#values[row] = Number.NaN;
      return false;
    }
    const { year, a, b, ms, zoned } = parts;
    this.#zoned ||= zoned;
    if (order === "numbers") {
      if (a > this.#mostA) this.#mostA = a;
      if (b > this.#mostB) this.#mostB = b;
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
    if (order === "clock" || order === "seconds" || order === "milliseconds") return { moments: packed, place: null };
    const place = order === "numbers" ? this.#dayPlace(packed, told) : null;
    for (let i = 0; i < rows; i++) packed[i] = momentOf(packed[i]!, place?.dayFirst ?? false);
    return { moments: packed, place };
  }

  #dayPlace(packed: Float64Array, told: boolean | null): DayPlace {
    if (told !== null) return { dayFirst: told, certain: true };
    if (this.#mostA > 12) return { dayFirst: true, certain: true };
    if (this.#mostB > 12) return { dayFirst: false, certain: true };
    if (this.#dotted) return { dayFirst: true, certain: true };
    // Chooses the reading in which the rows change direction less often.
    const [monthFirst, dayFirst] = [turns(packed, false), turns(packed, true)];
    return { dayFirst: dayFirst < monthFirst, certain: false };
  }
}

function turns(packed: Float64Array, dayFirst: boolean): number {
  let count = 0;
  let direction = 0;
  let last = Number.NaN;
  for (const each of packed) {
    const moment = momentOf(each, dayFirst);
    const next = Math.sign(moment - last);
    if (next === 1 || next === -1) {
      if (direction !== 0 && next !== direction) count++;
      direction = next;
    }
    last = moment;
  }
  return count;
}

function momentOf(packed: number, dayFirst: boolean): number {
  const ms = packed % packedDay;
  const date = (packed - ms) / packedDay;
  const b = date % 100;
  const a = Math.floor(date / 100) % 100;
  const [month, date1] = dayFirst ? [b, a] : [a, b];
  return Date.UTC(Math.floor(date / 10_000), month - 1, date1) + ms - day;
}

/** The forms in which a cell may be a date or a time. */

import { isSignedNumber } from "../vocabulary/eastAsianDates.ts";
import { plainDate } from "./dateText.ts";
import { monthOf } from "./monthNames.ts";
import { zoneOf } from "./timeZones.ts";

/** A longer cell is not a date. */
const maxLength = 80;

/** The order of the parts of a column's dates; then units since 1970, the days of spreadsheets, and times of day. */
export type Order = "ymd" | "numbers" | "named" | "quarter" | "compact" | "year" | Since | "clock";
/** Numbers that count from a moment. */
export type Since = keyof typeof counted;

/** Parts of a date; with "numbers" it is not known yet which of a and b is the day. */
export interface Parts {
  readonly year: number;
  readonly a: number;
  readonly b: number;
  /** Milliseconds since midnight; with a time zone, since midnight UTC: below 0 or above a day where that is another day. */
  readonly ms: number;
  /** Whether there is a time of day. */
  readonly timed: boolean;
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

/** Numbers that count from a moment: how they are written, and milliseconds of one of them. */
const counted = {
  // From 1973 to 2286.
  seconds: [/^[1-9]\d{8,9}(?:\.\d{1,9})?$/, 1000],
  milliseconds: [/^[1-9]\d{11,12}(?:\.\d{1,6})?$/, 1],
  microseconds: [/^[1-9]\d{14,15}$/, 1e-3],
  nanoseconds: [/^[1-9]\d{17,18}$/, 1e-6],
  // Spreadsheets count days from 1899-12-30; here from 1954 to 2064.
  serialDays: [/^[2-5]\d{4}(?:\.\d{1,12})?$/, 86_400_000],
} as const;
/** The day 1970-01-01 in spreadsheets. */
const serialDay1970 = 25_569;

function yearOf(text: string): number {
  const year = Number(text);
  // Two-digit years as in POSIX.
  return text.length === 4 ? year : year + (year < 69 ? 2000 : 1900);
}

/** The number of a month, a quarter (`Q2`), a day or an hour in a column of its own; NaN if the cell is none. */
export function partNumber(cell: string): number {
  const value = cell === "" ? Number.NaN : Number(cell.replace(",", "."));
  if (!Number.isNaN(value)) return value;
  if (/^q[1-4]$/i.test(cell)) return Number(cell.slice(1));
  if (isSignedNumber(cell)) return Number(cell.slice(0, -1));
  return (/^\p{L}{3,15}\.?$/u.test(cell) && monthOf(cell)) || Number.NaN;
}

/** Milliseconds since midnight; NaN if the text is not a time of day. */
function clockOf(text: string): Pick<Parts, "ms" | "timed" | "zoned"> {
  const { clock, offset } = zoneOf(text);
  return { ms: timeOfDay(clock) - (offset ?? 0) * 60_000, timed: true, zoned: offset !== null };
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
export function partsOf(cell: string, order: Order): Parts | null {
  if (cell.length > maxLength) return null;
  const parts = partsIn(cell, order);
  if (parts) return parts;
  const plain = plainDate(cell);
  return plain === cell ? null : partsIn(plain, order);
}

function partsIn(cell: string, order: Order): Parts | null {
  const text = cell.replace(weekdayPattern, "");
  if (order === "clock") {
    const time = clockOf(text);
    return Number.isNaN(time.ms) ? null : { year: 1970, a: 1, b: 1, ...time };
  }
  const whole = datePart(text, order);
  if (whole) return { ...whole, ms: 0, timed: false, zoned: false };
  // The time of day begins after the last blank or T that is followed by digits and a colon.
  const at = text.search(/[T ,](?: ?- ?)? ?\d{1,2}[:.h]\d{2}/);
  if (at < 1) return null;
  // "01.01.2015 00:00 - 01.01.2015 01:00": the interval's start.
  const until = text.indexOf(" - ", at + 1);
  if (until > 0 && partsIn(text.slice(until + 3), order)) return partsIn(text.slice(0, until), order);
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
      const dotted = /^(\d{1,2})\.((?:19|20)\d{2})$/.exec(text);
      if (dotted) return valid(Number(dotted[2]), Number(dotted[1]), 1);
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

/** Milliseconds since 1970; NaN if the cell does not count so. */
export function momentSince(cell: string, order: Since): number {
  const [pattern, ms] = counted[order];
  if (cell.length > maxLength || !pattern.test(cell)) return Number.NaN;
  return Math.round((Number(cell) - (order === "serialDays" ? serialDay1970 : 0)) * ms);
}

export function isSince(order: Order): order is Since {
  return Object.hasOwn(counted, order);
}

/** Whether the cell is a date in this order. */
export function reads(cell: string, order: Order): boolean {
  return isSince(order) ? !Number.isNaN(momentSince(cell, order)) : partsOf(cell, order) !== null;
}

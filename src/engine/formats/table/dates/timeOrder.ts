/** Checks whether a table's rows follow one another in time, and sorts them. */

import type { Unit } from "../../../../messages/en/tableNotes.ts";
import { listWords } from "../../../../messages/lists.ts";
import { noteWords } from "../../../../messages/tableNotes.ts";
import type { TableRemark } from "../tableQuestion.ts";
import { isCalendarGap, isClockChange } from "./clockChanges.ts";

/** The sort keys: one array per column, the most significant first. */
export type Keys = readonly Float64Array[];

/** Less than 0: row `a` comes first. An unknown key comes last. */
function compare(keys: Keys, a: number, b: number): number {
  for (const key of keys) {
    const [x, y] = [key[a]!, key[b]!];
    if (x < y || (Number.isNaN(y) && !Number.isNaN(x))) return -1;
    if (x > y || (Number.isNaN(x) && !Number.isNaN(y))) return 1;
  }
  return 0;
}

/** The order of the rows by the keys, where equal rows keep their order; null: they are already sorted. */
export function orderOf(keys: Keys, rows: number): Uint32Array | null {
  let sorted = true;
  for (let row = 1; row < rows && sorted; row++) sorted = compare(keys, row - 1, row) <= 0;
  if (sorted) return null;
  return Uint32Array.from({ length: rows }, (_, i) => i).sort((a, b) => compare(keys, a, b) || a - b);
}

export function reordered(values: Float64Array, order: Uint32Array): Float64Array<ArrayBuffer> {
  return Float64Array.from(order, (row) => values[row]!);
}

/** The moments in an order; null: in their own. */
export function inOrder(moments: Float64Array, order: Uint32Array | null): Float64Array {
  return order ? reordered(moments, order) : moments;
}

/** Whether almost every row is later than the one before, or almost every one is earlier. */
export function isInOrder(moments: Float64Array, bounds: Uint32Array): boolean {
  const { forward, backward, all } = stepsOf(moments, bounds);
  return Math.max(forward, backward) >= 0.9 * all;
}

/** Whether rows of local time are in order already, although an hour comes twice in autumn: sorting would mix the two. */
export function repeatsAnHour({ moments, days, plain, zoned }: Timeline, bounds: Uint32Array): boolean {
  if (days || plain || zoned || bounds.length > 2) return false;
  const { forward, all } = stepsOf(moments, bounds, true);
  return forward === all && stepsOf(moments, bounds).backward > 0;
}

export interface Timeline {
  /** Milliseconds since 1970; NaN if a row has no date. */
  readonly moments: Float64Array;
  /** The columns with the times, as the config would name them. */
  readonly by: readonly string[];
  /** Whether each row is a day, a month, … and never a time within the day. */
  readonly days: boolean;
  /** Whether they are numbers without a known unit, such as seconds since the start. */
  readonly plain: boolean;
  /** Whether the file gives time zones; the moments are then UTC's, otherwise they are in the file's own zone. */
  readonly zoned: boolean;
}

const hour = 3_600_000;
const day = 24 * hour;

/** How the rows are put together. */
export interface Arrangement {
  /** First row of each series, then the number of rows. */
  readonly bounds: Uint32Array;
  /** Whether the config orders the rows. */
  readonly ordered: boolean;
  /** Whether the config names the series. */
  readonly inSeries: boolean;
}

export interface TimeRemark extends TableRemark {
  /** Whether the file seems to hold several series, which the config does not name. */
  readonly several?: boolean;
}

/** Remarks about times that are not as they should be for rows that are read in their order. */
export function timeRemarks(
  { moments, by, days, zoned, plain }: Timeline,
  { bounds, ordered, inSeries }: Arrangement,
): TimeRemark[] {
  const named = { columns: listWords().and(by.map((each) => `"${each}"`)), several: by.length > 1 };
  const local = !days && !plain && !zoned;
  const { forward, backward, equal, all } = stepsOf(moments, bounds, local);
  const show = (moment: number) =>
    plain ? String(moment) : `${momentText(moment, days)}${zoned && !days ? " UTC" : ""}`;
  const remedies = [{ set: "orderBy" as const, value: [...by] }];
  const remarks: TimeRemark[] = [];
  const time = (message: string, more: TableRemark["remedies"] = []): void => {
    remarks.push({ about: "time", message, remedies: more });
  };
  const twice = ordered || backward === 0 ? equal : duplicates(moments, bounds, local);
  // In the order of time the rows of several series would be mixed.
  const several = twice > moments.length / 4 && !inSeries;
  const [first, last] = [known(moments, false), known(moments, true)];
  if (backward > 0 && forward === 0 && !ordered) {
    time(noteWords().backward({ ...named, from: show(first), to: show(last) }), remedies);
  } else if (backward > 0 && !ordered && !several) {
    time(noteWords().unordered({ ...named, n: backward, all }), remedies);
  }
  // The steps between numbers without a unit, and their resolution, are not known.
  if (plain) return remarks;
  if (twice > 0) {
    const words = noteWords().sameTimes({ ...named, n: twice, rows: moments.length, series: several, inSeries });
    remarks.push({ about: "time", message: words, remedies: [], ...(several && { several }) });
  } else if (backward === 0 || forward === 0 || ordered) {
    const gaps = gapsIn(moments, bounds);
    if (gaps) {
      const { count, usual, longest, from, to } = gaps;
      const spans = { usual: durationText(usual), longest: durationText(longest) };
      time(noteWords().gaps({ ...named, n: count, ...spans, from: show(from), to: show(to) }));
    }
  }
  return remarks;
}

/** Rows that have a row of their series before them. */
function* followers(bounds: Uint32Array): Generator<number> {
  for (let s = 1; s < bounds.length; s++) for (let row = bounds[s - 1]! + 1; row < bounds[s]!; row++) yield row;
}

/** @param local whether an hour that local time repeats in autumn counts as going on. */
function stepsOf(
  moments: Float64Array,
  bounds: Uint32Array,
  local = false,
): {
  readonly forward: number;
  readonly backward: number;
  readonly equal: number;
  readonly all: number;
} {
  const steps = { forward: 0, backward: 0, equal: 0, all: 0 };
  for (const i of followers(bounds)) {
    const step = moments[i]! - moments[i - 1]!;
    steps.all++;
    if (step > 0 || (local && step > -hour && isClockChange(moments[i]!))) steps.forward++;
    else if (step < 0) steps.backward++;
    else if (step === 0) steps.equal++;
  }
  return steps;
}

function known(moments: Float64Array, fromEnd: boolean): number {
  const is = (moment: number) => !Number.isNaN(moment);
  return (fromEnd ? moments.findLast(is) : moments.find(is)) ?? Number.NaN;
}

function duplicates(moments: Float64Array, bounds: Uint32Array, local: boolean): number {
  const sorted = moments.slice();
  for (let s = 1; s < bounds.length; s++) sorted.subarray(bounds[s - 1], bounds[s]).sort();
  let count = 0;
  for (const i of followers(bounds)) if (sorted[i] === sorted[i - 1] && !(local && isClockChange(sorted[i]!))) count++;
  return count;
}

interface Gaps {
  readonly count: number;
  readonly usual: number;
  readonly longest: number;
  readonly from: number;
  readonly to: number;
}

/** The usual distance between consecutive rows, and where the distance is larger. */
function gapsIn(moments: Float64Array, bounds: Uint32Array): Gaps | null {
  const counts = new Map<number, number>();
  const distance = (i: number) => Math.abs(moments[i]! - moments[i - 1]!);
  for (const i of followers(bounds)) {
    const step = distance(i);
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
    // No regular series has that many distances, so there is no usual one.
    if (counts.size > 10_000) return null;
  }
  const [usual, times] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0]);
  if (usual === 0 || times < (moments.length - 1) / 4) return null;
  const most = usual * longestOf(usual, moments);
  let count = 0;
  let at = 0;
  for (const i of followers(bounds)) {
    const step = distance(i);
    if (
      !(step > most) ||
      isCalendarGap(Math.min(moments[i - 1]!, moments[i]!), Math.max(moments[i - 1]!, moments[i]!), usual)
    )
      continue;
    count++;
    if (at === 0 || step > distance(at)) at = i;
  }
  if (count === 0) return null;
  const [from, to] = [moments[at - 1]!, moments[at]!].sort((a, b) => a - b);
  return { count, usual, longest: distance(at), from: from!, to: to! };
}

/** The largest multiple of the usual distance that is not a gap. */
function longestOf(usual: number, moments: Float64Array): number {
  // Months have 28 to 31 days, and quarters and years vary as little.
  if (usual >= 28 * day) return 1.2;
  if (usual !== day) return 1.5;
  // Markets and offices: if there is no data on Saturdays, a weekend with holidays is not a gap.
  const saturdays = moments.reduce((count, m) => count + (new Date(m).getUTCDay() === 6 ? 1 : 0), 0);
  return saturdays < moments.length / 100 ? 5.5 : 1.5;
}

export function momentText(moment: number, days: boolean): string {
  if (Number.isNaN(new Date(moment).getTime())) return noteWords().unknownTime;
  const text = new Date(moment).toISOString();
  return days ? text.slice(0, 10) : text.slice(0, 16).replace("T", " ");
}

function durationText(ms: number): string {
  const units: readonly (readonly [number, Unit])[] = [
    [365 * day, "year"],
    [28 * day, "month"],
    [day, "day"],
    [hour, "hour"],
    [60_000, "minute"],
    [1000, "second"],
  ];
  const [size, unit] = units.find(([each]) => ms >= each) ?? [1, "millisecond" as const];
  const value = Math.round((10 * ms) / (unit === "month" ? 30.4 * day : size)) / 10;
  const rounded = unit === "month" || unit === "year" ? Math.round(value) : value;
  return noteWords().duration({ n: rounded, unit });
}

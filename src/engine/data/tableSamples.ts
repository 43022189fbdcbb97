/** Finds the rows of a table that form a sample, and cuts the samples from its columns. */

import type { TableData } from "../../config/resolved.ts";
import type { Samples } from "./dataset.ts";
import { Pauses } from "./facts/pauses.ts";
import { type Indices, range } from "./split.ts";

type Extent = Pick<TableData, "window" | "ahead" | "targetRows">;

/** Number of rows from a sample's first to its last target's. */
export function span({ window, ahead, targetRows = 1 }: Extent): number {
  return (window ?? 1) + ahead + targetRows - 1;
}

/** Number of rows from a sample's first row to its first target row. */
export function toTarget({ window, ahead }: Extent): number {
  return (window ?? 1) - 1 + ahead;
}

/** Number of samples if no row has a missing value. @param bounds first row of each series, then the number of rows */
export function samplesOf(data: Extent, bounds: Uint32Array): number {
  let samples = 0;
  for (let s = 1; s < bounds.length; s++) samples += samplesIn(data, bounds[s]! - bounds[s - 1]!);
  return samples;
}

function samplesIn(data: Extent, rows: number): number {
  return Math.max(0, rows - span(data) + 1);
}

/**
 * First rows of the samples without a missing value. The i-th sample is rows i … i + window − 1; its target is row i +
 * window − 1 + ahead and, with `targetRows`, the rows after it.
 *
 * @param bounds first row of each series, then the number of rows; no sample goes beyond its series.
 * @param inputs columns whose values must not be missing (NaN) in the window.
 * @param targets columns whose values must not be missing in the target rows.
 */
export function startsOf(
  data: Extent,
  bounds: Uint32Array,
  inputs: readonly Float64Array[],
  targets: readonly Float64Array[],
): Indices {
  const rows = bounds.at(-1) ?? 0;
  const all = samplesOf(data, bounds);
  const [seen, told] = [missingBefore(inputs, rows), missingBefore(targets, rows)];
  if (bounds.length === 2 && seen[rows] === 0 && told[rows] === 0) return range(0, all);
  const { window, targetRows = 1 } = data;
  const starts = new Uint32Array(all);
  let count = 0;
  for (let s = 1; s < bounds.length; s++) {
    const first = bounds[s - 1]!;
    const end = first + samplesIn(data, bounds[s]! - first);
    for (let start = first; start < end; start++) {
      const target = start + toTarget(data);
      const whole = seen[start + (window ?? 1)] === seen[start] && told[target + targetRows] === told[target];
      if (whole) starts[count++] = start;
    }
  }
  return starts.subarray(0, count);
}

/** Number of samples of each series that has any. @param starts first rows of the samples, ascending */
export function samplesOfSeries(starts: Indices, bounds: Uint32Array): readonly number[] {
  if (bounds.length === 2) return [starts.length];
  const counts: number[] = [];
  let series = -1;
  for (const start of starts) {
    if (series < 0 || start >= bounds[series + 1]!) {
      do series++;
      while (start >= bounds[series + 1]!);
      counts.push(0);
    }
    counts[counts.length - 1]!++;
  }
  return counts;
}

/** For each row, the number of earlier rows with a missing value. */
function missingBefore(columns: readonly Float64Array[], rows: number): Uint32Array {
  const before = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++)
    before[row + 1] = before[row]! + (columns.some((values) => Number.isNaN(values[row])) ? 1 : 0);
  return before;
}

/** A column of the table and its scale where it is used: (v − center) / spread. */
export interface Column {
  readonly values: Float64Array;
  readonly center: number;
  readonly spread: number;
}

export function unscaled(values: Float64Array): Column {
  return { values, center: 0, spread: 1 };
}

/** Starts between two looks at the clock. */
const pieceLength = 4096;

/** Writes a column's values at `rows` consecutive rows from each of the starts, `step` apart in `to`. Pauses now and then. */
async function fill(
  { values, center, spread }: Column,
  starts: Indices,
  [first, rows]: readonly [first: number, rows: number],
  to: Float32Array,
  at: number,
  step: number,
): Promise<void> {
  const pauses = new Pauses();
  let place = at;
  let filled = 0;
  for (const start of starts) {
    if (filled++ % pieceLength === 0) await pauses.ifDue();
    for (let row = start + first; row < start + first + rows; row++, place += step)
      to[place] = (values[row]! - center) / spread;
  }
}

/** The samples that start at the rows `starts`. */
export async function cut(
  data: TableData,
  inputColumns: readonly Column[],
  targetColumns: readonly Column[],
  weights: Float64Array | null,
  starts: Indices,
): Promise<Samples> {
  const window = data.window ?? 1;
  const { targetRows = 1 } = data;
  const features = inputColumns.length;
  const width = targetColumns.length;
  const samples = starts.length;
  const inputs = new Float32Array(samples * window * features);
  const targets = new Float32Array(samples * targetRows * width);
  const told = toTarget(data);
  for (const [f, column] of inputColumns.entries()) await fill(column, starts, [0, window], inputs, f, features);
  for (const [k, column] of targetColumns.entries()) await fill(column, starts, [told, targetRows], targets, k, width);
  if (!weights) return { samples, inputs, targets };
  const each = new Float32Array(samples);
  await fill({ values: weights, center: 0, spread: 1 }, starts, [told, 1], each, 0, 1);
  return { samples, inputs, targets, weights: each };
}

/** Figures of columns: scale, spread, extremes, outliers, and duplicates of other columns. */

import { type ColumnFacts, maxColumnFacts, type PartFacts } from "../../../protocol/dataFacts.ts";
import { Pauses } from "./pauses.ts";

/** Number of evenly spaced values used for a column's quartiles: more would not change them. */
const maxSampled = 20_000;
/**
 * A value is an outlier beyond this many interquartile ranges from the median: one in 10⁴⁰ normally distributed values.
 */
const far = 10;
/** Number of values, at least, between two moments at which the process can handle other events. */
const pieceLength = 2 ** 20;

/**
 * Passes over the values twice, whatever their number, and sorts at most `maxSampled` values of each column. Pauses now
 * and then, so that a process that is asked to stop hears of it.
 *
 * @param values rows of `width` columns, row-major.
 * @param names of the columns; null: they have no names.
 */
export async function partFacts(
  values: Float32Array,
  width: number,
  names: readonly string[] | null,
): Promise<PartFacts> {
  const told = Math.min(width, maxColumnFacts);
  // The last tally covers all columns that are not reported one by one.
  const tallies = Array.from({ length: told + 1 }, newTally);
  const hashes = new Int32Array(told + 1).fill(0x811c9dc5);
  await inPieces(values, width, (rows) => see(rows, width, tallies, hashes));
  tallies.forEach((tally, c) => {
    if (c < told) settle(tally, sampled(values, c, width));
  });
  const overall = merged(tallies);
  settle(overall, sampled(values, 0, 1));
  await inPieces(values, width, (rows) => compare(rows, width, tallies, overall));
  const duplicates = duplicatesOf(values, width, hashes.subarray(0, told));
  return {
    columns: tallies.slice(0, told).map((tally, c) => factsOf(tally, names?.[c] ?? null, duplicates[c] ?? null)),
    overall: factsOf(overall, null, null),
  };
}

/** Calls `pass` with whole rows, piece by piece. */
async function inPieces(values: Float32Array, width: number, pass: (rows: Float32Array) => void): Promise<void> {
  const pauses = new Pauses();
  const length = Math.ceil(pieceLength / width) * width;
  for (let from = 0; from < values.length; from += length) {
    pass(values.subarray(from, from + length));
    await pauses.ifDue();
  }
}

/** Running figures of a column's finite values. */
interface Tally {
  n: number;
  sum: number;
  min: number;
  max: number;
  whole: boolean;
  mean: number;
  median: number;
  /** Distance from the median beyond which a value is an outlier. */
  limit: number;
  /** Sum of squared distances from the mean. */
  squares: number;
  outliers: number;
}

function newTally(): Tally {
  return {
    n: 0,
    sum: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    whole: true,
    mean: Number.NaN,
    median: Number.NaN,
    limit: Number.POSITIVE_INFINITY,
    squares: 0,
    outliers: 0,
  };
}

/** The first pass. Columns with the same values in the same order get the same hash (FNV-1a over the bits). */
function see(values: Float32Array, width: number, tallies: readonly Tally[], hashes: Int32Array): void {
  const last = tallies.length - 1;
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let column = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    const c = column < last ? column : last;
    // −0 is hashed as 0, because columns that compare equal must get the same hash.
    hashes[c] = Math.imul(hashes[c]! ^ (v === 0 ? 0 : bits[i]!), 0x01000193);
    if (Number.isFinite(v)) {
      const tally = tallies[c]!;
      tally.n++;
      tally.sum += v;
      if (v < tally.min) tally.min = v;
      if (v > tally.max) tally.max = v;
      if (tally.whole && !Number.isInteger(v)) tally.whole = false;
    }
    column = column + 1 === width ? 0 : column + 1;
  }
}

/** Computes, after the first pass, the figures that the second pass compares values with. */
function settle(tally: Tally, sorted: Float32Array): void {
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  const distance = at(0.75) - at(0.25);
  tally.mean = tally.sum / tally.n;
  tally.median = at(0.5);
  if (distance > 0) tally.limit = far * distance;
}

function merged(tallies: readonly Tally[]): Tally {
  const all = newTally();
  for (const { n, sum, min, max, whole } of tallies) {
    all.n += n;
    all.sum += sum;
    all.min = Math.min(all.min, min);
    all.max = Math.max(all.max, max);
    all.whole = all.whole && whole;
  }
  return all;
}

/** The second pass. */
function compare(values: Float32Array, width: number, tallies: readonly Tally[], overall: Tally): void {
  const told = tallies.length - 1;
  let column = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (Number.isFinite(v)) {
      if (column < told) {
        const tally = tallies[column]!;
        tally.squares += (v - tally.mean) ** 2;
        if (Math.abs(v - tally.median) > tally.limit) tally.outliers++;
      }
      overall.squares += (v - overall.mean) ** 2;
      if (Math.abs(v - overall.median) > overall.limit) overall.outliers++;
    }
    column = column + 1 === width ? 0 : column + 1;
  }
}

function factsOf(tally: Tally, name: string | null, duplicateOf: number | null): ColumnFacts {
  const { n, mean, squares, min, max, whole, outliers } = tally;
  // Rounding makes the sums of equal values inexact.
  const deviation = min === max ? 0 : Math.sqrt(squares / n);
  return { name, mean, deviation, min, max, whole, outliers: n === 0 ? 0 : outliers / n, duplicateOf };
}

/** Finite values of a column at even distances, ascending. */
function sampled(values: Float32Array, column: number, width: number): Float32Array {
  const rows = Math.floor(values.length / width);
  const count = Math.min(rows, maxSampled);
  const row = (i: number) => Math.floor((i * rows) / count);
  const chosen = Float32Array.from({ length: count }, (_, i) => values[row(i) * width + column]!);
  return chosen.filter(Number.isFinite).sort();
}

/**
 * For each column, the first column before it with the same values. Columns with the same hash are compared value by
 * value.
 */
function duplicatesOf(values: Float32Array, width: number, hashes: Int32Array): readonly (number | null)[] {
  const first = new Map<number, number>();
  return Array.from(hashes, (hash, c) => {
    const other = first.get(hash);
    if (other === undefined) first.set(hash, c);
    else if (same(values, width, other, c)) return other;
    return null;
  });
}

function same(values: Float32Array, width: number, a: number, b: number): boolean {
  for (let row = 0; row < values.length; row += width) if (values[row + a] !== values[row + b]) return false;
  return true;
}

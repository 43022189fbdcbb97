/** The figures of columns: scale, spread, extremes, outliers, and which are the same as another. */

import { type ColumnFacts, maxColumnFacts, type PartFacts } from "../../../protocol/dataFacts.ts";

/** Values of a column that its quartiles are taken from, at even distances: more would not move them. */
const maxSampled = 20_000;
/** Distances between the quartiles from the median that make an outlier; of normally distributed values one in 10⁴⁰. */
const far = 10;

/**
 * Two walks through the values, whatever their number, and a sort of at most `maxSampled` of each column.
 *
 * @param values rows of `width` columns, row-major.
 * @param names of the columns; null: they have none.
 */
export function partFacts(values: Float32Array, width: number, names: readonly string[] | null): PartFacts {
  if (width === 1) {
    const overall = new Tally();
    for (const v of values) overall.see(v);
    overall.settle(sampled(values, 0, 1));
    for (const v of values) overall.compare(v);
    return { columns: [overall.facts(names?.[0] ?? null, null)], overall: overall.facts(null, null) };
  }
  const told = Math.min(width, maxColumnFacts);
  const columns = Array.from({ length: told }, () => new Tally());
  const overall = new Tally();
  walk(values, width, (v, c) => {
    columns[c]?.see(v);
    columns[c]?.hash(v);
    overall.see(v);
  });
  for (const [c, column] of columns.entries()) column.settle(sampled(values, c, width));
  overall.settle(sampled(values, 0, 1));
  walk(values, width, (v, c) => {
    columns[c]?.compare(v);
    overall.compare(v);
  });
  const duplicates = duplicatesOf(values, width, columns);
  return {
    columns: columns.map((column, c) => column.facts(names?.[c] ?? null, duplicates[c] ?? null)),
    overall: overall.facts(null, null),
  };
}

function walk(values: Float32Array, width: number, visit: (value: number, column: number) => void): void {
  let column = 0;
  for (const value of values) {
    visit(value, column);
    column = column + 1 === width ? 0 : column + 1;
  }
}

/** Of its finite values. */
class Tally {
  #n = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #whole = true;
  #squares = 0;
  #mean = Number.NaN;
  #median = Number.NaN;
  #limit = Number.POSITIVE_INFINITY;
  #outliers = 0;
  /** The same for the same values in the same order (FNV-1a over their bits). */
  #hash = 0x811c9dc5;

  get hashed(): number {
    return this.#hash;
  }

  hash(v: number): void {
    this.#hash = Math.imul(this.#hash ^ bitsOf(v), 0x01000193);
  }

  see(v: number): void {
    if (!Number.isFinite(v)) return;
    this.#n++;
    this.#sum += v;
    if (v < this.#min) this.#min = v;
    if (v > this.#max) this.#max = v;
    if (this.#whole && !Number.isInteger(v)) this.#whole = false;
  }

  /** After all were seen and before they are compared. */
  settle(sorted: Float32Array): void {
    this.#mean = this.#sum / this.#n;
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
    const distance = at(0.75) - at(0.25);
    this.#median = at(0.5);
    if (distance > 0) this.#limit = far * distance;
  }

  compare(v: number): void {
    if (!Number.isFinite(v)) return;
    this.#squares += (v - this.#mean) ** 2;
    if (Math.abs(v - this.#median) > this.#limit) this.#outliers++;
  }

  facts(name: string | null, duplicateOf: number | null): ColumnFacts {
    return {
      name,
      mean: this.#mean,
      // The sums of equal values need not be exact.
      deviation: this.#min === this.#max ? 0 : Math.sqrt(this.#squares / this.#n),
      min: this.#min,
      max: this.#max,
      whole: this.#whole,
      outliers: this.#n === 0 ? 0 : this.#outliers / this.#n,
      duplicateOf,
    };
  }
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Of −0 those of 0, so that columns are the same that compare the same. */
function bitsOf(v: number): number {
  float[0] = v + 0;
  return bits[0] ?? 0;
}

/** Finite values of a column at even distances, ascending. */
function sampled(values: Float32Array, column: number, width: number): Float32Array {
  const rows = Math.floor(values.length / width);
  const count = Math.min(rows, maxSampled);
  const chosen = Float32Array.from(
    { length: count },
    (_, i) => values[Math.floor((i * rows) / count) * width + column]!,
  );
  return chosen.filter(Number.isFinite).sort();
}

/** For each column the first before it with the same values: those of the same hash are compared one by one. */
function duplicatesOf(values: Float32Array, width: number, columns: readonly Tally[]): readonly (number | null)[] {
  const first = new Map<number, number>();
  return columns.map(({ hashed }, c) => {
    const other = first.get(hashed);
    if (other === undefined) first.set(hashed, c);
    else if (same(values, width, other, c)) return other;
    return null;
  });
}

function same(values: Float32Array, width: number, a: number, b: number): boolean {
  for (let row = 0; row < values.length; row += width) if (values[row + a] !== values[row + b]) return false;
  return true;
}

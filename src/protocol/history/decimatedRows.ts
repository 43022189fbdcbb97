/** Bounded store of scalars: one series per column, all over the same steps. */

/** Fewest rows a store can be limited to: enough that decimating its older half makes room. */
export const fewestRows = 16;

/** Number of rows that are merged at a time when the store is full. */
const group = 4;

export class RowStore {
  readonly columns: number;
  readonly maxRows: number;
  length = 0;
  #capacity: number;
  #steps: Float64Array;
  /** Values column by column, `#capacity` each. */
  #values: Float64Array;

  constructor(columns: number, maxRows: number) {
    this.columns = columns;
    this.maxRows = Math.max(fewestRows, Math.floor(maxRows));
    this.#capacity = Math.min(this.maxRows, 64);
    this.#steps = new Float64Array(this.#capacity);
    this.#values = new Float64Array(this.#capacity * columns);
  }

  /** A store of rows that another one kept. @param rows their scalars, one row after the other */
  static from(columns: number, maxRows: number, steps: Float64Array, rows: Float64Array): RowStore {
    const store = new RowStore(columns, maxRows);
    if (steps.length > store.maxRows) {
      steps.forEach((step, i) => {
        store.push(step, rows, i * columns);
      });
      return store;
    }
    store.#capacity = Math.max(store.#capacity, steps.length);
    store.#steps = resized(steps, store.#capacity);
    store.#values = new Float64Array(store.#capacity * columns);
    store.length = steps.length;
    transpose({ from: rows, width: columns, height: steps.length }, store.#values, store.#capacity);
    return store;
  }

  /** A view, valid until the next `push`. */
  get steps(): Float64Array {
    return this.#steps.subarray(0, this.length);
  }

  /** A view, valid until the next `push`. */
  series(column: number): Float64Array {
    const start = column * this.#capacity;
    return this.#values.subarray(start, start + this.length);
  }

  /** Adds one step; `rows[offset … offset + columns − 1]` are its scalars. */
  push(step: number, rows: Float64Array, offset: number): void {
    if (this.length === this.maxRows) this.#decimate();
    if (this.length === this.#capacity) this.#grow();
    const i = this.length++;
    this.#steps[i] = step;
    for (let c = 0; c < this.columns; c++) this.#values[c * this.#capacity + i] = rows[offset + c]!;
  }

  /** All rows, one after the other. */
  toRows(): Float64Array {
    const rows = new Float64Array(this.length * this.columns);
    const { columns, length } = this;
    transpose({ from: this.#values, width: length, height: columns, stride: this.#capacity }, rows, columns);
    return rows;
  }

  #grow(): void {
    const capacity = Math.min(this.maxRows, this.#capacity * 2);
    const steps = resized(this.steps, capacity);
    const values = new Float64Array(capacity * this.columns);
    for (let c = 0; c < this.columns; c++) values.set(this.series(c), c * capacity);
    this.#steps = steps;
    this.#values = values;
    this.#capacity = capacity;
  }

  /**
   * Merges the older half in groups of four rows into two (three if a column has a NaN beside different numbers). The
   * very first row, measured at the initial weights, does not change.
   */
  #decimate(): void {
    const groups = Math.floor((this.length / 2 - 1) / group);
    const sizes = new Uint8Array(groups).fill(2);
    for (let c = 0; c < this.columns; c++) {
      const series = this.series(c);
      for (let g = 0; g < groups; g++) if (needsThree(series, 1 + g * group)) sizes[g] = 3;
    }
    const tail = 1 + groups * group;
    for (let c = 0; c < this.columns; c++) {
      const series = this.series(c);
      let to = 1;
      for (let g = 0; g < groups; g++) {
        keep(series, 1 + g * group, sizes[g]!, to);
        to += sizes[g]!;
      }
      series.copyWithin(to, tail);
    }
    const steps = this.steps;
    let to = 1;
    for (let g = 0; g < groups; g++) {
      const from = 1 + g * group;
      const first = steps[from]!;
      const second = steps[from + 1]!;
      const last = steps[from + group - 1]!;
      steps[to++] = first;
      if (sizes[g] === 3) steps[to++] = second;
      steps[to++] = last;
    }
    steps.copyWithin(to, tail);
    this.length -= tail - to;
  }
}

/** Side of the squares in which a table is transposed: what is read and written of one stays in the processor's cache. */
const side = 32;

interface Table {
  readonly from: Float64Array;
  readonly width: number;
  readonly height: number;
  /** Distance of two rows in `from`; `width` by default. */
  readonly stride?: number;
}

/** Writes the columns of a table one after the other, `distance` apart. The editor waits meanwhile. */
function transpose({ from, width, height, stride = width }: Table, to: Float64Array, distance: number): void {
  for (let top = 0; top < height; top += side)
    for (let left = 0; left < width; left += side) {
      const bottom = Math.min(top + side, height);
      const right = Math.min(left + side, width);
      for (let y = top; y < bottom; y++)
        for (let x = left; x < right; x++) to[x * distance + y] = from[y * stride + x]!;
    }
}

function resized(array: Float64Array, length: number): Float64Array {
  const copy = new Float64Array(length);
  copy.set(array);
  return copy;
}

/** Whether a group has a minimum, a maximum and a NaN that all differ. */
function needsThree(series: Float64Array, from: number): boolean {
  let min = Number.NaN;
  let max = Number.NaN;
  let nan = false;
  for (let i = from; i < from + group; i++) {
    const v = series[i]!;
    if (Number.isNaN(v)) nan = true;
    else {
      if (!(v >= min)) min = v;
      if (!(v <= max)) max = v;
    }
  }
  return nan && min < max;
}

/**
 * Moves minimum, maximum and a NaN of a group, filled up to `size` values, to `to`, in their original order. Nothing is
 * allocated: a history has hundreds of columns, and the editor waits.
 */
function keep(series: Float64Array, from: number, size: number, to: number): void {
  let min = -1;
  let max = -1;
  let nan = -1;
  for (let i = 0; i < group; i++) {
    const v = series[from + i]!;
    if (Number.isNaN(v)) nan = i;
    else {
      if (min < 0 || v < series[from + min]!) min = i;
      if (max < 0 || v >= series[from + max]!) max = i;
    }
  }
  // A bit for each value; the minimum gives way if there is room for two.
  let picked = (nan < 0 ? 0 : 1 << nan) | (max < 0 ? 0 : 1 << max);
  if (min >= 0 && (size > 2 || nan < 0)) picked |= 1 << min;
  let missing = size - bitsOf(picked);
  for (let i = 0; missing > 0; i++) {
    if ((picked >> i) & 1) continue;
    picked |= 1 << i;
    missing--;
  }
  for (let i = 0, at = to; i < group; i++) if ((picked >> i) & 1) series[at++] = series[from + i]!;
}

/** Number of ones among the lowest four bits. */
function bitsOf(bits: number): number {
  return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + ((bits >> 3) & 1);
}

/** Bounded store of one per-timestep quantity: the columns of a heat map, and the newest profile unchanged. */

import type { ProfileMap } from "../history.ts";

/** What a store holds. */
export interface ProfileColumnsData {
  readonly map: ProfileMap;
  readonly stride: number;
  readonly latest: Float64Array;
}

/** Columns for which a store has room at first, and once these are full. After that it has room for all. */
const firstRoom = 16;
const secondRoom = 64;

export class ProfileColumns {
  readonly timesteps: number;
  readonly maxColumns: number;
  /** Number of steps per column. */
  stride = 1;
  latest: Float64Array;
  #columns = 0;
  #first: Float64Array;
  #last: Float64Array;
  #values: Float64Array;

  constructor(timesteps: number, maxColumns: number) {
    this.timesteps = timesteps;
    this.maxColumns = Math.max(2, Math.floor(maxColumns));
    const room = Math.min(this.maxColumns, firstRoom);
    this.#first = new Float64Array(room);
    this.#last = new Float64Array(room);
    this.#values = new Float64Array(room * timesteps);
    this.latest = new Float64Array(timesteps).fill(Number.NaN);
  }

  /**
   * Restores a store from its data.
   *
   * @param adopt whether their arrays become its own, for a run that has ended. Otherwise they are copied, with room for
   * what follows.
   */
  static from({ map, stride, latest }: ProfileColumnsData, maxColumns: number, adopt = false): ProfileColumns {
    const store = new ProfileColumns(map.timesteps, Math.max(maxColumns, map.columns));
    store.stride = stride;
    store.latest = adopt ? latest : latest.slice();
    store.#columns = map.columns;
    if (map.columns === 0) return store;
    store.#first = map.firstSteps.subarray(0, map.columns);
    store.#last = map.lastSteps.subarray(0, map.columns);
    store.#values = map.values.subarray(0, map.columns * map.timesteps);
    if (!adopt) store.#makeRoom();
    return store;
  }

  /** Views of the columns in use, valid until the next `push`. */
  get map(): ProfileMap {
    const columns = this.#columns;
    return {
      timesteps: this.timesteps,
      columns,
      firstSteps: this.#first.subarray(0, columns),
      lastSteps: this.#last.subarray(0, columns),
      values: this.#values.subarray(0, columns * this.timesteps),
    };
  }

  /** Number of columns in use. */
  get columns(): number {
    return this.#columns;
  }

  /** Bytes of the columns in use. */
  get byteLength(): number {
    return 8 * this.#columns * (this.timesteps + 2);
  }

  /** @param share whether the arrays may be views, valid until the next `push`, instead of copies */
  data(share: boolean): ProfileColumnsData {
    const given = (array: Float64Array): Float64Array => (share ? array : array.slice());
    const { timesteps, columns, firstSteps, lastSteps, values } = this.map;
    const map = {
      timesteps,
      columns,
      firstSteps: given(firstSteps),
      lastSteps: given(lastSteps),
      values: given(values),
    };
    return { map, stride: this.stride, latest: given(this.latest) };
  }

  /** Adds the measurements of the steps `first … last`: the newest values and the largest. */
  push(first: number, last: number, values: Float64Array, max: Float64Array): void {
    this.latest = values.slice();
    const open = this.#columns - 1;
    if (open >= 0 && this.#last[open]! - this.#first[open]! + 1 < this.stride) {
      mergeMax(this.#values, open * this.timesteps, max, 0, this.timesteps);
      this.#last[open] = last;
      return;
    }
    if (this.#columns === this.maxColumns) {
      this.halve();
      this.push(first, last, values, max);
      return;
    }
    if (this.#columns === this.#first.length) this.#makeRoom();
    const c = this.#columns++;
    this.#first[c] = first;
    this.#last[c] = last;
    this.#values.set(max, c * this.timesteps);
  }

  /**
   * Copies the columns in use to arrays with more room. All maps of a net do so at the same frame, so they copy at most
   * `secondRoom` columns each; memory that is not written to yet costs nothing.
   */
  #makeRoom(): void {
    const room = Math.min(this.maxColumns, this.#columns < secondRoom ? secondRoom : this.maxColumns);
    this.#first = resized(this.#first, room);
    this.#last = resized(this.#last, room);
    this.#values = resized(this.#values, room * this.timesteps);
  }

  /** Merges neighbouring columns and doubles the stride. A full store does so by itself. */
  halve(): void {
    const T = this.timesteps;
    const columns = Math.ceil(this.#columns / 2);
    for (let c = 0; c < columns; c++) {
      const a = 2 * c;
      const b = Math.min(a + 1, this.#columns - 1);
      this.#first[c] = this.#first[a]!;
      this.#last[c] = this.#last[b]!;
      this.#values.copyWithin(c * T, a * T, a * T + T);
      if (b > a) mergeMax(this.#values, c * T, this.#values, b * T, T);
    }
    this.#columns = columns;
    this.stride *= 2;
  }
}

/** `to[i] = max(to[i], from[i])`, where NaN ranks above Infinity and Infinity above numbers, as in `Math.max`. */
function mergeMax(to: Float64Array, toStart: number, from: Float64Array, fromStart: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const kept = to[toStart + i]!;
    const other = from[fromStart + i]!;
    // All channels are merged at once, now and then: a call of Math.max for each value would be felt.
    if (!(kept >= other) && !Number.isNaN(kept)) to[toStart + i] = other;
  }
}

function resized(array: Float64Array, length: number): Float64Array {
  const copy = new Float64Array(length);
  copy.set(array);
  return copy;
}

/** The columns of a regression on the past: channels at lags, means over ranges of lags, products, random functions. */

import { createRandom } from "../random.ts";
import { type Channels, maxActive } from "./channels.ts";
import type { Examples } from "./examples.ts";
import type { Design } from "./nestedRidge.ts";

export type LagColumn =
  | { readonly kind: "single"; readonly channel: number; readonly lag: number }
  /** Mean over the lags from `from` to `lag`. */
  | { readonly kind: "mean"; readonly channel: number; readonly from: number; readonly lag: number }
  | { readonly kind: "product"; readonly a: LagPoint; readonly b: LagPoint; readonly lag: number }
  /** cos(wᵀz + b) of the plain channels at the lags 0 … lag (random Fourier features, Rahimi & Recht 2007). */
  | { readonly kind: "random"; readonly seed: number; readonly lag: number };

export interface LagPoint {
  readonly channel: number;
  readonly lag: number;
}

/** A key that is equal for columns with the same meaning. */
export function columnKey(column: LagColumn): string {
  return JSON.stringify(column);
}

/** The columns' values, sorted by lag and standardized; a column without variance is zero. */
export function designOf(
  examples: Examples,
  channels: Channels,
  columns: readonly LagColumn[],
): { readonly design: Design; readonly columns: readonly LagColumn[] } {
  const sorted = columns.toSorted((a, b) => a.lag - b.lag);
  const p = sorted.length;
  const { count } = examples;
  const longest = sorted.at(-1)?.lag ?? 0;
  const lags = lagsRead(sorted, longest);
  const c = channels.count;
  const past = new Float64Array((longest + 1) * c);
  const indices = new Int32Array(maxActive);
  const filled = new Float64Array(maxActive);
  const evaluate = sorted.map((column) => evaluator(column, channels));
  const values = new Float64Array(count * p);
  for (let i = 0; i < count; i++) {
    past.fill(0);
    for (const k of lags) {
      const row = examples.rowOf(i, k);
      if (row < 0) break;
      const n = channels.fill(row, indices, filled);
      for (let a = 0; a < n; a++) past[k * c + indices[a]!] = filled[a]!;
    }
    for (let j = 0; j < p; j++) values[i * p + j] = evaluate[j]!(past);
  }
  for (let j = 0; j < p; j++) standardize(values, j, p, count);
  return { design: { rows: count, columns: p, values }, columns: sorted };
}

/** The lags that the columns read, ascending; the others need not be looked at. */
function lagsRead(columns: readonly LagColumn[], longest: number): readonly number[] {
  const read = new Uint8Array(longest + 1);
  for (const column of columns)
    switch (column.kind) {
      case "single":
        read[column.lag] = 1;
        break;
      case "mean":
        read.fill(1, column.from, column.lag + 1);
        break;
      case "product":
        read[column.a.lag] = 1;
        read[column.b.lag] = 1;
        break;
      case "random":
        read.fill(1, 0, column.lag + 1);
    }
  return Array.from(read.keys()).filter((lag) => read[lag] === 1);
}

function evaluator(column: LagColumn, { count: c, plain }: Channels): (past: Float64Array) => number {
  switch (column.kind) {
    case "single": {
      const at = column.lag * c + column.channel;
      return (past) => past[at]!;
    }
    case "mean":
      return (past) => {
        let sum = 0;
        for (let k = column.from; k <= column.lag; k++) sum += past[k * c + column.channel]!;
        return sum / (column.lag - column.from + 1);
      };
    case "product": {
      const [a, b] = [column.a, column.b].map(({ channel, lag }) => lag * c + channel) as [number, number];
      return (past) => past[a]! * past[b]!;
    }
    case "random": {
      const random = createRandom(column.seed);
      const places = Array.from({ length: column.lag + 1 }, (_, k) => plain.map((channel) => k * c + channel)).flat();
      const scale = 1.5 / Math.sqrt(places.length);
      const weights = places.map(() => random.normal() * scale);
      const phase = 2 * Math.PI * random.uniform();
      return (past) => {
        let sum = phase;
        for (let j = 0; j < places.length; j++) sum += weights[j]! * past[places[j]!]!;
        return Math.cos(sum);
      };
    }
  }
}

function standardize(values: Float64Array, j: number, p: number, count: number): void {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i * p + j]!;
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (values[i * p + j]! - mean) ** 2;
  const deviation = Math.sqrt(squares / count);
  const factor = deviation > 1e-9 ? 1 / deviation : 0;
  for (let i = 0; i < count; i++) values[i * p + j] = (values[i * p + j]! - mean) * factor;
}

/**
 * Checks whether the unexplained rest depends on products of two inputs at different lags, which no single input
 * reveals.
 */

import { type Channels, maxActive } from "./channels.ts";
import type { Examples } from "./examples.ts";
import type { LagColumn, LagPoint } from "./lagColumns.ts";
import { normalQuantile } from "./screen.ts";

/** Most points (a channel at a lag) that are paired with each other: at most 4950 pairs. */
const maxPoints = 100;
/** Multiplications that one search may take: about 20 ms. */
const affordable = 10_000_000;
/** Most products that are returned at once. */
const mostTaken = 12;

export interface ProductSearch {
  /** The significant products, the strongest first. */
  readonly found: readonly LagColumn[];
  /** Whether the pairs of all lags were examined. */
  readonly complete: boolean;
}

/**
 * Compares each product's covariance with the residuals, divided by its own standard error, with the quantile that the
 * largest of all pairs exceeds in one of a hundred cases (Bonferroni).
 *
 * @param residuals `count × outputs`; the output with the largest variance is used.
 */
export function searchProducts(examples: Examples, channels: Channels, residuals: Float64Array): ProductSearch {
  const { count, outputs, lags, rowOf } = examples;
  const plain = channels.plain.slice(0, 8);
  const within = Math.max(2, Math.min(lags, Math.floor(maxPoints / plain.length)));
  const points: LagPoint[] = Array.from({ length: within }, (_, lag) =>
    plain.map((channel) => ({ channel, lag })),
  ).flat();
  const n = points.length;
  const pairs = (n * (n - 1)) / 2;
  const step = Math.max(1, Math.ceil((count * pairs) / affordable));
  const output = largestVariance(residuals, outputs);

  // Centred: an indicator that is mostly constant would otherwise let every pair repeat what one input says alone.
  const rows = Math.floor((count - 1) / step) + 1;
  const values = new Float64Array(rows * n);
  const residual = new Float64Array(rows);
  const indices = new Int32Array(maxActive);
  const filled = new Float64Array(maxActive);
  const place = new Int32Array(channels.count).fill(-1);
  plain.forEach((channel, p) => {
    place[channel] = p;
  });
  for (let r = 0; r < rows; r++) {
    residual[r] = residuals[r * step * outputs + output]!;
    for (let k = 0; k < within; k++) {
      const row = rowOf(r * step, k);
      if (row < 0) break;
      const m = channels.fill(row, indices, filled);
      for (let a = 0; a < m; a++) {
        const p = place[indices[a]!]!;
        if (p >= 0) values[r * n + k * plain.length + p] = filled[a]!;
      }
    }
  }
  centre(values, rows, n);

  const sums = new Float64Array(n * n);
  const squares = new Float64Array(n * n);
  for (let r = 0; r < rows; r++) {
    const e = residual[r]!;
    for (let a = 1; a < n; a++) {
      const x = values[r * n + a]! * e;
      if (x === 0) continue;
      for (let b = 0; b < a; b++) {
        const product = x * values[r * n + b]!;
        sums[a * n + b]! += product;
        squares[a * n + b]! += product * product;
      }
    }
  }
  // Half a standard error more than normal residuals would need.
  const limit = normalQuantile(0.005 / pairs) + 0.5;
  const significant: { readonly z: number; readonly column: LagColumn }[] = [];
  for (let a = 1; a < n; a++)
    for (let b = 0; b < a; b++) {
      const z = Math.abs(sums[a * n + b]!) / Math.sqrt(squares[a * n + b]! + 1e-12);
      const [later, earlier] = [points[b]!, points[a]!];
      if (z > limit) significant.push({ z, column: { kind: "product", a: later, b: earlier, lag: earlier.lag } });
    }
  const found = significant.sort((a, b) => b.z - a.z).slice(0, mostTaken);
  return { found: found.map(({ column }) => column), complete: within === lags && step <= 5 };
}

function largestVariance(values: Float64Array, outputs: number): number {
  const squares = new Float64Array(outputs);
  for (let i = 0; i < values.length; i++) squares[i % outputs]! += values[i]! ** 2;
  return squares.indexOf(Math.max(...squares));
}

function centre(values: Float64Array, rows: number, columns: number): void {
  for (let c = 0; c < columns; c++) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += values[r * columns + c]!;
    for (let r = 0; r < rows; r++) values[r * columns + c]! -= sum / rows;
  }
}

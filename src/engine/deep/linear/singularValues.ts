/**
 * Singular values by one-sided Jacobi rotations (Hestenes 1958). Each column stores its length as a separate logarithm:
 * the singular values of a product of many Jacobians can lie hundreds of decades apart, and all have a small relative
 * error as long as only the columns' lengths differ that much (Demmel & Veselić 1992).
 */

import { dot } from "./multiply.ts";
import type { Pieces } from "./pieces.ts";

/** Columns count as orthogonal if the cosine between them is below this. */
const tolerance = 1e-12;
const mostSweeps = 40;

/** `count` columns of `height` entries, one after another; column j is multiplied by e^`logs[j]`. */
export interface GradedColumns {
  readonly columns: Float64Array;
  readonly logs: Float64Array;
  readonly count: number;
  readonly height: number;
}

/** Columns of a row-major `rows × columns` matrix, with no extra scale. */
export function gradedColumns(matrix: Float64Array, rows: number, columns: number): GradedColumns {
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) values[j * rows + i] = matrix[i * columns + j]!;
  return { columns: values, logs: new Float64Array(columns), count: columns, height: rows };
}

/** Natural logarithms of the singular values, the largest first; −∞ for zero. The columns are not changed. */
export function* logSingularValues({ columns, logs, count, height }: GradedColumns): Pieces<Float64Array> {
  const a = columns.slice();
  const scale = logs.slice();
  for (let j = 0; j < count; j++) normalise(a, scale, j, height);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let rotated = false;
    for (let p = 0; p < count - 1; p++) {
      yield;
      for (let q = p + 1; q < count; q++) if (rotate(a, scale, p, q, height)) rotated = true;
    }
    if (!rotated) break;
  }
  return scale.sort().reverse();
}

/** Makes column j a unit vector and moves its length into its logarithm. */
function normalise(a: Float64Array, logs: Float64Array, j: number, height: number): void {
  const from = j * height;
  let largest = 0;
  for (let k = from; k < from + height; k++) largest = Math.max(largest, Math.abs(a[k]!));
  if (!(largest > 0)) {
    logs[j] = Number.NEGATIVE_INFINITY;
    return;
  }
  let sum = 0;
  for (let k = from; k < from + height; k++) sum += (a[k]! / largest) ** 2;
  const root = Math.sqrt(sum);
  for (let k = from; k < from + height; k++) a[k] = a[k]! / largest / root;
  logs[j] = logs[j]! + Math.log(largest) + Math.log(root);
}

/** Like `normalise`, for a column that was a unit vector before its rotation, given the sum of its squares. */
function lengthen(a: Float64Array, logs: Float64Array, j: number, height: number, squares: number): void {
  if (!(squares > 0)) {
    logs[j] = Number.NEGATIVE_INFINITY;
    return;
  }
  logs[j] = logs[j]! + Math.log(squares) / 2;
  const factor = 1 / Math.sqrt(squares);
  for (let k = j * height; k < (j + 1) * height; k++) a[k] = a[k]! * factor;
}

/** Rotates two columns until they are orthogonal; false if they already are. */
function rotate(a: Float64Array, logs: Float64Array, one: number, other: number, height: number): boolean {
  if (logs[one] === Number.NEGATIVE_INFINITY || logs[other] === Number.NEGATIVE_INFINITY) return false;
  const [long, short] = logs[one]! >= logs[other]! ? [one, other] : [other, one];
  const u = long * height;
  const v = short * height;
  const cosine = dot(a, u, a, v, height);
  if (Math.abs(cosine) <= tolerance) return false;
  // In units of the longer column: lengths 1 and r ≤ 1.
  const r = Math.exp(logs[short]! - logs[long]!);
  // tan θ / r, where θ is the angle that makes them orthogonal: finite even if r is zero.
  const half = (1 - r * r) / 2;
  const t = cosine / (half + Math.sqrt(half * half + r * r * cosine * cosine));
  const c = 1 / Math.sqrt(1 + t * t * r * r);
  const [intoLong, intoShort] = [c * t * r * r, c * t];
  let [longSquares, shortSquares] = [0, 0];
  for (let k = 0; k < height; k++) {
    const x = a[u + k]!;
    const y = a[v + k]!;
    const one = c * x + intoLong * y;
    const other = c * y - intoShort * x;
    longSquares += one * one;
    shortSquares += other * other;
    a[u + k] = one;
    a[v + k] = other;
  }
  lengthen(a, logs, long, height, longSquares);
  lengthen(a, logs, short, height, shortSquares);
  return true;
}

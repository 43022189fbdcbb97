/**
 * Singular values of ∂s_T/∂s_t = J_T … J_{t+1} for growing spans T − t, for one sequence. The product is never formed:
 * it is kept as L Q, where Q is orthogonal and L is lower triangular with a separate logarithm for the length of each
 * column. So singular values that lie hundreds of decades apart stay apart.
 */

import type { DeepProducts } from "../../protocol/deep.ts";
import type { Trajectory } from "./cells/trajectory.ts";
import { orthonormalise } from "./linear/orthonormalise.ts";
import { logSingularValues } from "./linear/singularValues.ts";
import type { Pace } from "./pace.ts";

/** Largest state (in entries); beyond it the computation would take minutes. */
export const widestProduct = 256;

/** 1, 2, 4, … and finally the longest span. */
export function growingSpans(longest: number): number[] {
  const spans: number[] = [];
  for (let span = 1; span < longest; span *= 2) spans.push(span);
  return longest > 0 ? [...spans, longest] : [];
}

/** @returns null for a single timestep, or for states wider than `widestProduct`. */
export async function jacobianProducts(
  trajectory: Trajectory,
  sample: number,
  pace: Pace,
): Promise<DeepProducts | null> {
  const { timesteps, width } = trajectory;
  const spans = growingSpans(timesteps - 1);
  if (spans.length === 0 || width > widestProduct) return null;
  const of = new Int32Array(width).fill(sample);
  let rows = new Float64Array(width * width);
  let next = new Float64Array(width * width);
  const step = new Float64Array(width * width);
  /** The columns of L, one after another. */
  const columns = new Float64Array(width * width);
  const logs = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    rows[i * width + i] = 1;
    columns[i * width + i] = 1;
  }
  const values: Float64Array[] = [];
  for (let span = 1; span < timesteps; span++) {
    trajectory.backward(timesteps - span + 1, rows, of, next);
    [rows, next] = [next, rows];
    orthonormalise(rows, width, width, step);
    appendFactor(columns, logs, step, width);
    await pace.yieldWhenDue(span / timesteps);
    if (spans.includes(span)) {
      const graded = { columns, logs, count: width, height: width };
      values.push(await pace.through(logSingularValues(graded), span / timesteps));
    }
  }
  const decades = values.flatMap((v) => [...v].map((log) => log * Math.LOG10E));
  return { spans: Float64Array.from(spans), width, logSingularValues: Float64Array.from(decades) };
}

/** L ← L · `step`, both lower triangular. */
function appendFactor(columns: Float64Array, logs: Float64Array, step: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    let top = Number.NEGATIVE_INFINITY;
    for (let i = j; i < n; i++) top = Math.max(top, Math.log(Math.abs(step[i * n + j]!)) + logs[i]!);
    const to = j * n;
    if (!(top > Number.NEGATIVE_INFINITY)) {
      columns.fill(0, to, to + n);
      logs[j] = Number.NEGATIVE_INFINITY;
      continue;
    }
    // Column j is needed only for columns up to j, so it can be overwritten in place.
    const own = step[j * n + j]! * Math.exp(logs[j]! - top);
    for (let k = 0; k < n; k++) columns[to + k] = own === 0 ? 0 : columns[to + k]! * own;
    for (let i = j + 1; i < n; i++) {
      const factor = step[i * n + j]! === 0 ? 0 : step[i * n + j]! * Math.exp(logs[i]! - top);
      if (factor === 0) continue;
      for (let k = 0; k < n; k++) columns[to + k] = columns[to + k]! + factor * columns[i * n + k]!;
    }
    let sum = 0;
    for (let k = to; k < to + n; k++) sum += columns[k]! * columns[k]!;
    const length = Math.sqrt(sum);
    if (length === 0) {
      logs[j] = Number.NEGATIVE_INFINITY;
      continue;
    }
    for (let k = to; k < to + n; k++) columns[k] = columns[k]! / length;
    logs[j] = top + Math.log(length);
  }
}

/**
 * The flow matrix ‖∂L_k/∂s_t‖ (RNNbow, Cashman et al. 2017): how much of the loss gradient that enters at timestep k is
 * left at timestep t. L is the sum of the parts L_k that enter at each timestep, so Σ_k ∂L_k/∂h_t = ∂L/∂h_t.
 */

import type { DeepFlow } from "../../protocol/deep.ts";
import type { Trajectory } from "./cells/trajectory.ts";
import type { Pace } from "./pace.ts";

/** Most timesteps k; more are thinned evenly. */
export const mostLossTimesteps = 128;

/** A row is rescaled when its largest entry leaves 2^±300. */
const window = 2 ** 300;
/** 2^1074 overflows float64, although 2^−1074 does not underflow. */
const largestShift = 1000;

/** Receives the vectors themselves, one row per sample, so that a test can add them up. `scale`: times 2^scale[b]. */
export type FlowWatch = (k: number, t: number, rows: Float64Array, scale: Int32Array) => void;

/** @param injected ∂⁺L/∂h_k, B × T × H: the gradient that enters h_k from the layer's output. */
export async function flowMatrix(
  trajectory: Trajectory,
  injected: Float64Array,
  pace: Pace,
  watch: FlowWatch = () => {},
): Promise<DeepFlow> {
  const { samples, timesteps, units, width, states } = trajectory;
  const entering = (k: number): boolean => {
    for (let b = 0; b < samples; b++) {
      const at = (b * timesteps + k - 1) * units;
      for (let u = at; u < at + units; u++) if (injected[u] !== 0) return true;
    }
    return false;
  };
  const all = Array.from({ length: timesteps }, (_, i) => i + 1).filter(entering);
  const shown = thin(all, mostLossTimesteps);
  const logNorm = states.map(() => new Float64Array(shown.length * timesteps).fill(Number.NEGATIVE_INFINITY));
  const logTotal = states.map(() => new Float64Array(timesteps).fill(Number.NEGATIVE_INFINITY));

  // Groups of B rows each: group 0 is the total, followed by one group per k that has entered, the latest k first.
  const most = (shown.length + 1) * samples;
  let rows = new Float64Array(most * width);
  let next = new Float64Array(most * width);
  const of = Int32Array.from({ length: most }, (_, i) => i % samples);
  const scale = new Int32Array(most);
  const cell = new Float64Array(samples * units);
  let groups = 1;
  const columns: number[] = [];
  const add = (group: number, k: number): void => {
    for (let b = 0; b < samples; b++) {
      const row = group * samples + b;
      // A row that was scaled up to stay representable may underflow next to what enters now.
      if (scale[row]! < 0) unscale(rows.subarray(row * width, (row + 1) * width), row, scale);
      const factor = 2 ** -scale[row]!;
      const from = (b * timesteps + k - 1) * units;
      for (let u = 0; u < units; u++) rows[row * width + u] = rows[row * width + u]! + injected[from + u]! * factor;
    }
  };
  for (let t = timesteps; t >= 1; t--) {
    if (t < timesteps) {
      const count = groups * samples;
      trajectory.backward(t + 1, rows.subarray(0, count * width), of.subarray(0, count), next);
      [rows, next] = [next, rows];
      for (let i = 0; i < count; i++) rescale(rows.subarray(i * width, (i + 1) * width), i, scale);
    }
    if (entering(t)) add(0, t);
    const column = shown.indexOf(t);
    if (column >= 0) {
      rows.fill(0, groups * samples * width, (groups + 1) * samples * width);
      scale.fill(0, groups * samples, (groups + 1) * samples);
      add(groups, t);
      columns.push(column);
      groups++;
    }
    for (let group = 0; group < groups; group++) {
      const from = group * samples;
      const own = rows.subarray(from * width, (from + samples) * width);
      const scales = scale.subarray(from, from + samples);
      const at = group === 0 ? t - 1 : columns[group - 1]! * timesteps + t - 1;
      const into = group === 0 ? logTotal : logNorm;
      into[0]![at] = logNormOf(own, width, units, scales);
      if (trajectory.cellGradient && into[1]) {
        trajectory.cellGradient(t, own, of.subarray(0, samples), cell);
        into[1][at] = logNormOf(cell, units, units, scales);
      }
      if (group > 0) watch(shown[columns[group - 1]!]!, t, own, scales);
    }
    await pace.yieldWhenDue(1 - t / timesteps);
  }
  return {
    lossTimesteps: Float64Array.from(shown),
    states: states.map((name, i) => ({ name, logNorm: logNorm[i]!, logTotal: logTotal[i]! })),
  };
}

/** Evenly spaced, with the first and the last. */
function thin(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))]!);
}

/** Brings a row back to the middle of float64's range and records the power of two. */
function rescale(row: Float64Array, index: number, scale: Int32Array): void {
  let largest = 0;
  for (let u = 0; u < row.length; u++) largest = Math.max(largest, Math.abs(row[u]!));
  if (!(largest > 0) || largest === Infinity || (largest < window && largest > 1 / window)) return;
  const power = Math.max(-largestShift, Math.round(Math.log2(largest)));
  scale[index] = scale[index]! + power;
  const factor = 2 ** -power;
  for (let u = 0; u < row.length; u++) row[u] = row[u]! * factor;
}

function unscale(row: Float64Array, index: number, scale: Int32Array): void {
  const factor = 2 ** scale[index]!;
  for (let u = 0; u < row.length; u++) row[u] = row[u]! * factor;
  scale[index] = 0;
}

/** log₁₀ of the norm of the first `used` entries of all rows, each row times 2^scale. */
function logNormOf(rows: Float64Array, width: number, used: number, scale: Int32Array): number {
  let top = Number.NEGATIVE_INFINITY;
  const logs: number[] = [];
  for (let b = 0; b < scale.length; b++) {
    let sum = 0;
    for (let u = b * width; u < b * width + used; u++) sum += rows[u]! * rows[u]!;
    const log = Math.log10(sum) / 2 + scale[b]! * Math.log10(2);
    logs.push(log);
    top = Math.max(top, log);
  }
  if (!Number.isFinite(top)) return top;
  return top + Math.log10(logs.reduce((sum, log) => sum + 10 ** (2 * (log - top)), 0)) / 2;
}

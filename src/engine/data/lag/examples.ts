/**
 * The examples that a lag is estimated from: pairs of a target and the inputs before it, bounded in number and
 * deterministic.
 */

import type { Dataset } from "../dataset.ts";
import { createRandom, permutation } from "../random.ts";
import { targetColumns } from "./targetColumns.ts";
import type { TimeAxis } from "./timeAxis.ts";

/** Most examples that are used; a correlation of 0.1 is then six standard errors. */
export const maxExamples = 2000;
/** Fewer examples say nothing. */
export const fewestExamples = 60;
/** Most lags that are examined. */
const maxLags = 2048;
/** Number of sequences needed to distinguish a position's own mean from noise. */
const enoughSequences = 50;
/** A position with less than this share of the largest variance is ignored. */
const leastVariance = 1e-9;

export interface Examples {
  readonly count: number;
  /** K: the inputs at the lags 0 … K − 1 are examined. */
  readonly lags: number;
  /** Whether these are all lags that exist. */
  readonly complete: boolean;
  /** D, the number of outputs. */
  readonly outputs: number;
  /** Whether `outputs` cover everything that the targets say (all classes, all columns). */
  readonly whole: boolean;
  /**
   * `count × D`, without their means (per position if the targets have a time axis), divided by one common deviation.
   */
  readonly targets: Float64Array;
  /** The means that were subtracted from `targets`, divided by the same deviation. */
  readonly means: Float64Array;
  /** The common deviation. */
  readonly deviation: number;
  /**
   * Row of the inputs (sample × T + timestep) that is `lag` timesteps before the target of example `i`; −1 beyond the
   * sequence.
   */
  rowOf(i: number, lag: number): number;
}

/**
 * Examples in the order of the samples, so that neighbours stay neighbours. Null if targets and inputs cannot be
 * aligned, if there are too few examples, or if the targets have one value only.
 *
 * @param masked rows of zeros at the end do not count: a target then belongs to the last row before them.
 * @param direction direction in which lags count from a target; the future only if every timestep has a target.
 */
export function examplesOf(
  dataset: Dataset,
  { timesteps, width }: TimeAxis,
  masked: boolean,
  direction: "past" | "future" = "past",
): Examples | null {
  const { samples, inputs, targetShape } = dataset;
  const everywhere = targetShape.length > 1;
  if (everywhere && targetShape[0] !== timesteps) return null;
  const positions = everywhere ? timesteps : 1;
  const columns = targetColumns(dataset, positions);
  const { outputs } = columns;

  const means = new Float64Array(positions * outputs);
  const variances = new Float64Array(positions);
  // Evenly spaced samples are enough for means and variances.
  const stride = Math.max(1, Math.floor((samples * positions * outputs) / 1_000_000));
  const looked = Math.ceil(samples / stride);
  const at = (s: number, j: number): number => {
    const value = columns.at(s, Math.floor(j / outputs), j % outputs);
    return Number.isFinite(value) ? value : means[j]!;
  };
  const totals = new Float64Array(means.length);
  for (let s = 0; s < samples; s += stride) for (let j = 0; j < means.length; j++) totals[j]! += at(s, j);
  for (let j = 0; j < means.length; j++) means[j] = totals[j]! / looked;
  if (everywhere && looked < enoughSequences) shareMeans(means, outputs);
  for (let s = 0; s < samples; s += stride)
    for (let j = 0; j < means.length; j++) variances[Math.floor(j / outputs)]! += (at(s, j) - means[j]!) ** 2 / looked;

  const chosen = choose(samples, variances, everywhere, (s) =>
    masked ? realLength(inputs, s, timesteps, width) : timesteps,
  );
  const count = chosen.length / 2;
  if (count < fewestExamples) return null;
  const targets = new Float64Array(count * outputs);
  const taken = new Float64Array(count * outputs);
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const position = everywhere ? chosen[2 * i + 1]! : 0;
    for (let d = 0; d < outputs; d++) {
      const mean = means[position * outputs + d]!;
      const value = columns.at(chosen[2 * i]!, position, d) - mean;
      targets[i * outputs + d] = Number.isFinite(value) ? value : 0;
      taken[i * outputs + d] = mean;
      largest = Math.max(largest, Math.abs(mean));
      squares += targets[i * outputs + d]! ** 2;
    }
  }
  const deviation = Math.sqrt(squares / targets.length);
  // Values that differ only by rounding are one value.
  if (!(deviation > 1e-7 * largest) || !Number.isFinite(deviation)) return null;
  for (let j = 0; j < targets.length; j++) {
    // Clipped: otherwise an outlier of a thousand deviations would be all that is explained.
    targets[j] = Math.max(-6, Math.min(6, targets[j]! / deviation));
    taken[j]! /= deviation;
  }
  const lags = Math.min(timesteps, maxLags);
  return {
    count,
    lags,
    complete: lags === timesteps,
    outputs,
    whole: columns.whole,
    targets,
    means: taken,
    deviation,
    rowOf: (i, lag) => {
      const t = chosen[2 * i + 1]! + (direction === "past" ? -lag : lag);
      return t < 0 || t >= timesteps ? -1 : chosen[2 * i]! * timesteps + t;
    },
  };
}

/** Chooses pairs of a sample and the timestep of its target, as two parallel arrays. */
function choose(
  samples: number,
  variances: Float64Array,
  everywhere: boolean,
  lengthOf: (sample: number) => number,
): Int32Array {
  if (!everywhere) {
    const count = Math.min(samples, maxExamples);
    return Int32Array.from({ length: 2 * count }, (_, j) => {
      const sample = Math.floor(((j >> 1) * samples) / count);
      return j % 2 === 0 ? sample : Math.max(0, lengthOf(sample) - 1);
    });
  }
  const largest = variances.reduce((a, b) => Math.max(a, b), 0);
  const useful = Array.from(variances.keys()).filter((t) => variances[t]! > leastVariance * largest);
  if (useful.length === 0) return new Int32Array(0);
  const total = Math.min(maxExamples, samples * useful.length);
  // As many from each sequence as needed, at positions from a random order that is used cyclically.
  const each = Math.ceil(total / samples);
  const sequences = Math.floor(total / each);
  const random = createRandom(5);
  let order = permutation(useful.length, random);
  let next = 0;
  const result = new Int32Array(2 * sequences * each);
  for (let s = 0; s < sequences; s++) {
    const sample = Math.floor((s * samples) / sequences);
    for (let e = 0; e < each; e++) {
      if (next === order.length) {
        order = permutation(useful.length, random);
        next = 0;
      }
      const at = 2 * (s * each + e);
      result[at] = sample;
      result[at + 1] = useful[order[next++]!]!;
    }
  }
  return result;
}

/** Replaces the means by one mean per output, shared by all positions. */
function shareMeans(means: Float64Array, outputs: number): void {
  const positions = means.length / outputs;
  for (let d = 0; d < outputs; d++) {
    let sum = 0;
    for (let p = 0; p < positions; p++) sum += means[p * outputs + d]!;
    for (let p = 0; p < positions; p++) means[p * outputs + d] = sum / positions;
  }
}

/** Number of timesteps of a sample before the rows of zeros at its end. */
export function realLength(inputs: Float32Array, sample: number, timesteps: number, width: number): number {
  const size = timesteps * width;
  let last = (sample + 1) * size - 1;
  while (last >= sample * size && inputs[last] === 0) last--;
  return Math.floor((last - sample * size) / width) + 1;
}

/**
 * Figures of a backward pass over masked sequences, sample by sample, so that each sample's own timesteps can be
 * counted.
 */

import type { Alignment } from "./alignment.ts";
import { logSampleNorm, type RecurrentStatistics, type SampleNorms } from "./statistics.ts";

/**
 * One state. All arrays are T × B, by place: the longest sample begins at 0, and the last timesteps of all samples
 * coincide.
 */
export interface AlignedState {
  readonly name: "h" | "c";
  /** log₁₀ ‖d_{t,b}‖; −Infinity if there is none. */
  readonly norm: Float64Array;
  /** log₁₀ of what the timestep sends to the previous one. */
  readonly sent: Float64Array;
  /** Number of NaN or infinite entries of d, T values. */
  readonly nonFinite: Float64Array;
}

export interface AlignedStatistics
  extends Pick<RecurrentStatistics, "timesteps" | "logContribution" | "gates" | "timescale"> {
  readonly samples: number;
  /** Largest number of timesteps of a sample; everything after that is empty in all arrays. */
  readonly longest: number;
  /** Place at which each sample begins. */
  readonly begins: Int32Array;
  readonly states: readonly AlignedState[];
}

/** Per-sample figures of one state: of d_t, and of what crossed each edge. */
export interface AlignedNorms {
  readonly states: SampleNorms;
  readonly edges: SampleNorms;
}

/** @param measured the same pass with the kernels' timesteps. */
export function alignedStatistics(
  measured: RecurrentStatistics,
  { starts, first, timesteps }: Alignment,
  norms: readonly AlignedNorms[],
): AlignedStatistics {
  const samples = starts.length;
  const longest = timesteps - first;
  const begins = starts.map((start) => start - first);
  /** Moves values from the kernels' timesteps to places. */
  const moved = (values: Float64Array, empty: number, width = 1): Float64Array => {
    const result = new Float64Array(values.length).fill(empty);
    result.set(values.subarray(first * width));
    return result;
  };
  // The kernels' counts are shares of all samples; these are shares of the samples that have begun.
  const share = (values: Float64Array): Float64Array =>
    moved(values, Number.NaN).map((v, k) => (v * samples) / begins.reduce((n, begin) => n + Number(begin <= k), 0));
  return {
    timesteps,
    samples,
    longest,
    begins,
    states: measured.states.map(({ name, nonFinite }, i) => ({
      name,
      norm: moved(logSampleNorm(norms[i]!.states, timesteps), Number.NEGATIVE_INFINITY, samples),
      sent: moved(logSampleNorm(norms[i]!.edges, timesteps), Number.NEGATIVE_INFINITY, samples),
      nonFinite: moved(nonFinite, 0),
    })),
    logContribution: moved(measured.logContribution, Number.NEGATIVE_INFINITY),
    gates: measured.gates.map(({ name, low, high }) => ({ name, low: share(low), high: share(high) })),
    timescale: measured.timescale && share(measured.timescale),
  };
}

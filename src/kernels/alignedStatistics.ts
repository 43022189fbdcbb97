/** What a backward pass over masked sequences measured, sample by sample, for figures that count each sample's own timesteps. */

import type { Alignment } from "./alignment.ts";
import { logSampleNorm, type RecurrentStatistics, type SampleNorms } from "./statistics.ts";

/** One state; all values T × B, by place: the longest sample begins at 0, the last timesteps of all samples coincide. */
export interface AlignedState {
  readonly name: "h" | "c";
  /** log₁₀ ‖d_{t,b}‖; −Infinity where there is none. */
  readonly norm: Float64Array;
  /** log₁₀ of what the timestep sends to the one before it. */
  readonly sent: Float64Array;
  /** NaN or infinite entries of d, T values. */
  readonly nonFinite: Float64Array;
}

export interface AlignedStatistics
  extends Pick<RecurrentStatistics, "timesteps" | "logContribution" | "gates" | "timescale"> {
  readonly samples: number;
  /** Most timesteps that a sample has; what follows is empty in all arrays. */
  readonly longest: number;
  /** Place at which each sample begins. */
  readonly begins: Int32Array;
  readonly states: readonly AlignedState[];
}

/** Per-sample figures of one state: of d_t, and of what came over each edge. */
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
  /** From the kernels' timesteps to places. */
  const moved = (values: Float64Array, empty: number, width = 1): Float64Array => {
    const result = new Float64Array(values.length).fill(empty);
    result.set(values.subarray(first * width));
    return result;
  };
  // Counts are shares of all samples; here they are shares of those that have begun.
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

/** Converts the kernels' figures to the form in which taps report them. */

import type { RecurrentStatistics, StateStatistics } from "../../kernels/statistics.ts";
import type { SequenceMeasurement, StateMeasurement } from "../recording/recorder.ts";

/**
 * @param floor log₁₀ below which a norm counts as zero, because float32 lost gradients that should have entered; null:
 * none.
 */
export function fromStatistics(
  { timesteps, longest, states, logContribution, gates, timescale }: RecurrentStatistics,
  floor: number | null,
): SequenceMeasurement {
  return {
    timesteps,
    ...(longest !== null && { end: longest }),
    states: states.map((state) => measured(state, floor)),
    logContribution,
    gates,
    timescale,
  };
}

function measured(state: StateStatistics, floor: number | null): StateMeasurement {
  const { name, nonFinite, logNorm, gain } = state;
  // The kernels rank all non-finite values as Infinity; taps report NaN if there is a NaN.
  for (const values of [state.p10, state.p50, state.p90]) {
    for (let t = 0; t < values.length; t++) {
      if (values[t] === Number.POSITIVE_INFINITY && Number.isNaN(logNorm[t])) values[t] = Number.NaN;
    }
  }
  if (floor !== null) {
    for (let t = 0; t < logNorm.length; t++) if (logNorm[t]! < floor) gain[t] = Number.NaN;
    for (const values of [logNorm, state.p10, state.p50, state.p90]) dropBelow(values, floor);
  }
  const percentiles = { p10: state.p10, p50: state.p50, p90: state.p90 };
  return {
    name,
    logNorm,
    gain,
    nonFinite,
    percentiles,
    get logSampleNorm() {
      if (floor !== null) dropBelow(state.logSampleNorm, floor);
      return state.logSampleNorm;
    },
  };
}

function dropBelow(values: Float64Array, floor: number): void {
  for (let i = 0; i < values.length; i++) if (values[i]! < floor) values[i] = -Infinity;
}

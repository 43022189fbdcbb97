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
  const { logNorm, gain, p10, p50, p90 } = state;
  // The kernels rank all non-finite values as Infinity; taps report NaN if there is a NaN.
  for (const values of [p10, p50, p90]) {
    for (let t = 0; t < values.length; t++) {
      if (values[t] === Number.POSITIVE_INFINITY && Number.isNaN(logNorm[t])) values[t] = Number.NaN;
    }
  }
  if (floor !== null) {
    for (let t = 0; t < logNorm.length; t++) if (logNorm[t]! < floor) gain[t] = Number.NaN;
    for (const values of [logNorm, p10, p50, p90]) dropBelow(values, floor);
  }
  return new KernelState(state, floor);
}

class KernelState implements StateMeasurement {
  readonly name: StateStatistics["name"];
  readonly logNorm: Float64Array;
  readonly gain: Float64Array;
  readonly nonFinite: Float64Array;
  readonly percentiles: StateMeasurement["percentiles"];
  readonly #state: StateStatistics;
  readonly #floor: number | null;

  constructor(state: StateStatistics, floor: number | null) {
    this.name = state.name;
    this.logNorm = state.logNorm;
    this.gain = state.gain;
    this.nonFinite = state.nonFinite;
    this.percentiles = state;
    this.#state = state;
    this.#floor = floor;
  }

  get logSampleNorm(): Float64Array {
    const { logSampleNorm } = this.#state;
    if (this.#floor !== null) dropBelow(logSampleNorm, this.#floor);
    return logSampleNorm;
  }
}

function dropBelow(values: Float64Array, floor: number): void {
  for (let i = 0; i < values.length; i++) if (values[i]! < floor) values[i] = -Infinity;
}

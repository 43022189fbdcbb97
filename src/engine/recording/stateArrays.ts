/** The arrays that hold one state's figures while a backward pass is measured. */

import type { StateName } from "../../protocol/run.ts";

export interface StateArrays {
  readonly name: StateName;
  readonly logNorm: Float64Array;
  readonly gain: Float64Array;
  readonly nonFinite: Float64Array;
  /** Timesteps × samples. */
  readonly logSampleNorm: Float64Array;
  readonly percentiles: null;
}

/** Arrays of a state that no gradient has reached yet. */
export function unreached(name: StateName, timesteps: number, samples: number): StateArrays {
  return {
    name,
    logNorm: new Float64Array(timesteps).fill(-Infinity),
    gain: new Float64Array(timesteps).fill(Number.NaN),
    nonFinite: new Float64Array(timesteps),
    logSampleNorm: new Float64Array(timesteps * samples).fill(-Infinity),
    percentiles: null,
  };
}

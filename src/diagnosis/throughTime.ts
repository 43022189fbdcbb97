/**
 * How far a state gradient travels back through time, reduced to four numbers.
 *
 * The gains decide, not the norms. If every timestep has its own loss, the norm at timestep t also contains what
 * entered after it left the last timestep, while γ_t = ‖J_tᵀ d_t‖ / ‖d_t‖ is the recurrent transport alone.
 */

import { lastWithSignal } from "../protocol/history/reach.ts";

export interface StateReduction {
  /** max{k : the last k transports keep at least ε}: 0 … T − 1 timesteps; NaN if the chain met a NaN. */
  readonly horizon: number;
  /** log₁₀ of the product of the gains from the last timestep with signal back to timestep 1. */
  readonly survival: number;
  /** log₁₀ ‖d_1‖ − log₁₀ ‖d_last‖, in decades; NaN if the last timestep has no finite signal. */
  readonly attenuation: number;
  /** Geometric mean of the gains, up to the last non-zero one if an underflow cut the chain; NaN if there is none. */
  readonly meanGain: number;
}

/**
 * `logNorm[t − 1]` = log₁₀ ‖d_t‖ (−Infinity for zero), `gain[t − 1]` = γ_t from timestep t to t − 1, t = 1 … T;
 * `gain[0]` leads to the initial state and takes no part.
 *
 * The chain starts at the last timestep with signal. A zero gain (underflow), or one that is undefined because d_t is
 * zero, ends it: survival is −Infinity from there on. An infinite gain (overflow) makes it Infinity. A NaN within the
 * signal makes horizon, survival and mean gain NaN: what cannot be known is not guessed. With T = 1, or signal at
 * timestep 1 only, nothing was transported: horizon 0, survival 0, mean gain NaN. Without any signal: horizon 0,
 * survival −Infinity, the others NaN.
 */
export function reduceState(logNorm: Float64Array, gain: Float64Array, epsilon: number): StateReduction {
  const last = lastWithSignal(logNorm);
  if (last < 0) {
    return { horizon: 0, survival: Number.NEGATIVE_INFINITY, attenuation: Number.NaN, meanGain: Number.NaN };
  }
  // Absorbs rounding errors of the summed logarithms when the product is exactly ε.
  const threshold = Math.log10(epsilon) - 1e-9;
  let survival = 0;
  let horizon = 0;
  let cut = last;
  let meanLog = 0;
  for (let k = 1; k <= last; k++) {
    const i = last - k + 1;
    const g = logNorm[i] === Number.NEGATIVE_INFINITY ? 0 : gain[i]!;
    const sum = survival + Math.log10(g);
    if (!Number.isFinite(sum)) {
      survival = sum;
      cut = k - 1;
      break;
    }
    survival = sum;
    meanLog = sum;
    if (sum >= threshold) horizon = k;
  }
  if (survival === Number.POSITIVE_INFINITY) horizon = last;
  if (Number.isNaN(survival)) horizon = Number.NaN;

  const end = logNorm[last]!;
  return {
    horizon,
    survival,
    attenuation: Number.isFinite(end) ? logNorm[0]! - end : Number.NaN,
    meanGain: meanOf(survival, meanLog, cut, last),
  };
}

function meanOf(survival: number, meanLog: number, cut: number, last: number): number {
  if (last === 0 || Number.isNaN(survival)) return Number.NaN;
  if (survival === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  return cut === 0 ? 0 : 10 ** (meanLog / cut);
}

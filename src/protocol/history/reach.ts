/** How far back a recurrent layer's gradient reaches now, and how far it has to reach; shared by rules, texts and the panel. */

import type { RunHistory } from "../history.ts";
import type { StateName } from "../run.ts";
import { median } from "./median.ts";

export interface Reach {
  /** Timesteps back over which at least ε survives: median over the newest steps, of the state that reaches farthest. */
  readonly horizon: number;
  /** Timesteps back it has to reach: the required lag, limited to the timesteps with a gradient. */
  readonly required: number;
  readonly state: StateName;
  /** Geometric mean gain per timestep of that state. */
  readonly gain: number;
  /** log₁₀ of what survives to timestep 1, for the same state. */
  readonly survival: number;
  /** Last timestep with a gradient, 1-based; T unless the loss ends earlier. */
  readonly last: number;
}

/** Newest rows whose median is the present figure: a tenth of the run, so that it neither jumps nor lags. */
export function windowOf(history: RunHistory): number {
  const { minSteps } = history.info.diagnosis.rules["vanishing-through-time"];
  return Math.max(Math.min(minSteps, 25), Math.min(25, Math.round(history.steps.length / 10)));
}

/** Undefined for a layer that is not recurrent, has one timestep, or has no finite horizon yet. */
export function reachOf(history: RunHistory, layer: number): Reach | undefined {
  const recurrent = history.info.layers[layer]?.recurrent;
  if (!recurrent || recurrent.timesteps < 2) return undefined;
  const ends = recurrent.states.map((state) => ({
    state,
    end: lastTimestep(history, layer, state, recurrent.timesteps),
  }));
  const last = Math.max(...ends.map(({ end }) => end));
  const required = Math.min(history.info.requiredLag ?? recurrent.timesteps - 1, last - 1);
  if (required < 1) return undefined;

  const window = windowOf(history);
  let best: Reach | undefined;
  for (const { state, end } of ends) {
    // A gradient that enters only on the way did not travel from the end (saturated gates can cut an LSTM's c off
    // there).
    if (end < last) continue;
    const horizon = recent(history, "horizon", layer, state, window);
    const survival = recent(history, "survival", layer, state, window);
    const better =
      best === undefined || horizon > best.horizon || (horizon === best.horizon && survival > best.survival);
    if (Number.isNaN(horizon) || !better) continue;
    best = { horizon, required, state, gain: recent(history, "meanGain", layer, state, window), survival, last };
  }
  return best;
}

/** Horizon, per kept step, of the state that reaches farthest; NaN if no state's is known. */
export function horizonSeries(history: RunHistory, layer: number): Float64Array {
  const states = history.info.layers[layer]?.recurrent?.states ?? [];
  const farthest = new Float64Array(history.steps.length).fill(Number.NaN);
  for (const state of states) {
    const series = history.series("horizon", layer, state) ?? [];
    for (let i = 0; i < series.length; i++) farthest[i] = larger(farthest[i]!, series[i]!);
  }
  return farthest;
}

/** The larger of two values, or the one that is known. */
function larger(a: number, b: number): number {
  return Number.isNaN(b) ? a : Number.isNaN(a) ? b : Math.max(a, b);
}

/** Median of a state's figure over the newest steps; NaN if there are none. */
export function recent(
  history: RunHistory,
  quantity: "horizon" | "meanGain" | "survival" | "attenuation",
  layer: number,
  state: StateName,
  window = windowOf(history),
): number {
  const series = history.series(quantity, layer, state);
  return series ? median(measured(history, series, layer, state, window)) : Number.NaN;
}

/** A state's figure at the newest measured steps. NaN where a measurement could not tell: its chain has a NaN. */
function measured(
  history: RunHistory,
  series: Float64Array,
  layer: number,
  state: StateName,
  window: number,
): readonly number[] {
  const others = (["horizon", "attenuation", "stateNonFinite"] as const).flatMap(
    (one) => history.series(one, layer, state) ?? [],
  );
  const found: number[] = [];
  for (let i = series.length - 1; i >= 0 && found.length < window; i--)
    if ([series, ...others].some((one) => !Number.isNaN(one[i]))) found.push(series[i]!);
  // A figure that is unknown at most of these steps is unknown.
  return 2 * found.filter(Number.isNaN).length > found.length ? [] : found;
}

function lastTimestep(history: RunHistory, layer: number, state: StateName, timesteps: number): number {
  const profile = history.profile(layer, `${state}.logNorm`);
  return profile ? lastWithSignal(profile) + 1 : timesteps;
}

/** Index of the last timestep whose gradient is not zero; −1 when all are. NaN and Infinity count as signal. */
export function lastWithSignal(logNorm: Float64Array): number {
  let i = logNorm.length - 1;
  while (i >= 0 && logNorm[i] === Number.NEGATIVE_INFINITY) i--;
  return i;
}

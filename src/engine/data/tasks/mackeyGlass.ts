/** Mackey–Glass forecasting. */

import type { MackeyGlassForecastingData } from "../../../config/resolved.ts";
import { createRandom } from "../random.ts";
import type { TaskSamples } from "./samples.ts";

/** Integration steps per timestep of the series, which is one unit of time. */
const perTimestep = 10;
/** Number of timesteps after which the series has forgotten its start and is on its attractor. */
const transient = 1000;

/**
 * Windows of one series, one timestep apart; the target is the value `ahead` timesteps after the window's last. The
 * series continues from its last τ values, so the gradient has to reach that far back. Its values are not scaled (0.2
 * to 1.4, mean about 0.9, for τ = 17).
 */
export function mackeyGlassForecasting(data: MackeyGlassForecastingData): TaskSamples {
  const { length, delay, ahead, samples, seed } = data;
  const points = transient + samples + length - 1 + ahead;
  // Away from the fixed point 1, which the series would leave only slowly.
  const begin = 0.4 + 0.5 * createRandom(seed).uniform();
  const series = mackeyGlassSeries(delay, begin, points).subarray(transient);
  const inputs = new Float32Array(samples * length);
  const targets = new Float32Array(samples);
  for (let i = 0; i < samples; i++) {
    inputs.set(series.subarray(i, i + length), i * length);
    targets[i] = series[i + length - 1 + ahead]!;
  }
  return {
    inputs,
    targets,
    targetTimesteps: null,
    classes: null,
    requiredLag: Math.min(delay, length - 1),
    overlap: length - 1 + ahead,
    baselines: {},
  };
}

/**
 * x′(t) = 0.2 x(t − τ) / (1 + x(t − τ)¹⁰) − 0.1 x(t) (Mackey & Glass 1977), integrated by the classical fourth-order
 * Runge–Kutta method with steps of 0.1. Between two steps the delayed value is their mean.
 *
 * @param delay τ, a whole number.
 * @param begin x at every t ≤ 0.
 * @returns x(0), x(1), x(2), … : `points` values.
 */
export function mackeyGlassSeries(delay: number, begin: number, points: number): Float32Array {
  const step = 1 / perTimestep;
  const lag = delay * perTimestep;
  const series = new Float32Array(points);
  /** Ring buffer of the last `lag` steps and the present one. */
  const past = new Float64Array(lag + 1).fill(begin);
  let x = begin;
  for (let n = 0; n < points * perTimestep; n++) {
    if (n % perTimestep === 0) series[n / perTimestep] = x;
    // x(t) is at index n, so x(t − τ) is at the next index, where the oldest value is.
    const before = past[(n + 1) % (lag + 1)]!;
    const after = past[(n + 2) % (lag + 1)]!;
    const slope = (value: number, delayed: number) => (0.2 * delayed) / (1 + delayed ** 10) - 0.1 * value;
    const between = (before + after) / 2;
    const k1 = slope(x, before);
    const k2 = slope(x + (step / 2) * k1, between);
    const k3 = slope(x + (step / 2) * k2, between);
    const k4 = slope(x + step * k3, after);
    x += (step / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    past[(n + 1) % (lag + 1)] = x;
  }
  return series;
}

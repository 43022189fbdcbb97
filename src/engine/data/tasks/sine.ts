/** Sine forecasting. */

import type { SineForecastingData } from "../../../config/resolved.ts";
import { createRandom } from "../random.ts";
import type { TaskSamples } from "./samples.ts";

/**
 * sin(2π t / period + φ), φ uniform in [0, 2π), for T timesteps; the target is its value `ahead` timesteps after the
 * last. Two consecutive values determine the phase of the sine (x_{t+1} = 2 cos(2π / period) x_t − x_{t−1}), so the
 * gradient has to reach one timestep back. Answering 0 costs the variance of a sine, 1/2, or its mean distance, 2/π.
 */
export function sineForecasting({ length, period, ahead, samples, seed }: SineForecastingData): TaskSamples {
  const random = createRandom(seed);
  const inputs = new Float32Array(samples * length);
  const targets = new Float32Array(samples);
  const angle = (2 * Math.PI) / period;
  for (let i = 0; i < samples; i++) {
    const phase = 2 * Math.PI * random.uniform();
    for (let t = 0; t < length; t++) inputs[i * length + t] = Math.sin(angle * t + phase);
    targets[i] = Math.sin(angle * (length - 1 + ahead) + phase);
  }
  return {
    inputs,
    targets,
    targetTimesteps: null,
    classes: null,
    requiredLag: 1,
    overlap: 0,
    baselines: { meanSquaredError: 1 / 2, meanAbsoluteError: 2 / Math.PI },
  };
}

/** The built-in tasks that forecast a series. */

import * as z from "zod";
import { taskDefaults } from "../../defaults.ts";
import { maxDelay, maxTimesteps } from "../../limits.ts";
import { atLeast, entry, whole } from "../values.ts";
import { samples, seed, testShare } from "./common.ts";

const length = whole(2, maxTimesteps)
  .default(taskDefaults.length)
  .meta({ description: "Number of timesteps T of the series that the net sees." });
const horizon = (value: number) =>
  whole(1, maxTimesteps)
    .default(value)
    .meta({ description: "Number of timesteps from the last visible value to the value to forecast." });

export const sineForecastingSchema = entry({
  task: z.literal("sineForecasting"),
  length,
  period: atLeast(2).default(taskDefaults.period).meta({ description: "Number of timesteps of one oscillation." }),
  horizon: horizon(taskDefaults.sineHorizon),
  samples,
  seed,
  test: testShare(),
}).meta({
  description:
    "Sine forecasting: the net sees T timesteps of a sine with a random phase. It forecasts the value `horizon` timesteps later.",
});

export const mackeyGlassForecastingSchema = entry({
  task: z.literal("mackeyGlassForecasting"),
  length,
  delay: whole(1, maxDelay).default(taskDefaults.delay).meta({
    description:
      "τ of the equation, in timesteps. It is also the required lag, if T allows it. From about 17 on the series is chaotic.",
  }),
  horizon: horizon(taskDefaults.mackeyGlassHorizon),
  samples: samples.meta({
    description: "Number of windows of the series; each begins one timestep after the previous one.",
  }),
  seed: seed.meta({ description: "Seed of the initial value of the series, long before the first window." }),
  test: testShare(" They are the last in time; windows that overlap them are left out."),
}).meta({
  description:
    "Mackey–Glass forecasting: the net sees windows of T timesteps of the chaotic series x′(t) = 0.2 x(t − τ) / (1 + x(t − τ)¹⁰) − 0.1 x(t). It forecasts the value `horizon` timesteps later.",
});

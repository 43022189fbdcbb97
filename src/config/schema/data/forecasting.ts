/** The built-in tasks that ask how a series goes on. */

import * as z from "zod";
import { taskDefaults } from "../../defaults.ts";
import { maxDelay, maxTimesteps } from "../../limits.ts";
import { atLeast, entry, whole } from "../values.ts";
import { samples, seed, testShare } from "./common.ts";

const length = whole(2, maxTimesteps)
  .default(taskDefaults.length)
  .meta({ description: "Timesteps T the net sees of the series." });
const horizon = (value: number) =>
  whole(1, maxTimesteps)
    .default(value)
    .meta({ description: "How many timesteps after the last the value to forecast is." });

export const sineForecastingSchema = entry({
  task: z.literal("sineForecasting"),
  length,
  period: atLeast(2).default(taskDefaults.period).meta({ description: "Timesteps of one oscillation." }),
  horizon: horizon(taskDefaults.sineHorizon),
  samples,
  seed,
  test: testShare(),
}).meta({
  description:
    "Sine forecasting: T timesteps of a sine that starts anywhere in its period; what is its value `horizon` timesteps later?",
});

export const mackeyGlassForecastingSchema = entry({
  task: z.literal("mackeyGlassForecasting"),
  length,
  delay: whole(1, maxDelay).default(taskDefaults.delay).meta({
    description:
      "τ of the equation, in timesteps, and the required lag where T allows it. From about 17 on the series is chaotic.",
  }),
  horizon: horizon(taskDefaults.mackeyGlassHorizon),
  samples: samples.meta({ description: "How many windows of the series there are; each begins one timestep later." }),
  seed: seed.meta({ description: "Seed of the value the series begins with, long before the first window." }),
  test: testShare(" They are the last in time; windows that overlap them are left out."),
}).meta({
  description:
    "Mackey–Glass forecasting: windows of T timesteps of the chaotic series x′(t) = 0.2 x(t − τ) / (1 + x(t − τ)¹⁰) − 0.1 x(t); what is its value `horizon` timesteps later?",
});

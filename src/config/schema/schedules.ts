/** `training.schedule`: the learning rate over the steps. */

import * as z from "zod";
import { scheduleDefaults as d } from "../defaults.ts";
import { maxEpochs, maxSteps } from "../limits.ts";
import { above, atLeast, between, entry, inside, whole } from "./values.ts";

const warmup = whole(0, maxSteps).default(d.warmup).meta({
  description:
    "Number of steps over which the learning rate first rises linearly from (nearly) zero to its full value (Goyal et al. 2017); the schedule begins after them. It keeps the first updates small while the optimizer's running means know little about the gradient.",
});
const every = (value: number) =>
  whole(1, maxSteps)
    .default(value)
    .meta({ description: "Number of steps after which `factor` has been applied once." });
const steps = whole(1, maxSteps).optional().meta({
  description:
    "Number of steps to the final value, which is kept from there on. Default: the steps of a training run after the warm-up.",
});
const final = (value: number) =>
  between(0, 1).default(value).meta({ description: "Share of the learning rate that remains at the end." });

export const scheduleSchemas = [
  entry({ type: z.literal("constant"), warmup }).meta({ description: "The same learning rate throughout." }),
  entry({
    type: z.literal("step"),
    every: every(d.step.every),
    factor: inside(0, 1).default(d.step.factor).meta({ description: "Factor of the learning rate at each reduction." }),
    warmup,
  }).meta({ description: "Falls in steps: learningRate × factor^⌊step / every⌋." }),
  entry({
    type: z.literal("exponential"),
    every: every(d.exponential.every),
    factor: inside(0, 1)
      .default(d.exponential.factor)
      .meta({ description: "Factor of the learning rate over `every` steps." }),
    warmup,
  }).meta({ description: "Falls smoothly: learningRate × factor^(step / every)." }),
  entry({
    type: z.literal("inverseTime"),
    every: every(d.inverseTime.every),
    factor: above(0).default(d.inverseTime.factor).meta({ description: "Speed of the decrease." }),
    warmup,
  }).meta({ description: "learningRate / (1 + factor × step / every)." }),
  entry({ type: z.literal("cosine"), steps, final: final(d.cosine.final), warmup }).meta({
    description:
      "Falls along half a cosine: learningRate × (final + (1 − final) × (1 + cos(π × step / steps)) / 2) (Loshchilov & Hutter 2017, without restarts).",
  }),
  entry({
    type: z.literal("polynomial"),
    steps,
    power: above(0)
      .default(d.polynomial.power)
      .meta({ description: "1 gives a straight line; above 1 the decrease is steeper at first." }),
    final: final(d.polynomial.final),
    warmup,
  }).meta({ description: "learningRate × (final + (1 − final) × (1 − step / steps)^power)." }),
  entry({
    type: z.literal("reduceOnPlateau"),
    factor: inside(0, 1)
      .default(d.reduceOnPlateau.factor)
      .meta({ description: "Factor of the learning rate on a plateau." }),
    patience: whole(1, maxEpochs)
      .default(d.reduceOnPlateau.patience)
      .meta({ description: "Number of epochs without improvement that make a plateau." }),
    minDelta: atLeast(0).default(d.reduceOnPlateau.minDelta).meta({
      description: "An epoch's mean loss is an improvement if it is lower than the best by more than this.",
    }),
    cooldown: whole(0, maxEpochs)
      .default(d.reduceOnPlateau.cooldown)
      .meta({ description: "Number of epochs after a reduction that do not count." }),
    minimum: atLeast(0)
      .default(d.reduceOnPlateau.minimum)
      .meta({ description: "The learning rate does not fall below this." }),
    warmup,
  }).meta({
    description:
      "Falls whenever the mean training loss of an epoch has not improved for a while. A net that has lost its gradient is on a plateau from the start: it is then slowed down although it needs a longer reach.",
  }),
] as const;

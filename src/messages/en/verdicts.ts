/** How grave a finding is and why, and how far a gradient reaches. */

import { count } from "../numberText.ts";

export const verdicts = {
  errors: (n: number) => count(n, "error"),
  warnings: (n: number) => count(n, "warning"),
  verdictWaits: ({ steps, grace }: { steps: number; grace: number }) =>
    `This is after ${count(steps, "step")}; the verdict waits for ${grace} steps.`,
  learnsAllTheSame: (loss: string) => `The loss, ${loss}, has left the baseline: the net learns all the same.`,
  runDiverged: (loss: string) => `The loss is ${loss}: the run has diverged.`,
  afterSteps: ({ steps, standing }: { steps: number; standing: string }) =>
    `After ${count(steps, "step")} ${standing}.`,
  toHalf: "to half of what it was",
  belowBaseline: (baseline: string) => `below the baseline, ${baseline}`,
  falling: ({ loss, goal }: { loss: string; goal: string }) =>
    `The loss, ${loss}, is falling and at this pace gets ${goal}: too early to tell.`,
  standsStill: (loss: string) => `the loss stands still at ${loss}`,
  timesTheBaseline: (times: string) => `is ${times} times`,
  noBetterThan: "is no better than",
  standing: ({ loss, relation, baseline }: { loss: string; relation: string; baseline: string }) =>
    `the loss, ${loss}, ${relation} the trivial baseline, ${baseline}`,
  stateAtInitialization: ({ steps, grace }: { steps: number; grace: number }) =>
    `After ${count(steps, "step")} this is the state at initialization; many nets start like this and still learn (the verdict waits for ${grace} steps).`,
  lossFirst: (loss: string) => `The loss is ${loss}: fix that first.`,
  needNotHinder: (carried: string) => `${carried}, so this need not hinder learning.`,
  horizonGrows: "The horizon is growing; nets that learn grow it before their loss falls.",
  weightsHardlyMove: "The weights hardly move, so nothing is learnt at any distance: fix the learning rate first.",
  probeTooShort: (steps: number) =>
    `Over the ${count(steps, "step")} of the probe the horizon did not grow; a training run will tell whether it does.`,
  horizonStands: (crawling: boolean) =>
    `The horizon is ${crawling ? "growing too slowly to get there" : "not growing"}, and after`,
  configCuts: (cut: number) =>
    `The config cuts the gradient every ${count(cut, "timestep")}: it cannot get any farther. After`,
  steps: (steps: number) => `${count(steps, "step")}`,
  beyondFloat32: "Timestep 1 is beyond the range of float32: in ordinary training its gradient is exactly zero.",
  exploded: "The gradient explodes through time: fix that first.",
  dead: "Dead units cut the gradient off: fix them first.",
  saturated: "Saturated units cut the gradient off: fix them first.",
  diverged: "The loss diverged before: fix that first.",
  weightScale: "The initial weights shrink the signal and the gradient in every layer: fix them first.",
  dataScale: "The scale of the data probably causes it: fix that first.",
  idle: "No update helps until that is fixed.",
  mismatched: "The model's output does not fit its loss or its targets: fix that first.",
  overshot: "The updates themselves explode: fix that first.",
  rewritten: "Each update rewrites the weights, at a learning rate far above the usual one: fix that first.",
  symmetric: "Units that are all alike learn as one, or not at all: fix them first.",
  postNorm: "A deep stack that normalizes after its residual sums is the cause: fix that first.",
  heldBack: "Clipping, regularization, dropout or the schedule leaves next to nothing to learn with: fix that first.",
  throughPadding: "The gradient has to pass through the unmasked padding: fix that first.",
  layerExploded: "The layer's gradient exploded before: fix that first.",
  explodesThroughLayers: "The gradient explodes on its way through the layers: fix that first.",
  overshoots: "Exploding gradients make the updates overshoot: fix them first.",
  explodedThroughTime: "The gradient exploded through time before: fix that first.",
  explodedThroughLayers: "The gradient exploded on its way through the layers before: fix that first.",
  reasonForVanishing: "It is one reason why the layer's gradient vanishes through time; see that finding.",
  partOfExplosion: (layer: null | string) => `It is part of the explosion that is reported at ${layer}.`,
  stableRate: ({ measured, rate, inForce }: { measured: number; rate: string; inForce: string }) =>
    ` By the curvature at ${count(measured, "step")}, rates above ${rate} overshoot here; ${inForce} is in force.`,
  carriesAllTheWay: (name: string) => `Layer ${name} carries the gradient all the way`,
  otherDirection: (name: string | undefined) =>
    `${name} reads in the other direction, and together their gradients reach all timesteps`,
  handsDirectly: (name: string) => `Layer ${name} hands every timestep its share of the gradient directly`,
  afterOf: ({ lastStep, minimum }: { lastStep: number; minimum: number }) => `after ${lastStep} of ${minimum} steps`,
  mayPass: "it may pass by itself",
  notLearningYet: "not learning yet",
  scaleMayBeReason: (because: string) => `${because} The scale may be the reason, but need not be.`,
  tooEarly: (text: string) => `${text}. It is too early to tell whether it comes down in time.`,
  noneAre: "none are",
  someAre: (left: string) => `${left} are`,
  presentPace: ({ needed, leftPart }: { needed: string; leftPart: string }) =>
    ` At its present pace it needs ${needed} more steps to get down to the baseline, and ${leftPart} left.`,
  lossAfter: ({ loss, steps }: { loss: string; steps: number }) => `The loss is ${loss} after ${count(steps, "step")}`,
  andStands: (text: string) => `${text} and stands still`,
  times: (factor: string) => `${factor} times`,
  noBetter: "no better than",
  compared: ({ text, comparison, baseline }: { text: string; comparison: string; baseline: string }) =>
    `${text}, ${comparison} the trivial baseline, ${baseline}`,
  perTimestep: (gain: string) => ` · ${gain} per timestep`,
  reaches: ({
    reached,
    required,
    gain,
    reversed,
  }: {
    reached: number;
    required: number;
    gain: string;
    reversed: boolean;
  }) => `gradient reaches ${reached} of ${required} timesteps${gain}${reversed ? " · reads backward" : ""}`,
  beyondNumbers: "grows beyond all numbers",
  growsBy: (decades: string) => `grows by ${decades} decades`,
  explodes: ({
    grown,
    timesteps,
    factor,
    reversed,
  }: {
    grown: string;
    timesteps: number;
    factor: string;
    reversed: boolean;
  }) => `gradient ${grown} over ${timesteps} timesteps${factor}${reversed ? " · reads backward" : ""}`,
  shortBeyond: "beyond all numbers",
  shortDecades: (decades: string) => `${decades} decades`,
  shortGrown: ({ grown, gain }: { grown: string; gain: string }) => `${grown} · ${gain} per timestep`,
  gradientEnters: (attenuation: string) =>
    ` The norm itself changes by ${attenuation} decades, because more gradient enters on the way.`,
  notMeasured: "not measured yet",
  noRecurrent: "no recurrent layers",
  noTransport: "no transport through time to measure",
  lastIsEnough: "the last timestep is enough: no gradient has to travel back",
  loss: (loss: string) => `loss ${loss}`,
  lossAndBaseline: ({ now, baseline }: { now: string; baseline: string }) => `${now}, baseline ${baseline}`,
  nonFiniteAt: (step: number) => `NaN or Infinity at step ${step}`,
  oneTimestep: "one timestep",
  noGradient: "no gradient",
  needsLastOnly: "needs the last timestep only",
};

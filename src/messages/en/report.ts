/** The command line's reports: models, tables, verified fixes, deep probes. */

import { count } from "../numberText.ts";

export const report = {
  took: ({ steps, seconds }: { steps: number; seconds: string }) => `${count(steps, "step")} in ${seconds} s`,
  stoppedEarly: ({ took, reason }: { took: string; reason: string }) => `${took}, stopped early: ${reason}`,
  stoppedAfter: (took: string) => `stopped after ${took}`,
  divergedAt: (step: number) => `diverged at step ${step}`,
  refused: "refused",
  failed: "failed",

  backward: " · backward",
  lossLine: ({ first, last }: { first: string; last: string }) => `loss ${first} → ${last}`,
  baseline: (loss: string) => `, baseline ${loss}`,
  metric: ({ name, value, test }: { name: string; value: string; test: string | null }) =>
    `${name} ${value}${test === null ? "" : `, test ${test}`}`,
  testLine: ({ loss, accuracy }: { loss: string; accuracy: string | null }) =>
    `test loss ${loss}${accuracy === null ? "" : `, accuracy ${accuracy}`}`,
  provisional: (why: string) => `provisional, ${why}: train it, or probe it with a longer budget`,
  timesteps: ({ first, last }: { first: number; last: number }) => `timesteps ${first}–${last}`,
  severities: { error: "error", warning: "warning", information: "information" },
  curves: "Curves: size of the state gradient, backward in time: last timestep left, first timestep right.",
  glyphs: (percent: string) =>
    `▅ as at the last timestep  ▁ below ${percent} %  █ a thousand times as large  · zero  ✕ NaN or Infinity`,

  model: "model",
  heads: {
    steps: "steps",
    loss: "loss",
    best: "best",
    test: "test",
    baseline: "baseline",
    reach: "reach",
    decades: "decades",
    gain: "gain",
    largest: "max ‖∇‖",
    findings: "findings",
  },
  meanings: {
    loss: "mean of the newest",
    best: "lowest loss of a step",
    test: "newest loss on the samples kept for testing",
    baseline: "loss of the best constant",
    reach: "timesteps back, of those required, in the layer that reaches farthest",
    decades: "powers of ten lost (−) or gained (+) down to timestep 1",
    gain: "mean factor per timestep",
    largest: "largest norm of all weight gradients before clipping",
  },
  meaning: ({ head, meaning }: { head: string; meaning: string }) => `${head}: ${meaning}`,
  none: "none",
  errors: (n: number) => count(n, "error"),
  warnings: (n: number) => count(n, "warning"),
  notes: (n: number) => count(n, "note"),
  beforeAndAfter: "Before and after:",
  against: ({ run, base, changes }: { run: string; base: string; changes: string }) =>
    `${run} against ${base}: ${changes}`,
  lossChange: (change: string) => `loss ${change}`,
  testChange: (change: string) => `test loss ${change}`,
  reachChange: ({ before, after }: { before: string; after: string }) => `reach ${before} → ${after}`,
  reachOf: ({ horizon, required }: { horizon: number; required: number }) => `${horizon} of ${required}`,
  decadesChange: ({ before, after }: { before: string; after: string }) => `decades ${before} → ${after}`,
  largestChange: ({ before, after }: { before: string; after: string }) => `max ‖∇‖ ${before} → ${after}`,
  findingsChange: ({ before, after }: { before: string; after: string }) => `findings ${before} → ${after}`,

  cancelled: "cancelled before any fix was run",
  couldNotRun: "could not be run",
  noFindings: "no findings",
  noFix: "no finding has a fix to verify",
  verifyHeads: ["", "horizon", "decades", "loss", "findings"],
  now: "now",
  verifyTitle: ({
    purpose,
    layer,
    seeds,
    steps,
  }: {
    purpose: string;
    layer: string | null;
    seeds: number;
    steps: number;
  }) =>
    `${purpose}${layer === null ? "" : ` in ${layer}`}: ${count(seeds, "seed")} × ${count(steps, "step")}; median (lowest to highest)`,
  cannotRun: ({ title, reason }: { title: string; reason: string }) => `${title}: cannot be run: ${reason}`,
  remains: "What remains possible:",
  because: ({ verdict, reason }: { verdict: string; reason: string }) => `${verdict}: ${reason}`,
  measured: (text: string) => `measured: ${text}`,
  thenFindings: (codes: string) => `then: ${codes}`,
  sameEffect: (title: string) => `the same effect: ${title}`,
  horizonOf: ({ horizon, required }: { horizon: string; required: number | null }) => `${horizon} of ${required}`,
  diverged: ({ diverged, runs }: { diverged: number; runs: number }) => `diverged ${diverged}/${runs}`,
  range: ({ median, min, max }: { median: string; min: string; max: string }) => `${median} (${min} to ${max})`,

  deepFacts: ({
    type,
    units,
    timesteps,
    reversed,
  }: {
    type: string;
    units: number;
    timesteps: number;
    reversed: boolean;
  }) => `${type}, ${units} units, ${timesteps} timesteps${reversed ? ", read from the end" : ""}`,
  fresh: "fresh",
  afterSteps: (steps: number) => `after ${steps} steps`,
  sequences: (n: number) => count(n, "sequence"),
  seconds: (seconds: string) => `${seconds} s`,
  flow: "Flow of the gradient ‖∂L_k/∂h_t‖, loss entering at timestep k",
  exponents: "Lyapunov exponents, as factors per timestep",
  matrices: "Recurrent matrix, singular values",
  products: "Products of Jacobians ∂s_T/∂s_t, singular values in decades",
  flowLegend: ({ from, to }: { from: string; to: string }) =>
    `k = ${from} … ${to}   t upward   █ ≥ 10 %  ▓ ≥ 1 %  ▒ ≥ 10⁻⁴  ░ ≥ 10⁻⁸ of the largest`,
  andBelow: (n: number) => `and ${n} below`,
  productHeads: ["T − t", "best", "median", "least"],

  node: "node",
  platform: "platform",
  backend: "backend",
  config: "config",
  models: "models",
  data: "data",
  noneSound: "none is sound",
  notBackend: ({ name, reason }: { name: string; reason: string }) => `not ${name}: ${reason}`,
  taps: (reason: string) => `tfjs's own loop with taps, as ${reason}`,
  ownCode: (reason: string) => `code of its own, as ${reason}`,
  kernels: "kernels",
  ofModel: ({ model, text }: { model: string; text: string }) => `${model}: ${text}`,
};

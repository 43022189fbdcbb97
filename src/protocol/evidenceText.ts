/** Names and units of the numbers behind a finding, for people. */

import { formatCount, formatDecades, formatGain, formatNumber, formatPercent } from "./numberText.ts";

type Unit = "number" | "count" | "steps" | "step" | "timesteps" | "timestep" | "share" | "decades" | "gain" | "times";

const writers: { readonly [unit in Unit]: (value: number) => string } = {
  number: formatNumber,
  count: formatCount,
  steps: (n) => `${formatCount(n)} steps`,
  step: (n) => `step ${formatCount(n)}`,
  timesteps: (n) => `${formatCount(n)} timesteps`,
  timestep: (n) => `timestep ${formatCount(n)}`,
  share: formatPercent,
  decades: (n) => `${formatDecades(n)} decades`,
  gain: (n) => `${formatGain(n)} per timestep`,
  times: (n) => `×${formatNumber(n)}`,
};

const known: { readonly [key: string]: readonly [name: string, unit: Unit] } = {
  achievable: ["loss that a quick model reaches", "number"],
  attenuationDecades: ["from the last timestep to the first", "decades"],
  baselineLoss: ["baseline loss", "number"],
  blocks: ["blocks", "count"],
  byChance: ["zero by chance", "share"],
  clippedGradientNorm: ["gradient norm after clipping", "number"],
  clippedShare: ["clipped steps", "share"],
  confidence: ["confidence", "share"],
  decades: ["change of the gradient", "decades"],
  endStep: ["end of the schedule", "step"],
  entries: ["entries that are not finite", "count"],
  epsilon: ["share that must survive (ε)", "share"],
  factor: ["factor", "number"],
  firstGradientNorm: ["gradient norm of the first layers", "number"],
  firstLabel: ["first label", "count"],
  firstLoss: ["loss at first", "number"],
  firstStep: ["first seen", "step"],
  fullLearningRate: ["full learning rate", "number"],
  gainPerTimestep: ["gain", "gain"],
  gradientNorm: ["gradient norm", "number"],
  high: ["upper limit", "number"],
  highestOutput: ["highest output", "number"],
  highestProbability: ["highest probability", "number"],
  highestTarget: ["highest target", "number"],
  horizon: ["gradient reaches", "timesteps"],
  horizonEarlier: ["it reached earlier", "timesteps"],
  horizonLately: ["it reaches lately", "timesteps"],
  identicalUnits: ["identical units", "count"],
  kept: ["kept of a clipped gradient", "share"],
  kernelLeft: ["left of the weights", "share"],
  lastGradientNorm: ["gradient norm of the last layers", "number"],
  lastLabel: ["last label", "count"],
  laterGradientNorm: ["gradient norm of the later layer", "number"],
  layers: ["layers", "count"],
  layersBetween: ["layers between", "count"],
  learningRate: ["learning rate", "number"],
  leastLoss: ["least loss within reach", "number"],
  limit: ["limit", "number"],
  limitDecades: ["limit", "decades"],
  longest: ["longest sequence", "timesteps"],
  loss: ["loss", "number"],
  low: ["lower limit", "number"],
  lowestOutput: ["lowest output", "number"],
  lowestProbability: ["lowest probability", "number"],
  lowestTarget: ["lowest target", "number"],
  median: ["usual gradient norm", "number"],
  movement: ["the weights moved by", "share"],
  occurrences: ["occurrences", "count"],
  penalty: ["penalty", "number"],
  penaltyNow: ["penalty now", "number"],
  plannedSteps: ["planned", "steps"],
  rate: ["rate", "share"],
  requiredLag: ["it has to reach", "timesteps"],
  samples: ["samples", "count"],
  share: ["share", "share"],
  stableRate: ["largest stable learning rate", "number"],
  steepestDecades: ["steepest change in one layer", "decades"],
  step: ["first seen", "step"],
  steps: ["after", "steps"],
  survivalDecades: ["what survives to timestep 1", "decades"],
  targetSum: ["sum of the targets", "number"],
  times: ["penalty to loss", "times"],
  timesBaseline: ["loss to baseline", "times"],
  timestep: ["at", "timestep"],
  tolerance: ["tolerance", "share"],
  units: ["units", "count"],
  updateRatio: ["update ratio", "number"],
  value: ["value", "number"],
  weights: ["weights", "count"],
  worstLoss: ["worst loss", "number"],
  worstStep: ["at its worst", "step"],
  zeroThroughoutBatch: ["zero for the whole batch", "share"],
};

/** Whether a number has a name and a unit of its own. */
export function isNamed(key: string): boolean {
  return Object.hasOwn(known, key);
}

/** `gradient reaches: 34 timesteps`, as its two parts; a key without a name is written in words. */
export function evidenceText(key: string, value: number): { readonly name: string; readonly text: string } {
  const [name, unit] = (isNamed(key) ? known[key] : undefined) ?? [words(key), "number" as const];
  return { name, text: writers[unit](value) };
}

/** `largestValue` as `largest value`. */
function words(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Names and units of the numbers behind a finding, for people. */

import { evidenceWords } from "../messages/evidence.ts";
import { formatCount, formatDecades, formatGain, formatNumber, formatPercent } from "./numberText.ts";

type Unit = "number" | "count" | "steps" | "step" | "timesteps" | "timestep" | "share" | "decades" | "gain" | "times";

const writers: { readonly [unit in Unit]: (value: number) => string } = {
  number: formatNumber,
  count: formatCount,
  steps: (n) => evidenceWords().units.steps(formatCount(n)),
  step: (n) => evidenceWords().units.step(formatCount(n)),
  timesteps: (n) => evidenceWords().units.timesteps(formatCount(n)),
  timestep: (n) => evidenceWords().units.timestep(formatCount(n)),
  share: formatPercent,
  decades: (n) => evidenceWords().units.decades(formatDecades(n)),
  gain: (n) => evidenceWords().units.gain(formatGain(n)),
  times: (n) => `×${formatNumber(n)}`,
};

type Named = keyof ReturnType<typeof evidenceWords>["names"];

const units: { readonly [key in Named]: Unit } = {
  achievable: "number",
  attenuationDecades: "decades",
  baselineLoss: "number",
  blocks: "count",
  byChance: "share",
  clippedGradientNorm: "number",
  clippedShare: "share",
  confidence: "share",
  decades: "decades",
  deviation: "number",
  deviationLeft: "number",
  effectiveRate: "number",
  endStep: "step",
  entries: "count",
  epsilon: "share",
  factor: "number",
  firstGradientNorm: "number",
  firstLabel: "count",
  firstLoss: "number",
  firstStep: "step",
  fullLearningRate: "number",
  gainPerTimestep: "gain",
  gradientNorm: "number",
  high: "number",
  highestOutput: "number",
  highestProbability: "number",
  highestTarget: "number",
  horizon: "timesteps",
  horizonEarlier: "timesteps",
  horizonLately: "timesteps",
  identicalUnits: "count",
  initialAccumulator: "number",
  kept: "share",
  kernelLeft: "share",
  largest: "number",
  largestNorm: "number",
  lastGradientNorm: "number",
  lastLabel: "count",
  laterGradientNorm: "number",
  layers: "count",
  layersBetween: "count",
  learningRate: "number",
  leastLoss: "number",
  limit: "number",
  limitDecades: "decades",
  longest: "timesteps",
  loss: "number",
  low: "number",
  lowestOutput: "number",
  lowestProbability: "number",
  lowestTarget: "number",
  median: "number",
  momentum: "number",
  movement: "share",
  noise: "number",
  occurrences: "count",
  optimizerEpsilon: "number",
  penalty: "number",
  penaltyNow: "number",
  plannedSteps: "steps",
  rate: "share",
  requiredLag: "timesteps",
  samples: "count",
  share: "share",
  signal: "number",
  smallest: "number",
  stableRate: "number",
  steepestDecades: "decades",
  step: "step",
  steps: "steps",
  survivalDecades: "decades",
  targetSum: "number",
  times: "times",
  timesBaseline: "times",
  timestep: "timestep",
  tolerance: "share",
  units: "count",
  updateRatio: "number",
  value: "number",
  weights: "count",
  worstLoss: "number",
  worstStep: "step",
  zeroThroughoutBatch: "share",
};

/** Whether a number has a name and a unit of its own. */
export function isNamed(key: string): key is Named {
  return Object.hasOwn(units, key);
}

/** `gradient reaches: 34 timesteps`, as its two parts; a key without a name is written in words. */
export function evidenceText(key: string, value: number): { readonly name: string; readonly text: string } {
  if (!isNamed(key)) return { name: words(key), text: formatNumber(value) };
  return { name: evidenceWords().names[key], text: writers[units[key]](value) };
}

/** `largestValue` as `largest value`. */
function words(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

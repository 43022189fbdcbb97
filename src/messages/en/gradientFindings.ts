/** Findings about gradients, units and gates. */

import { count } from "../numberText.ts";

export const gradientFindings = {
  needSource: (source: string) => `, ${source}`,
  exactlyNothing: "exactly nothing",
  readsBackward: " The layer reads backward: its timestep 1 is the sequence's last position.",
  vanishing: ({
    percent,
    stateGradient,
    last,
    horizon,
    required,
    need,
    region,
    first,
    early,
    late,
    entering,
    direction,
  }: {
    percent: string;
    stateGradient: string;
    last: number;
    horizon: number;
    required: number;
    need: string;
    region: number;
    first: string;
    early: number;
    late: number;
    entering: string;
    direction: string;
  }) =>
    `At least ${percent} of the gradient ${stateGradient} of timestep ${last} survives ${count(horizon, "timestep")} back; the task needs ${required}${need}. Timesteps 1 to ${region} get less, timestep 1 ${first}. Median horizon so far: ${early}, then ${late}.${entering}${direction}`,
  normOfAll: (norm: string) => `, and the norm of all gradients is ${norm}`,
  explodingThroughTime: ({
    stateGradient,
    decades,
    gain,
    limit,
    entering,
    lasting,
    norm,
    reversed,
  }: {
    stateGradient: string;
    decades: string;
    gain: string;
    limit: string;
    entering: string;
    lasting: string;
    norm: string;
    reversed: boolean;
  }) =>
    `From the last timestep to timestep 1 the recurrent connection makes the gradient ${stateGradient} larger by ${decades} decades, ${gain} per timestep; ${limit} is the limit.${entering} ${lasting} The first timesteps alone decide the direction of the update${norm}.${reversed ? " The layer reads backward: its timestep 1 is the sequence's last position." : ""}`,
  soSince: (step: number) => `This has been so since step ${step}.`,
  wasAtLearns: (step: number) => `It was so at step ${step}, but no longer, and the net learns.`,
  wasAtDamaged: (step: number) =>
    `It was so at step ${step}. That it has stopped may itself be damage: saturated units pass no gradient on.`,
  jumpTimes: ({ weight, ratio, step, norm }: { weight: string; ratio: string; step: number; norm: string }) =>
    `gradient of ${weight} was ${ratio} times its median at step ${step} (norm ${norm})`,
  jumpNorm: ({ weight, norm, step, limit }: { weight: string; norm: string; step: number; limit: string }) =>
    `gradient norm of ${weight} was ${norm} at step ${step} (limit ${limit})`,
  beforeClipping: (clipped: string) => ` before clipping and ${clipped} after`,
  tooFewBefore: "too few steps came before it for a median",
  medianBefore: (median: string) => `the median of the steps before was ${median}`,
  jump: ({
    step,
    layer,
    weight,
    norm,
    after,
    usual,
  }: {
    step: number;
    layer: string;
    weight: string;
    norm: string;
    after: string;
    usual: string;
  }) => `At step ${step} the gradient norm of ${layer}/${weight} was ${norm}${after}; ${usual}.`,
  once: "once",
  times: (n: number) => `${count(n, "time")}`,
  firstAt: ({ first, times, factor, norm }: { first: number; times: string; factor: string; norm: string }) =>
    `First at step ${first}, ${times} so far; the limits are ${factor} times the median and ${norm}.`,
  also: (others: string) => `Also ${others}.`,
  clippingLets: "Clipping is in force, but its limit lets this through.",
  nothingClips: "Nothing clips the gradients.",
  learnsAllTheSame: "The loss has left the baseline: the net learns all the same.",
  stayedThere: (after: string) => `It has stayed there, and the loss stands still at ${after}.`,
  updateChanged: ({ after, before }: { after: string; before: string }) =>
    `Its update changed ${after} of the weight, where ${before} was usual.`,
  lossNotFinite: "After it the loss was not finite.",
  lossBeforeAfter: ({ before, after }: { before: string; after: string }) =>
    `The loss was ${before} before it and ${after} in the steps after.`,
  otherPath: (name: string) =>
    `${name}, before it, gets its gradient by another path, so this need not hinder learning.`,
  exactlyZeroBefore: "Nothing before that place can learn: every weight's gradient there is exactly zero.",
  recovering: "It is recovering: less is lost than earlier in the run.",
  firstTooLarge: "The first layers' updates are far too large compared with those of the last.",
  between: ({ from, to }: { from: string; to: string }) => `between ${from} and ${to}`,
  nothingPast: ({ steepest, to }: { steepest: string; to: string }) =>
    `no gradient gets past ${steepest} to ${to}: it is exactly zero`,
  perLayer: (factor: string) => ` · ×${factor} per layer`,
  depth: ({ shrinks, decades, way, each }: { shrinks: boolean; decades: string; way: string; each: string }) =>
    `gradient ${shrinks ? "shrinks" : "grows"} by ${decades} decades ${way}${each}`,
  aloneAccounts: ({ steepest, decades }: { steepest: string; decades: string }) =>
    ` ${steepest} alone accounts for ${decades} decades.`,
  sigmoidSlope: " The slope of a sigmoid is at most 1/4.",
  throughDepth: ({
    from,
    fromNorm,
    to,
    layers,
    toNorm,
    factor,
    share,
    squashing,
  }: {
    from: string;
    fromNorm: string;
    to: string;
    layers: number;
    toNorm: string;
    factor: string;
    share: string;
    squashing: string;
  }) =>
    `The gradient of the output of ${from} has norm ${fromNorm}, that of ${to}, ${count(layers, "layer")} before, ${toNorm}; a factor of ${factor} is the limit (pooling, merging and normalizing layers do not count).${share}${squashing}`,
  firstNonFinite: ({ subject, isLoss, step, way }: { subject: string; isLoss: boolean; step: number; way: string }) =>
    `${subject} ${isLoss ? "is" : "has"} the run's first NaN or Infinity, at step ${step}${way}`,
  initialSuspect: (scaled: boolean) =>
    `At step 1 the weights are still the initial ones, so ${scaled ? "their scale, or the data," : "the data or its scale"} is the first suspect.`,
  noneTrainable: "No weight can be trained after it.",
  backwardWay: (timestep: number) =>
    `: the gradient travels backward, so timestep ${timestep} is where it appeared first; every earlier timestep is affected.`,
  forwardWay: (timestep: number) =>
    `: the states are computed forward, and they first overflow at timestep ${timestep}.`,
  clippedTo: (clipped: string) => ` (clipped to ${clipped})`,
  normsBefore: (norms: string) => `Norm of all gradients in the steps before: ${norms}.`,
  outputOf: (name: string) => `The output of ${name}`,
  theLoss: "The loss",
  stateGradientOf: ({ stateGradient, name }: { stateGradient: string; name: string }) =>
    `The state gradient ${stateGradient} of ${name}`,
  gradientOf: ({ layer, weight }: { layer: string; weight: null | string }) => `The gradient of ${layer}/${weight}`,
  step: (step: number) => `step ${step}`,
  stepAndTimestep: ({ step, timestep }: { step: number; timestep: number }) => `step ${step}, timestep ${timestep}`,
  notFinite: "not finite",
  lossIs: ({ value, at }: { value: string; at: string }) => `loss is ${value} at ${at}`,
  firstIs: ({ initial, rest, at }: { initial: string; rest: string; at: string }) =>
    `first NaN or Infinity: ${initial}${rest}, at ${at}`,
  updateSize: ({ weight, name, small, ratio }: { weight: string; name: string; small: boolean; ratio: string }) =>
    `updates of ${weight} of ${name} are ${small ? "very small" : "very large"}: ${ratio} of the weight per step`,
  below: (least: string) => `below ${least}`,
  above: (high: string) => `above ${high}`,
  updateRatios: ({
    relation,
    all,
    each,
    usual,
    meaning,
  }: {
    relation: string;
    alike: number;
    all: number;
    each: string;
    usual: string;
    meaning: string;
  }) =>
    `‖Δw‖ / ‖w‖ is ${relation} for ${each} of ${count(all, "kernel")}: ${each}. About ${usual} is usual. ${meaning}`,
  noneMoves: (movement: string) => `Over the whole run no kernel moves by more than ${movement} of itself.`,
  learns: "The net learns all the same.",
  rewrites: "Each step rewrites a good part of what the weights had learnt.",
  deadUnits: ({ share, name }: { share: string; name: string }) =>
    `${share} of the units of ${name} are dead: zero for every sample`,
  deadUnitsWhy: ({
    limit,
    minSteps,
    batchSize,
    because,
  }: {
    limit: string;
    minSteps: number;
    batchSize: number;
    because: string;
  }) =>
    `A rectified unit whose input is never above zero has slope 0: no gradient passes through it and none reaches its weights, so it cannot recover. ${limit} is the limit, over the newest ${minSteps} steps of ${batchSize} samples each. ${because}`,
  wholeLayerDead: "The whole layer is dead: nothing before it can learn.",
  mayComeBack: "Units may come back to life, which a probe is too short to see.",
  comingBack: "Units are coming back to life: there were more dead ones earlier in the run.",
  saturatedUnits: ({ share, name }: { share: string; name: string }) =>
    `${share} of the outputs of ${name} are saturated`,
  saturationRecovers: "It is recovering: the share was larger earlier in the run.",
  saturatedUnitsWhy: ({ limit, because }: { limit: string; because: string }) =>
    `They are within 1 % of the ends of the activation's range, where it is flat: next to no gradient passes. ${limit} is the limit. The inputs of the activation are too large: large weights, or layer inputs of a large scale. ${because}`,
  saturatedGates: ({ saturated, limit, because }: { saturated: string; limit: string; because: string }) =>
    `${saturated} ${limit} is the limit. ${because}`,
  gateStuck: ({ gate, share }: { gate: string; share: string }) =>
    `the ${gate} gate is stuck at its ends: ${share} of its values are below 0.1 or above 0.9`,
  gateShut: ({ gate, low }: { gate: string; low: string }) =>
    `the ${gate} gate is shut: ${low} of its values are below 0.1`,
  forgetShut: "the cell forgets at every timestep, and the gradient along it is cut",
  updateShut: "the state is replaced at every timestep, and the gradient along it is cut",
  outputShut: "hardly anything of the cell is output, and hardly any gradient enters it",
  inputShut: "hardly anything is written into the cell, and hardly any gradient reaches its input",
  resetShut: "the candidate ignores the state of the timestep before",
  gateValues: ({ low, gate, high }: { low: string; gate: string; high: string }) =>
    `${low} of the ${gate} gate's values are below 0.1 and ${high} above 0.9`,
  gateSwitches: (values: string) => `${values}: it is a switch with next to no slope.`,
  symmetric: (listed: string) => `the units of ${listed} are all alike: they start with the same weights`,
  symmetricWhy: ({ reason, because }: { reason: string; because: string }) =>
    `${reason} Random initial weights make units differ; their usual scales are Glorot's, or He's for ReLU. ${because}`,
  zeroWeights:
    "Their weights are exactly zero, so the ReLU gets zero, where it is flat: no gradient reaches the units, and they stay at zero.",
  alikeForEver:
    "The layers after them treat them alike, so they get the same gradient at every step and never become different: the layer is as good as one unit wide.",
  alikeButDropout: "The layers after them treat them alike, so only dropout makes them differ, by chance and slowly.",
  alikeAtFirst:
    "Only the weights after them make them differ: at first all of them move in the same direction, and it takes long until they differ.",
  oneUnitWide: (loss: string) =>
    `The loss, ${loss}, has left the baseline: it can only fall as far as one unit per layer can bring it.`,
  andOthers: ({ names, others }: { names: string; others: number }) => `${names} and ${count(others, "other layer")}`,
  and: ({ names, last }: { names: string; last: string | undefined }) => `${names} and ${last}`,
  lastAndFirst: ({ warning, late, early }: { warning: boolean; late: string; early: string }) =>
    ` ${warning ? "Now" : "At the initial weights"} the gradient of the last block's output is ${late}, that of the first one's ${early}.`,
  postNorm: (blocks: number) =>
    `${count(blocks, "block")} normalize after each residual sum, and the learning rate has no warm-up`,
  postNormWhy: ({ deep, measured, because }: { deep: number; measured: string; because: string }) =>
    `From ${deep} such blocks on, the first steps at the full rate are too large for the last ones, whose gradient is the largest.${measured} Normalization before each part ("pre") or a warm-up avoids that. ${because}`,
};

/** Findings about data, loss and what holds the training back. */

import { count } from "../numberText.ts";

export const learningFindings = {
  side: (side: "inputs" | "targets", array: string | null): string => (array === null ? side : `${side} "${array}"`),
  reaches: ({
    subject,
    one,
    extreme,
    spread,
    few,
  }: {
    subject: string;
    one: boolean;
    extreme: string;
    spread: string;
    few: string;
  }) => `${subject} ${one ? "reaches" : "reach"} ${extreme} (${spread}${few})`,
  scaleThem: (off: string) => `${off}: scale them`,
  notMainCause: (code: string) => `This is not the main cause: fix ${code} first.`,
  wildRate: ({ learningRate, times }: { learningRate: string; times: string }) =>
    `The learning rate, ${learningRate}, is ${times} times the usual one: fix that first.`,
  theMost: " the most",
  columnsOf: ({
    several,
    columns,
    side,
    array,
    name,
  }: {
    several: number;
    columns: number;
    side: string;
    array: string | null;
    name: string;
  }) => `${several} of ${columns} columns of the ${side}${array === null ? "" : ` "${array}"`}${name}`,
  varyLittle: ({ subject, deviation, mean }: { subject: string; deviation: string; mean: string }) =>
    `${subject} vary by no more than ${deviation} (mean ${mean})`,
  outliers: (share: string) => `; outliers: ${share}`,
  outliersWhy: (side: string) =>
    `A few values of the ${side} lie far from the others, and each causes an update of its own size. Check whether they are mistakes; scaling leaves them just as far from the others.`,
  smallInputs:
    "The differences between samples are lost beside the biases: the weights would have to be as large as the inputs are small.",
  smallTargets:
    "The differences between samples are lost beside the outputs of a net with random weights; errors and gradients are as small as the targets.",
  largeInputs: ({ size, curvature }: { size: string; curvature: string }) =>
    `Initial weights and learning rates are made for inputs of mean 0 and deviation 1. Inputs of size ${size} make the inputs of activations as large, and multiply the curvature of the loss by ${curvature}: the largest stable rate is as many times smaller.`,
  largeTargets: (size: string) =>
    `Errors and gradients are as large as the targets, of size ${size}, until the output has grown to match them.`,
  maskTooLate: (name: string) => `${name} comes too late to mask them`,
  nothingMasks: "nothing masks them",
  padding: ({ share, at, mask }: { share: string; at: string; mask: string }) =>
    `${share} of the timesteps are padding (zeros at the ${at}) and ${mask}`,
  maskAfter: ({ changer, type, mask }: { changer: string; type: string; mask: string }) =>
    `${changer} (${type}) changes the zeros before ${mask} looks for them: put the mask first. `,
  paddingWhy: ({ longest, late, isEnd }: { longest: number; late: string; isEnd: boolean }) =>
    `The longest sample has ${count(longest, "timestep")} without its padding. ${late}${isEnd ? "A recurrent layer keeps computing over the padding: its last state, and the gradient back from it, have to pass through all of it." : "A recurrent layer starts with the padding, so its first states respond to nothing."}`,
  maskIndex: (name: string) => `Mask index 0 (maskZero of ${name})`,
  maskZeros: "Mask the timesteps that are all zeros (masking first)",
  moveBefore: ({ mask, first }: { mask: string; first: string }) => `Move ${mask} before ${first}`,
  plateau: ({ standing, steps }: { standing: string; steps: number }) => `${standing}, after ${count(steps, "step")}`,
  stillFalling: "The loss was still falling when the run ended.",
  batchesVary: "; the losses of single batches vary too much to tell",
  needThatLong: "; many nets need that long to begin",
  shareIsOver: ({ share, reservation }: { share: string; reservation: string }) =>
    `${share} of the run is over${reservation}.`,
  plateauWhy: ({
    baseline,
    tolerance,
    course,
    recurrent,
  }: {
    baseline: string;
    tolerance: string;
    course: string;
    recurrent: boolean;
  }) =>
    `The best constant answer has a loss of ${baseline}; a net within ${tolerance} of it, or above it, has learnt nothing from its inputs yet. ${course} ${recurrent ? "A gradient that reaches all timesteps is necessary for learning, but not sufficient: see how large the updates are." : "See how large the updates are."}`,
  to: (now: string) => `to ${now}`,
  toAsMuchAs: (worst: string) => `to as much as ${worst}`,
  grown: ({ to, first }: { to: string; first: string }) => `loss has grown ${to}, from ${first} at first`,
  isNow: (now: string) => ` It is ${now} now.`,
  divergingWhy: ({
    factor,
    isFirst,
    reference,
    steps,
    step,
    stable,
    now,
  }: {
    factor: string;
    isFirst: boolean;
    reference: string;
    steps: number;
    step: number;
    stable: string;
    now: string;
  }) =>
    `More than ${factor} times ${isFirst ? "the first loss" : "the trivial baseline"}, ${reference}, over ${steps} steps in a row since step ${step}. Updates overshoot: the steps are too long, so the loss rises instead of falling.${stable}${now}`,
  nothingFound: ({ loss, baseline }: { loss: string; baseline: string }) =>
    `a quick model finds nothing to learn here beyond the baseline: loss ${loss}, baseline ${baseline}`,
  nothingFoundWhy: (advice: string) =>
    `A quick model that looks at single inputs and pairs finds nothing in them that predicts the targets of samples it has not seen. Either the targets do not depend on the inputs (noise, rows that do not belong together), or they depend on three or more inputs together, some of them perhaps far back; a quick model cannot tell these two cases apart. ${advice}`,
  areAll: (value: string) => `are all ${value}`,
  areSame: "are the same in every sample",
  constantInputs: (what: string) => `the inputs ${what}: no net can tell the samples apart`,
  constantInputsWhy:
    "Every sample looks the same, so the best answer is one constant value, and no change of the net or of its training helps. Check that these are the right columns or the right file, and that no conversion has rounded them all to one value.",
  constantTargets: (what: string) => `the targets ${what}: there is nothing to learn from the inputs`,
  constantTargetsWhy:
    "A constant answer costs nothing, so no loss can show whether the net learns. Check that these are the right targets, and that the samples contain more than one value or class.",
  checkPairs: "Check first that inputs and targets belong together.",
  stateTheLag:
    'If you know that they do, set how far back with "diagnosis": { "requiredLag": … }: the rules then judge whether the gradient reaches that far.',
  scheduleEnds: ({ end, rate, share }: { end: number; rate: string; share: string }) =>
    `the schedule ends the learning rate at step ${end}: it is ${rate}, ${share} of its full value`,
  scheduleEndsWhy: ({
    share,
    ended,
    full,
    movement,
    steps,
    standing,
  }: {
    share: string;
    ended: string;
    full: string;
    movement: string;
    steps: number;
    standing: string;
  }) =>
    `For the last ${share} of the run the rate is below ${ended} of ${full}, so over the whole run no kernel moves by more than ${movement} of itself. After ${steps} steps ${standing}.`,
  cosine: "Let the learning rate fall over the whole run (cosine)",
  constantRate: "Keep the learning rate constant",
  warmsUp: ({ warmup, steps }: { warmup: number; steps: number }) =>
    `the warm-up takes ${warmup} steps, but the run has only ${steps}`,
  warmsUpWhy: ({
    highest,
    full,
    movement,
    steps,
    standing,
  }: {
    highest: string;
    full: string;
    movement: string;
    steps: number;
    standing: string;
  }) =>
    `The learning rate gets to ${highest} of ${full}, so over the whole run no kernel moves by more than ${movement} of itself. After ${steps} steps ${standing}.`,
  shorterWarmup: (steps: number) => `Warm up over ${steps} steps, a tenth of the run`,
  noWarmup: "Begin at the full learning rate",
  epsilon: ({ epsilon, optimizer }: { epsilon: string; optimizer: string }) =>
    `epsilon of ${optimizer} is ${epsilon}: the updates come to nothing`,
  epsilonWhy: ({
    usual,
    movement,
    steps,
    standing,
  }: {
    usual: string;
    movement: string;
    steps: number;
    standing: string;
  }) =>
    `The optimizer divides each gradient by its usual size plus epsilon. Gradients of single weights are mostly far smaller than that, so epsilon alone decides, and the updates shrink with the gradients. ${usual} only guards against a division by zero. Over the whole run no kernel moves by more than ${movement} of itself. After ${steps} steps ${standing}.`,
  usualEpsilon: (usual: string) => `Set epsilon to ${usual}`,
  momentum: ({ momentum, factor }: { momentum: string; factor: string }) =>
    `momentum ${momentum} adds up ${factor} gradients: the weights overshoot`,
  momentumWhy: ({
    factor,
    rate,
    usual,
    steps,
    standing,
  }: {
    factor: string;
    rate: string;
    usual: number;
    steps: number;
    standing: string;
  }) =>
    `Each gradient goes on to move the weights for about ${factor} steps, long after it has turned round, and the learning rate comes to ${rate}. Usual is ${usual}, which adds up ten gradients; a stronger momentum needs a smaller rate and a longer run. After ${steps} steps ${standing}.`,
  usualMomentum: (usual: number) => `Set momentum to ${usual}`,
  constraint: ({ layer, constraint, norm }: { layer: string; constraint: string; norm: string }) =>
    `${constraint} of ${layer} allows its weights a norm of ${norm} at most`,
  constraintWhy: ({ usual, steps, standing }: { usual: number; steps: number; standing: string }) =>
    `The weights of each unit are scaled down to that norm after every step, so next to nothing of the inputs passes, and next to no gradient. Initial weights have a norm of about 1, and limits of ${usual} to 4 are usual. After ${steps} steps ${standing}.`,
  usualNorm: (usual: number) => `Allow a norm of ${usual}`,
  rescaled: ({ layer, min, max }: { layer: string; min: string; max: string }) =>
    `${layer} shrinks inputs that are between ${min} and ${max} already`,
  rescaledWhy: ({ factor, left, steps, standing }: { factor: string; left: string; steps: number; standing: string }) =>
    `Times ${factor}, their deviation is ${left}, where initial weights are made for one of about 1: the samples hardly differ for the net. Bytes are divided by 255 once, and these inputs seem to have been. After ${steps} steps ${standing}.`,
  weightClip: ({ limit, left }: { limit: string; left: string }) => `weightClip ${limit} leaves ${left} of the weights`,
  weightClipWhy: ({ steps, standing }: { steps: number; standing: string }) =>
    `The limit holds for the whole model after every update. Weights so small pass next to nothing of the inputs, and next to no gradient. After ${steps} steps ${standing}.`,
  noWeightClip: "Do not limit the weights",
  pruning: (share: string) => `pruning removes ${share} of the weights`,
  pruningWhy: ({ left, usual, steps, standing }: { left: string; usual: string; steps: number; standing: string }) =>
    `Only ${left} of each matrix is left to learn with. Up to ${usual} can usually be removed at little loss (Zhu & Gupta 2017). After ${steps} steps ${standing}.`,
  lessPruning: (usual: string) => `Remove ${usual} of the weights`,
  accumulator: (value: string) => `Adagrad begins with a sum of squares of ${value}: the updates come to nothing`,
  accumulatorWhy: ({
    factor,
    usual,
    movement,
    steps,
    standing,
  }: {
    factor: string;
    usual: string;
    movement: string;
    steps: number;
    standing: string;
  }) =>
    `Each gradient is divided by the root of that sum, ${factor} at first, until squares of gradients of that size have been added. ${usual} is usual. Over the whole run no kernel moves by more than ${movement} of itself. After ${steps} steps ${standing}.`,
  usualAccumulator: (usual: string) => `Begin with ${usual}`,
  noise: ({ layer, times }: { layer: string; times: string }) =>
    `the noise of ${layer} is ${times} times as large as what it is added to`,
  noiseWhy: ({
    stddev,
    signal,
    steps,
    standing,
  }: {
    stddev: string;
    signal: string;
    steps: number;
    standing: string;
  }) =>
    `Its deviation is ${stddev}, that of the signal ${signal}: what arrives is nearly all noise, another at each step. A tenth of the signal's deviation is usual. After ${steps} steps ${standing}.`,
  lessNoise: (stddev: string) => `Add noise of deviation ${stddev}`,
  noRescaling: "Leave the inputs as they are (scale 1)",
  loneBatch: (layer: string) => `${layer} normalizes batches of one sample: nothing passes it`,
  loneBatchWhy: ({ steps, standing }: { steps: number; standing: string }) =>
    `It subtracts the mean of the batch. For a single sample that is the value itself, so the layer gives the same output whatever comes in, and no gradient gets past it. After ${steps} steps ${standing}.`,
  largerBatch: (size: number) => `Train on batches of ${size}`,
  layerNormalization: (layer: string) => `Normalize each sample by itself (layerNormalization for ${layer})`,
  dropout: ({ rate, layer }: { rate: string; layer: string }) =>
    `dropout removes ${rate} of the values that pass ${layer}`,
  dropoutWhy: ({
    rate,
    factor,
    usual,
    steps,
    standing,
  }: {
    rate: string;
    factor: string;
    usual: number;
    steps: number;
    standing: string;
  }) =>
    `Each step sees a different ${rate} of the values, scaled up ${factor} times, so what the steps learn does not add up. Rates up to ${usual} are usual. After ${steps} steps ${standing}.`,
  lowerDropout: (rate: number) => `Lower the dropout to ${rate}`,
  penalty: ({ penalty, times }: { penalty: string; times: string }) =>
    `the penalty on the weights starts at ${penalty}, ${times} times the loss of the data`,
  andMore: (more: number) => ` and ${more} more`,
  penaltyWhy: ({
    layer,
    more,
    factor,
    usual,
    now,
    left,
    steps,
    standing,
  }: {
    layer: string;
    more: string;
    factor: string;
    usual: number;
    now: string;
    left: string;
    steps: number;
    standing: string;
  }) =>
    `The regularizers of ${layer}${more} have factors up to ${factor}; ${usual} is usual. The updates follow the penalty, now ${now}: one kernel has shrunk to ${left} of its initial norm. After ${steps} steps ${standing}.`,
  lowerPenalty: (usual: number) => `Lower the factors of the regularizers to ${usual}`,
  noPenalty: "Remove the regularizers",
  clipped: ({ share, kept, kind, limit }: { share: string; kept: string; kind: string; limit: string }) =>
    `${share} of the steps are clipped, to ${kept} of their gradient: "${kind}" is ${limit}`,
  clippedWhy: ({ usual, left, movement }: { usual: string; left: string; movement: string }) =>
    `The norm of all gradients is usually ${usual}; the limit leaves ${left} of it. Over the whole run no kernel therefore moves by more than ${movement} of itself. A clip limit is meant for spikes: set to a few times the usual norm, it leaves usual steps alone.`,
  raiseClip: (limit: number) => `Raise the limit to ${limit}, a few times the usual gradient`,
  noClip: "Do not clip the gradients",
};

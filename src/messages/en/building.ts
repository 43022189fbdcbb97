/** Why a model cannot be built as its config says, or its training not go on: problems with their remedies. */

import { count } from "../numberText.ts";

interface Named {
  readonly layer: string;
  readonly type: string;
}

export const building = {
  cannotShare: (of: { layer: string; shares: string; weight: string; needed: string; shape: string }) =>
    `"${of.layer}" cannot use the weights of "${of.shares}": what enters it needs a ${of.weight} of shape ${of.needed}, but that of "${of.shares}" is ${of.shape}. Give both inputs of the same size.`,
  needsAxis: ({ layer, type }: Named) =>
    `"${layer}" (${type}) needs an axis here: set "axis": -1 for the units, or 1 for time.`,
  constraintAxis: ({ layer, type, axis, weight, axes }: Named & { axis: number; weight: string; axes: number }) =>
    `"${layer}" (${type}): the constraint uses axis ${axis}, but the weight "${weight}" has ${axes === 0 ? "no axis: it is one number" : axes === 1 ? "only axis 0" : `only axes 0 to ${axes - 1}`}.`,
  maskShape: ({ layer, type, mask, shape, filled }: Named & { mask: string; shape: string; filled: boolean }) =>
    `"${layer}" (${type}): its mask ${mask} does not fit ${shape}, its input with the batch first. Each size is that of the input or 1${filled ? ", or null for the input's" : ""}.`,
  statedFeatures: ({ layer, type, features, stated }: Named & { features: number; stated: number }) =>
    `"${layer}" (${type}) gets ${count(features, "feature")}, not ${stated}. "inputDim" has no effect: leave it out.`,

  itsLayer: (layer: string) => `${layer}, its layer`,
  innerShape: ({ layer, inner, shape, needs }: { layer: string; inner: string; shape: string; needs: string }) =>
    `${layer} (timeDistributed) passes each timestep separately to its inner layer, "${inner}": shape ${shape}. That layer needs ${needs}. Write it without "timeDistributed", or give each timestep more axes.`,
  sequence: "a sequence: (timesteps, features)",
  axesOfForm: ({ axes, form }: { axes: number; form: string }) => `${axes} axes: ${form}`,

  statefulTask: ({ layer, task }: { layer: string; task: string }) =>
    `"${layer}" is stateful, but each sample of "${task}" is made independently: a state carried from one batch to the next is of no use there.`,
  statefulInside: ({ layer, around }: { layer: string; around: string }) =>
    `"${layer}" is used once for each timestep of "${around}": a carried state would go from one timestep to the next, not from batch to batch. Leave "stateful" out.`,
  statefulAccumulate: (accumulate: number) =>
    `A stateful layer carries its state from batch to batch, but "accumulate": ${accumulate} takes that many side by side in one step. Leave out either "accumulate" or "stateful".`,
  statefulShuffle: (test: number) =>
    `A stateful layer needs samples that continue from batch to batch, but "test": ${test} takes some out at random. Set "shuffle": false, so that the last ones are kept for testing.`,

  orthogonalVector: `"orthogonal" is for matrices, not for vectors.`,
  identityVector: `"identity" is for square matrices, not for vectors.`,
  identityShape: (shape: string) => `"identity" is for square matrices; this weight is ${shape}. Use "orthogonal".`,
  tooManyWeights: ({ weight, shape, all, most }: { weight: string; shape: string; all: string; most: string }) =>
    `The weight "${weight}" of shape ${shape} brings the model to ${all} weights; the limit is ${most}. Use fewer units.`,

  needsSequences: "It needs sequences, (timesteps, features).",
  needsSequencesNot: (axes: number) =>
    `It needs sequences, (timesteps, features), but one of its inputs has ${axes} ${axes === 1 ? "axis" : "axes"}.`,
  queryAndKeys: ({ query, keys }: { query: number; keys: number }) =>
    `Its query has ${query} features and its keys ${keys}; both need the same number, because they are compared without weights.`,
  valuesAndKeys: ({ values, keys }: { values: number; keys: number }) =>
    `Its values have ${values} timesteps and its keys ${keys}; both need the same number.`,
  headsOfQuery: ({ features, heads }: { features: number; heads: number }) =>
    `${features} features of the query cannot be divided among ${heads} heads. Choose a number of heads that divides ${features}, or set "keyDim".`,
  heads: ({ features, heads }: { features: number; heads: number }) =>
    `${features} features cannot be divided among ${heads} heads. Choose a number of heads that divides ${features}, or set "keyDim".`,
  featureGroups: ({ features, groups }: { features: number; groups: number }) =>
    `${features} features cannot be divided into ${groups} groups. Choose a number that divides ${features}.`,
  channelGroups: ({ channels, groups }: { channels: number; groups: number }) =>
    `${channels} channels cannot be divided into ${groups} groups. Choose a number of groups that divides both.`,
  filterGroups: ({ filters, groups }: { filters: number; groups: number }) =>
    `${filters} filters cannot be divided into ${groups} groups. Choose a number of groups that divides both.`,
  channelsLast: `With "groups" the channels have to come last.`,

  noEquation: (equation: string) => `"${equation}" is no equation as abc,cd->abd.`,
  equationAxes: ({ equation, axes, shape }: { equation: string; axes: number; shape: number }) =>
    `"${equation}" is for inputs with ${axes} axes, but there are ${shape}.`,
  equationTwice: (equation: string) => `"${equation}" names an axis twice, which is not computed here.`,
  equationUnfit: (equation: string) =>
    `"${equation}" is not computed here: each axis of the input either stays or is summed over with the kernel, and the first one is the batch. Write it as \`dense\`, \`permute\`, \`reshape\` and \`dot\` layers.`,
  biasAxes: (axes: string) => `"${axes}" names an axis that the output does not have.`,
  axisSize: (axis: string) => `The size of axis "${axis}" is missing.`,

  noModel: (name: string) => `The config has no model "${name}".`,
  cannotWriteCheckpoints: ({ folder, why }: { folder: string; why: string }) =>
    `Checkpoints cannot be written to "${folder}"${why}`,
  taken: (by: string) => `: ${by}. Wait until that run ends, or name another folder.`,
  unsafe: (why: string) => `: ${why}. Name a folder that can be made below the config's folder.`,
  notMade: (code: string) =>
    `${code === "" ? "" : ` (${code})`}. Name a folder that can be made below the config's folder.`,
  noCheckpointKept: `There is no checkpoint to resume from: "training" has no "checkpoint", e.g. { "folder": "checkpoints" }.`,
  nothingToResume: "There is no checkpoint to resume from. Train without --resume first.",
  changedSince:
    "The layers, the data or the training have changed since the checkpoint was written, so the run cannot resume from it. Train without --resume to start again.",
  checkpointUnread: (why: string) => `The checkpoint cannot be read: ${why}`,
  noPlaceInTraining: "It does not say where a training run stopped.",
  weightsIncomplete: (layer: string) => `The weights of "${layer}" are incomplete.`,
  fileIncomplete: (file: string) => `Its ${file} is missing or incomplete.`,
  checkpointUnwritten: (why: string) => `The checkpoint could not be written: ${why}`,
};

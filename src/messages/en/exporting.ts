/** What of a model or its training has no equivalent in another framework. */

export const exporting = {
  layer: (type: string) => `The layer "${type}" has no equivalent.`,
  layerYet: ({ type, framework }: { type: string; framework: string }) =>
    `The layer "${type}" has no equivalent in ${framework} yet. Export the model with another layer in its place, and write this one into the script.`,
  activation: (name: string) => `The activation "${name}" has no equivalent.`,
  constraint: (name: string) => `The ${name} has no equivalent in the script yet.`,
  frozenLayer: (type: string) => `A frozen layer "${type}" has no equivalent in the script of Keras yet.`,

  pruning: "Pruning has no equivalent in the script.",
  gradientNorm: "The regularizer Ω has no equivalent in the script.",
  oneClip: "Keras clips gradients in one way: export the model with one of the limits.",
  weightClip: "A limit on the norm of attention's weights has no equivalent in Keras.",
  fewSamples: "There are fewer samples than one update accumulates, which Keras cannot split equally.",

  maskOfAttention:
    "A mask that reaches attention has no equivalent in the script yet. Export the model without the mask, and give the attention a mask in the script.",
  maskOfLayer: (type: string) =>
    `A mask that reaches a layer "${type}" has no equivalent in Keras. Export the model without the mask.`,
  maskAndTruncation:
    "A masked sequence cannot be cut by truncation in the script. Export the model without one of the two.",

  severalCells: "Several cells within one timestep have no equivalent: write them as layers of their own.",
  stateful: "A stateful layer has no equivalent in the script's loop.",
  handedStates: "States that a bidirectional layer takes or hands over have no equivalent.",
  sharedStates: "States of a layer that shares its weights have no equivalent in the script yet.",
  twoOutputs: "A bidirectional layer without a mergeMode has two outputs.",
  gruBias: "A penalty on the bias of this gru has no equivalent: PyTorch has two biases.",
  peepholes: "Peepholes have no equivalent in Keras.",
  truncation: "Truncation has no equivalent in Keras: export the model without it.",

  attentionDropout: "Dropout of the attention itself has no equivalent in the script yet.",
  attentionPenalty: "A penalty on the weights of attention has no equivalent in the script yet.",
  channelsFirst: "Channels in front have no equivalent in the script yet.",
  groups: "Groups of channels have no equivalent in the script yet.",
  samePadding: 'PyTorch has no padding "same" with strides: pad with zeroPadding2d, or use "valid".',
  samePooling: 'A pooling with padding "same" has no equivalent: use "valid".',
  otherAxes: "A normalization over other axes than the last one has no equivalent.",
  offsetAlone: "A normalization with an offset but no factor has no equivalent.",
  offsetOrFactor: "A normalization with only one of offset and factor has no equivalent.",
  noiseShape: "A noiseShape has no equivalent.",
};

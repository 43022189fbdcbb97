/** Small models that together contain every layer type of the config. */

import type { LayerLine } from "./entries.ts";

export interface Case {
  readonly input: readonly number[];
  readonly layers: readonly LayerLine[];
}

const vector = [6];
const sequence = [5, 4];
const image = [6, 6, 3];
const volume = [4, 4, 4, 2];
const dense: LayerLine = { type: "dense", units: 4 };
const conv: LayerLine = { type: "conv2d", filters: 3, kernelSize: 2, padding: "same" };
const conv3: LayerLine = { type: "conv3d", filters: 2, kernelSize: 2, padding: "same" };
export const head: readonly LayerLine[] = [{ type: "dense", name: "head", units: 2 }];

/** Places the layer between layers with weights, so that the gradient has to pass through it. */
const inVector = (...layers: LayerLine[]): Case => ({
  input: vector,
  layers: [{ type: "dense", units: 6 }, ...layers, ...head],
});
const inSequence = (...layers: LayerLine[]): Case => ({ input: sequence, layers: [dense, ...layers, ...head] });
const inImage = (...layers: LayerLine[]): Case => ({ input: image, layers: [conv, ...layers, ...head] });
const inVolume = (...layers: LayerLine[]): Case => ({ input: volume, layers: [conv3, ...layers, ...head] });
const merging = (type: string, more: object = {}): Case => ({
  input: vector,
  layers: [
    { type: "dense", name: "a", inputs: ["input"], units: 4 },
    { type: "dense", name: "b", inputs: ["input"], units: 4, activation: "tanh" },
    { type, name: "merged", inputs: ["a", "b"], ...more },
    ...head,
  ],
});

/** A layer of a query and values. */
const pairs = (layer: LayerLine): Case => ({
  input: sequence,
  layers: [
    { type: "dense", name: "query", inputs: ["input"], units: 3 },
    { type: "lstm", name: "values", inputs: ["input"], units: 3, returnSequences: true },
    { ...layer, inputs: ["query", "values"] },
    ...head,
  ],
});

export const cases: { readonly [type: string]: Case } = {
  elu: inVector({ type: "elu" }),
  reLU: inVector({ type: "reLU", maxValue: 1 }),
  leakyReLU: inVector({ type: "leakyReLU" }),
  prelu: inSequence({ type: "prelu", alphaInitializer: { type: "randomNormal", mean: 0.3, stddev: 0.2 } }),
  softmax: inVector({ type: "softmax" }),
  thresholdedReLU: inVector({ type: "thresholdedReLU", theta: 0.1 }),
  conv1d: inSequence({ type: "conv1d", filters: 3, kernelSize: 2, strides: 2 }),
  conv2d: inImage({ type: "conv2d", filters: 2, kernelSize: 3, strides: 2, activation: "relu" }),
  conv2dTranspose: inImage({ type: "conv2dTranspose", filters: 2, kernelSize: 2, strides: 2 }),
  conv3d: inVolume({ type: "conv3d", filters: 2, kernelSize: 2 }),
  conv3dTranspose: inVolume({ type: "conv3dTranspose", filters: 2, kernelSize: 2, strides: 2 }),
  separableConv2d: inImage({ type: "separableConv2d", filters: 2, kernelSize: 2, depthMultiplier: 2 }),
  "dilated conv1d": inSequence({ type: "conv1d", filters: 3, kernelSize: 2, dilationRate: 3, activation: "tanh" }),
  "dilated conv2d": inImage(
    { type: "conv2d", filters: 3, kernelSize: 3, dilationRate: [1, 2], padding: "same" },
    { type: "conv2d", filters: 2, kernelSize: 2, dilationRate: 2, activation: "elu" },
  ),
  "conv2d with the channels first": inImage({
    type: "conv2d",
    filters: 2,
    kernelSize: 3,
    dataFormat: "channelsFirst",
    padding: "same",
    activation: "sigmoid",
  }),
  "dilated depthwise convolutions": inImage(
    { type: "depthwiseConv2d", kernelSize: 2, depthMultiplier: 2, dilationRate: 2, padding: "same" },
    { type: "separableConv2d", filters: 2, kernelSize: 2, dilationRate: [2, 3] },
  ),
  "dilated conv3d": inVolume({ type: "conv3d", filters: 2, kernelSize: 2, dilationRate: 2 }),
  "dilated convLstm2d": {
    input: [3, 5, 5, 2],
    layers: [{ type: "convLstm2d", filters: 2, kernelSize: 2, dilationRate: 2, padding: "same" }, ...head],
  },
  cropping2D: inImage({
    type: "cropping2D",
    cropping: [
      [1, 1],
      [0, 2],
    ],
  }),
  upSampling2d: inImage({ type: "upSampling2d", size: [2, 2] }),
  depthwiseConv2d: inImage({ type: "depthwiseConv2d", kernelSize: 2, depthMultiplier: 2 }),
  activation: inVector({ type: "activation", activation: "tanh" }),
  dense: inVector({
    type: "dense",
    units: 3,
    activation: "relu",
    kernelRegularizer: { type: "l1l2", l1: 0.1, l2: 0.1 },
  }),
  dropout: inVector({ type: "dropout", rate: 0.5 }),
  spatialDropout1d: inSequence({ type: "spatialDropout1d", rate: 0.5 }),
  flatten: inSequence({ type: "flatten" }),
  repeatVector: inVector({ type: "repeatVector", n: 3 }),
  reshape: inVector({ type: "reshape", targetShape: [2, 3] }),
  permute: inSequence({ type: "permute", dims: [2, 1] }),
  embedding: {
    input: [5],
    layers: [{ type: "embedding", inputDim: 7, outputDim: 3 }, { type: "gru", units: 3 }, ...head],
  },
  add: merging("add"),
  average: merging("average"),
  concatenate: merging("concatenate"),
  maximum: merging("maximum"),
  minimum: merging("minimum"),
  multiply: merging("multiply"),
  dot: merging("dot", { axes: -1 }),
  batchNormalization: inVector({ type: "batchNormalization" }),
  layerNormalization: inSequence({ type: "layerNormalization" }),
  "normalization in a stack": inSequence(
    { type: "batchNormalization" },
    { type: "activation", activation: "tanh" },
    { type: "lstm", units: 4, returnSequences: true },
    { type: "layerNormalization" },
    { type: "bidirectional", layer: { type: "gru", units: 3, returnSequences: true } },
    { type: "batchNormalization" },
    { type: "timeDistributed", layer: { type: "dense", units: 3, activation: "tanh" } },
    { type: "layerNormalization" },
  ),
  "a residual connection": {
    input: sequence,
    layers: [
      { ...dense, name: "in" },
      { type: "layerNormalization", name: "n" },
      { type: "gru", name: "r", units: 4, returnSequences: true },
      { type: "add", name: "s", inputs: ["in", "r"] },
      { type: "dense", name: "after", units: 3, activation: "tanh" },
      ...head,
    ],
  },
  zeroPadding1d: inSequence({ type: "zeroPadding1d", padding: [2, 1] }),
  cropping1d: inSequence({ type: "cropping1d", cropping: [1, 2] }),
  upSampling1d: inSequence({ type: "upSampling1d", size: 3 }),
  separableConv1d: inSequence({
    type: "separableConv1d",
    filters: 3,
    kernelSize: 2,
    depthMultiplier: 2,
    padding: "causal",
    biasInitializer: "randomNormal",
  }),
  depthwiseConv1d: inSequence({ type: "depthwiseConv1d", kernelSize: 3, padding: "same", activation: "tanh" }),
  conv1dTranspose: inSequence({ type: "conv1dTranspose", filters: 3, kernelSize: 3, strides: 2 }),
  "causal convolution": inSequence({ type: "conv1d", filters: 3, kernelSize: 2, padding: "causal", dilationRate: 2 }),
  "depthwise dilated": inImage({ type: "depthwiseConv2d", kernelSize: 2, dilationRate: 2 }),
  "centered upsampling": inImage({ type: "upSampling2d", size: [2, 3], interpolation: "centeredBilinear" }),
  unitNormalization: inSequence({ type: "unitNormalization", axis: [1, 2] }),
  rmsNormalization: inSequence({ type: "rmsNormalization" }),
  normalization: inSequence({ type: "normalization" }, { type: "normalization", mean: 0.5, variance: 2, invert: true }),
  "normalization over timesteps": inSequence({ type: "batchNormalization", axis: 1 }),
  subtract: merging("subtract"),
  divide: merging("divide"),
  slice: inSequence({ type: "slice", start: 1 }, { type: "slice", step: -1 }, { type: "slice", index: -1 }),
  expandDims: inSequence({ type: "expandDims", axis: 2 }, { type: "slice", axis: 2, index: 0 }),
  cumulativeSum: inSequence({ type: "cumulativeSum" }, { type: "cumulativeSum", axis: -1 }),
  einsumDense: inSequence(
    {
      type: "einsumDense",
      equation: "abc,cde->abde",
      outputShape: [null, 2, 3],
      biasAxes: "de",
      activation: "tanh",
      biasInitializer: "randomNormal",
    },
    { type: "einsumDense", equation: "...xy,xyz->...z", outputShape: [3] },
  ),
  compare: {
    input: sequence,
    layers: [
      { type: "dense", name: "a", inputs: ["input"], units: 3 },
      { type: "compare", name: "c", by: "greater", to: 0.1 },
      { type: "multiply", name: "shown", inputs: ["a", "c"] },
      ...head,
    ],
  },
  where: {
    input: sequence,
    layers: [
      { type: "dense", name: "a", inputs: ["input"], units: 3 },
      { type: "dense", name: "b", inputs: ["input"], units: 3 },
      { type: "compare", name: "c", by: "less", inputs: ["a"] },
      { type: "where", name: "one", inputs: ["c", "a", "b"] },
      { type: "where", name: "two", inputs: ["c", "one"], otherwise: 0.5 },
      ...head,
    ],
  },
  reduce: inSequence(
    { type: "reduce", by: "max", keepDims: true },
    { type: "reduce", by: "sum", axis: [1, 2], keepDims: true },
  ),
  "ReLU with a slope": inVector({ type: "reLU", negativeSlope: 0.2, threshold: 0.1, maxValue: 1 }),
  "elu with alpha": inVector({ type: "elu", alpha: 0.5 }),
  "softmax over time": inSequence({ type: "softmax", axis: 1 }),
  "activations of Keras": inSequence(
    { type: "dense", units: 3, activation: "hardSigmoid6" },
    { type: "dense", units: 3, activation: "leakyRelu" },
    { type: "dense", units: 3, activation: "hardSwish" },
    { type: "dense", units: 3, activation: "logSoftmax" },
  ),
  zeroPadding2d: inImage({
    type: "zeroPadding2d",
    padding: [
      [1, 1],
      [1, 1],
    ],
  }),
  averagePooling1d: inSequence({ type: "averagePooling1d", poolSize: 2 }),
  avgPool1d: inSequence({ type: "avgPool1d", poolSize: 2 }),
  avgPooling1d: inSequence({ type: "avgPooling1d", poolSize: 2 }),
  averagePooling2d: inImage({ type: "averagePooling2d", poolSize: 2 }),
  avgPool2d: inImage({ type: "avgPool2d", poolSize: 2 }),
  avgPooling2d: inImage({ type: "avgPooling2d", poolSize: 2 }),
  averagePooling3d: inVolume({ type: "averagePooling3d", poolSize: 2 }),
  avgPool3d: inVolume({ type: "avgPool3d", poolSize: 2 }),
  avgPooling3d: inVolume({ type: "avgPooling3d", poolSize: 2 }),
  globalAveragePooling1d: inSequence({ type: "globalAveragePooling1d" }),
  globalAveragePooling2d: inImage({ type: "globalAveragePooling2d" }),
  globalMaxPooling1d: inSequence({ type: "globalMaxPooling1d" }),
  globalMaxPooling2d: inImage({ type: "globalMaxPooling2d" }),
  globalMaxPool1d: inSequence({ type: "globalMaxPool1d" }),
  globalMaxPool2d: inImage({ type: "globalMaxPool2d" }),
  maxPooling1d: inSequence({ type: "maxPooling1d", poolSize: 2 }),
  maxPool1d: inSequence({ type: "maxPool1d", poolSize: 2 }),
  maxPooling2d: inImage({ type: "maxPooling2d", poolSize: 2 }),
  maxPool2d: inImage({ type: "maxPool2d", poolSize: 2 }),
  maxPooling3d: inVolume({ type: "maxPooling3d", poolSize: 2 }),
  gru: inSequence(
    { type: "gru", units: 3, returnSequences: true },
    { type: "gru", units: 2, dropout: 0.2, recurrentDropout: 0.2 },
  ),
  lstm: inSequence({ type: "lstm", units: 3, returnSequences: true }, { type: "lstm", units: 2, goBackwards: true }),
  "lstm with peepholes": inSequence(
    { type: "lstm", units: 3, peepholes: true, recurrentActivation: "sigmoid", returnSequences: true },
    { type: "lstm", units: 2, peepholes: true, dropout: 0.2, recurrentDropout: 0.2, peepholeRegularizer: "l2" },
  ),
  "gru with resetAfter": inSequence(
    { type: "gru", units: 3, resetAfter: true, recurrentActivation: "sigmoid", returnSequences: true },
    { type: "gru", units: 2, resetAfter: true, dropout: 0.2, recurrentDropout: 0.2, biasInitializer: "randomNormal" },
  ),
  simpleRNN: inSequence(
    { type: "simpleRNN", units: 3, returnSequences: true },
    { type: "simpleRNN", units: 2, activation: "relu6" },
  ),
  convLstm2d: {
    input: [3, 5, 5, 2],
    layers: [
      { type: "convLstm2d", filters: 2, kernelSize: 2, returnSequences: true },
      { type: "convLstm2d", filters: 2, kernelSize: 2 },
      ...head,
    ],
  },
  rnn: inSequence({
    type: "rnn",
    cell: [
      { type: "lstmCell", units: 3 },
      { type: "simpleRNNCell", units: 3 },
      { type: "gruCell", units: 2 },
    ],
  }),
  selfAttention: inSequence(
    { type: "selfAttention", heads: 2, residual: true },
    { type: "selfAttention", heads: 3, keyDim: 2, causal: true, biasInitializer: "randomNormal", dropout: 0.2 },
  ),
  crossAttention: {
    input: sequence,
    layers: [
      { type: "dense", name: "query", inputs: ["input"], units: 4 },
      { type: "lstm", name: "values", inputs: ["input"], units: 3, returnSequences: true },
      { type: "crossAttention", inputs: ["query", "values"], heads: 2, keyDim: 3, valueDim: 2, units: 5, causal: true },
      ...head,
    ],
  },
  dotAttention: pairs({ type: "dotAttention", useScale: true, causal: true }),
  "dotAttention by concatenation": pairs({ type: "dotAttention", useScale: true, scoreMode: "concat" }),
  additiveAttention: pairs({ type: "additiveAttention", dropout: 0.1 }),
  groupNormalization: inSequence({ type: "groupNormalization", groups: 2 }),
  elementwise: inVector({ type: "activation", activation: "softplus" }, { type: "elementwise", function: "log1p" }),
  power: inVector({ type: "activation", activation: "sigmoid" }, { type: "power", exponent: 1.5 }),
  clip: inVector({ type: "clip", low: -0.5, high: 0.5 }),
  "rescaling of each position": inSequence({
    type: "rescaling",
    scale: [0.5, 1, 1.5, 2],
    offset: Array.from({ length: 5 }, (_, t) => [t, -t, 1, 0.1 * t]),
  }),
  attention: inSequence(
    { type: "simpleRNN", units: 3, returnSequences: true },
    { type: "attention", units: 5, biasInitializer: "randomNormal" },
  ),
  "attention over masked states": {
    input: sequence,
    layers: [{ type: "masking" }, { type: "gru", units: 3, returnSequences: true }, { type: "attention" }, ...head],
  },
  positionalEncoding: inSequence(
    { type: "positionalEncoding" },
    { type: "positionalEncoding", encoding: "learned" },
    { type: "dense", units: 3, activation: "tanh" },
  ),
  transformerEncoder: inSequence(
    { type: "transformerEncoder", heads: 2, units: 6, activation: "gelu" },
    { type: "transformerEncoder", heads: 1, keyDim: 3, normalization: "pre", causal: true, dropout: 0.2 },
  ),
  externalMemory: inSequence(
    { type: "externalMemory", units: 3, slots: 4, width: 3, returnSequences: true },
    { type: "externalMemory", units: 2, slots: 3, width: 2, controller: "simpleRNN", writeHeads: 2 },
  ),
  bidirectional: inSequence({ type: "bidirectional", layer: { type: "lstm", units: 2, returnSequences: true } }),
  timeDistributed: inSequence({ type: "timeDistributed", layer: { type: "dense", units: 3, activation: "softmax" } }),
  gaussianNoise: inVector({ type: "gaussianNoise", stddev: 0.1 }),
  gaussianDropout: inVector({ type: "gaussianDropout", rate: 0.3 }),
  alphaDropout: inVector({ type: "alphaDropout", rate: 0.3 }),
  masking: { input: sequence, layers: [{ type: "masking", maskValue: 0 }, { type: "lstm", units: 2 }, ...head] },
  "batchNormalization of films": inVolume({ type: "batchNormalization" }),
  rescaling: inVector({ type: "rescaling", scale: 2, offset: 1 }),
  "rescaling of each feature": inSequence({ type: "rescaling", scale: [2, 1, 0.5, -1], offset: 1 }),
  "conv1d in groups": inSequence({
    type: "conv1d",
    filters: 6,
    kernelSize: 2,
    groups: 2,
    padding: "causal",
    activation: "tanh",
  }),
  centerCrop: { input: image, layers: [{ type: "centerCrop", height: 4, width: 4 }, conv, ...head] },
  resizing: inImage({ type: "resizing", height: 4, width: 4 }),
  categoryEncoding: { input: [1], layers: [{ type: "categoryEncoding", numTokens: 7, outputMode: "oneHot" }, ...head] },
  inputLayer: { input: vector, layers: [{ type: "inputLayer", inputShape: vector }, ...head] },
};

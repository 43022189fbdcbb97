/** Keras's classes for the layers that have one with the same arguments and weights. */

import type { KerasClass } from "./construct.ts";

const kernels = ["kernel", "bias"];
const windows = { strides: 1, padding: "valid", dataFormat: "channelsLast" };
const convolution = (name: string): KerasClass => ({
  name,
  values: { filters: null, kernelSize: null, ...windows, dilationRate: 1, groups: 1, useBias: true },
  activations: { activation: "linear" },
  penalized: kernels,
});
const pool = (name: string): KerasClass => ({ name, values: { poolSize: null, ...windows, strides: null } });
const plain = (name: string, values: KerasClass["values"] = {}): KerasClass => ({ name, values });

const loop = {
  units: null,
  useBias: true,
  dropout: 0,
  recurrentDropout: 0,
  goBackwards: false,
  returnSequences: false,
};
const penalized = ["kernel", "recurrent", "bias"];
const gates = { activation: "tanh", recurrentActivation: "sigmoid" };

export const recurrentClasses = {
  simple: { name: "SimpleRNN", values: loop, activations: { activation: "tanh" }, penalized },
  lstm: { name: "LSTM", values: loop, activations: gates, penalized },
  // Keras's default is a reset gate after the product; ours, as tfjs's, is before it.
  gru: { name: "GRU", values: loop, activations: gates, penalized },
} as const satisfies Record<string, KerasClass>;

export const classes: Readonly<Record<string, KerasClass>> = {
  dense: {
    name: "Dense",
    values: { units: null, useBias: true },
    activations: { activation: "linear" },
    penalized: kernels,
  },
  einsumDense: {
    name: "EinsumDense",
    values: { equation: null, outputShape: null, biasAxes: null },
    activations: { activation: "linear" },
    penalized: kernels,
  },
  activation: { name: "Activation", activations: { activation: null } },
  embedding: {
    name: "Embedding",
    values: { inputDim: null, outputDim: null, maskZero: false },
    penalized: ["embeddings"],
  },
  masking: plain("Masking", { maskValue: 0 }),
  softmax: plain("Softmax", { axis: -1 }),
  reLU: plain("ReLU", { maxValue: null }),
  elu: plain("ELU", { alpha: 1 }),
  dropout: plain("Dropout", { rate: null }),
  flatten: plain("Flatten"),
  reshape: plain("Reshape", { targetShape: null }),
  permute: plain("Permute", { dims: null }),
  repeatVector: plain("RepeatVector", { n: null }),
  layerNormalization: {
    ...plain("LayerNormalization", { axis: -1, epsilon: 1e-3, center: true, scale: true }),
    penalized: ["gamma", "beta"],
  },
  batchNormalization: {
    ...plain("BatchNormalization", { axis: -1, momentum: 0.99, epsilon: 1e-3, center: true, scale: true }),
    penalized: ["gamma", "beta"],
  },
  conv1d: convolution("Conv1D"),
  conv2d: convolution("Conv2D"),
  maxPooling1d: pool("MaxPooling1D"),
  maxPool1d: pool("MaxPooling1D"),
  maxPooling2d: pool("MaxPooling2D"),
  maxPool2d: pool("MaxPooling2D"),
  averagePooling1d: pool("AveragePooling1D"),
  avgPool1d: pool("AveragePooling1D"),
  avgPooling1d: pool("AveragePooling1D"),
  averagePooling2d: pool("AveragePooling2D"),
  avgPool2d: pool("AveragePooling2D"),
  avgPooling2d: pool("AveragePooling2D"),
  globalAveragePooling1d: plain("GlobalAveragePooling1D"),
  globalMaxPooling1d: plain("GlobalMaxPooling1D"),
  globalMaxPool1d: plain("GlobalMaxPooling1D"),
  globalAveragePooling2d: plain("GlobalAveragePooling2D"),
  add: plain("Add"),
  subtract: plain("Subtract"),
  multiply: plain("Multiply"),
  average: plain("Average"),
  maximum: plain("Maximum"),
  minimum: plain("Minimum"),
  concatenate: plain("Concatenate", { axis: -1 }),
};

/** Lists the Keras layers that tfjs has, and the arguments that make no difference here. */

import type { JsonValue } from "../../config/resolved.ts";
import { isList } from "../formats/models/savedModel.ts";

const types: { readonly [className: string]: string } = {
  Dense: "dense",
  SimpleRNN: "simpleRNN",
  LSTM: "lstm",
  GRU: "gru",
  RNN: "rnn",
  SimpleRNNCell: "simpleRNNCell",
  LSTMCell: "lstmCell",
  GRUCell: "gruCell",
  StackedRNNCells: "stackedRNNCells",
  ConvLSTM2D: "convLstm2d",
  Bidirectional: "bidirectional",
  TimeDistributed: "timeDistributed",
  Embedding: "embedding",
  Masking: "masking",
  Dropout: "dropout",
  SpatialDropout1D: "spatialDropout1d",
  GaussianNoise: "gaussianNoise",
  GaussianDropout: "gaussianDropout",
  AlphaDropout: "alphaDropout",
  Activation: "activation",
  ReLU: "reLU",
  LeakyReLU: "leakyReLU",
  ThresholdedReLU: "thresholdedReLU",
  ELU: "elu",
  PReLU: "prelu",
  Softmax: "softmax",
  LayerNormalization: "layerNormalization",
  BatchNormalization: "batchNormalization",
  Flatten: "flatten",
  Reshape: "reshape",
  Permute: "permute",
  RepeatVector: "repeatVector",
  Conv1D: "conv1d",
  Conv2D: "conv2d",
  Conv2DTranspose: "conv2dTranspose",
  Conv3D: "conv3d",
  Conv3DTranspose: "conv3dTranspose",
  SeparableConv2D: "separableConv2d",
  DepthwiseConv2D: "depthwiseConv2d",
  Cropping2D: "cropping2D",
  UpSampling2D: "upSampling2d",
  ZeroPadding2D: "zeroPadding2d",
  MaxPooling1D: "maxPooling1d",
  MaxPooling2D: "maxPooling2d",
  MaxPooling3D: "maxPooling3d",
  AveragePooling1D: "averagePooling1d",
  AveragePooling2D: "averagePooling2d",
  AveragePooling3D: "averagePooling3d",
  GlobalAveragePooling1D: "globalAveragePooling1d",
  GlobalAveragePooling2D: "globalAveragePooling2d",
  GlobalMaxPooling1D: "globalMaxPooling1d",
  GlobalMaxPooling2D: "globalMaxPooling2d",
  Add: "add",
  Average: "average",
  Maximum: "maximum",
  Minimum: "minimum",
  Multiply: "multiply",
  Concatenate: "concatenate",
  Dot: "dot",
  Rescaling: "rescaling",
};

/** The config's type; null if tfjs has no such layer. */
export function layerTypeOf(className: string): string | null {
  return Object.hasOwn(types, className) ? (types[className] ?? null) : null;
}

/** Keras's name of a layer or cell; the config's if Keras has none. */
export function classNameOf(type: string): string {
  return Object.keys(types).find((className) => types[className] === type) ?? type;
}

/** Layers that skip masked timesteps in Keras but not in tfjs. */
const leavingOut = new Set(["GlobalAveragePooling1D", "Softmax", "BatchNormalization"]);

export function maskSensitive(className: string): boolean {
  return leavingOut.has(className);
}

/** Arguments that do not affect a layer's output at its saved weights, whatever their values. */
const irrelevant = new Set([
  "name",
  "dtype",
  "batch_shape",
  "batch_input_shape",
  "input_shape",
  "input_length",
  "implementation",
  "unroll",
  "seed",
  "unit_forget_bias",
  "zero_output_for_mask",
  "autocast",
  "lora_alpha",
  "renorm_momentum",
  "renorm_clipping",
]);

/** Arguments unknown to tfjs's layer, with the value at which it computes the same. */
const fixed: { readonly [key: string]: JsonValue } = {
  time_major: false,
  synchronized: false,
  renorm: false,
  fused: false,
  rms_scaling: false,
  keepdims: false,
  sparse: false,
  ragged: false,
  groups: 1,
  threshold: 0,
};

/** Whether an argument can be omitted. */
export function isNeutral(className: string, key: string, value: JsonValue): boolean {
  if (value === null || irrelevant.has(key)) return true;
  if (key === "trainable") return value === true;
  if (key === "input_dim") return className !== "Embedding";
  // Keras 2 called the slope alpha before it called it negative_slope.
  if (className === "ReLU" && (key === "negative_slope" || key === "alpha")) return value === 0;
  if (key === "dilation_rate") return (isList(value) ? value : [value]).every((rate) => rate === 1);
  // Pooling over time has one layout only; for other layers the layout matters.
  if (key === "data_format") return value === "channels_last";
  return Object.hasOwn(fixed, key) && fixed[key] === value;
}

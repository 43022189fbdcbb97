/** tfjs's names of activations, with Keras's `exponential` added. */
export const activationNames = [
  "linear",
  "relu",
  "relu6",
  "elu",
  "selu",
  "gelu",
  "gelu_new",
  "swish",
  "mish",
  "sigmoid",
  "hardSigmoid",
  "tanh",
  "softsign",
  "softplus",
  "softmax",
  "exponential",
] as const;

export type ActivationName = (typeof activationNames)[number];

export const lossNames = [
  "meanSquaredError",
  "meanAbsoluteError",
  "binaryCrossentropy",
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
] as const;

export const metricNames = ["accuracy", "meanAbsoluteError", "rootMeanSquaredError"] as const;

/** Names that tfjs knows activations by; `exponential` is Keras's, and added to them. */
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

/** Names that tfjs knows activations by. */
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
] as const;

export type ActivationName = (typeof activationNames)[number];

export const lossNames = [
  "meanSquaredError",
  "meanAbsoluteError",
  "binaryCrossentropy",
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
] as const;

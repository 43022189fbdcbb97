/** tfjs's names of activations, and those of Keras's that it lacks. */
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
  "hardSigmoid6",
  "hardSwish",
  "leakyRelu",
  "logSoftmax",
] as const;

export type ActivationName = (typeof activationNames)[number];

/** Functions that the layer `elementwise` applies to each value. */
export const elementwiseFunctions = [
  "abs",
  "sign",
  "sqrt",
  "rsqrt",
  "log",
  "log1p",
  "expm1",
  "reciprocal",
  "sin",
  "cos",
  "sinh",
  "cosh",
  "atan",
  "erf",
  "floor",
  "ceil",
] as const;

export type ElementwiseFunction = (typeof elementwiseFunctions)[number];

export const lossNames = [
  "meanSquaredError",
  "meanAbsoluteError",
  "binaryCrossentropy",
  "categoricalCrossentropy",
  "sparseCategoricalCrossentropy",
] as const;

export const metricNames = ["accuracy", "meanAbsoluteError", "rootMeanSquaredError"] as const;

export const comparisons = ["greater", "greaterEqual", "less", "lessEqual", "equal", "notEqual"] as const;
export type Comparison = (typeof comparisons)[number];

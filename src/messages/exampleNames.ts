/** The examples that come with the extension, by their folders. */

export const exampleNames = [
  "adding-problem",
  "char-lm",
  "classification",
  "copy-memory",
  "depth",
  "digits",
  "encoder-decoder",
  "exploding-gaussian",
  "exploding-remedies",
  "external-memory",
  "forecasting",
  "gates",
  "initializers",
  "saved-model",
  "stacked",
  "temporal-order",
  "training-remedies",
  "transformer",
  "vanishing-remedies",
  "vanishing-sigmoid",
  "weather",
] as const;
export type ExampleName = (typeof exampleNames)[number];

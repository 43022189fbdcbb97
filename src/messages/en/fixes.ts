/** The titles of fixes. */

import { count } from "../numberText.ts";

/** A side of the data, or both. */
export type Sides = "inputs" | "targets" | "both";

const sidesText = (sides: Sides): string => (sides === "both" ? "the inputs and the targets" : `the ${sides}`);

export const fixes = {
  standardize: (sides: Sides) => `Standardize ${sidesText(sides)}`,
  scale: (sides: Sides) => `Scale ${sidesText(sides)} to 0 … 1`,
  array: ({ side, array }: { side: "inputs" | "targets"; array: string | null }) =>
    array === null ? sidesText(side) : `the ${side} "${array}"`,
  standardizeArrays: (arrays: string) => `Standardize ${arrays}`,
  scaleArrays: (arrays: string) => `Scale ${arrays} to 0 … 1`,
  clipGlobalNorm: "Clip gradients by global norm",
  clipNorm: "Clip each weight's gradient by norm",
  clipValue: "Clip each entry of the gradients by value",
  reluHe: (layers: number) => `Use ReLU with He initial weights in ${count(layers, "sigmoid layer")}`,
  glorotHeOrthogonal: "Glorot, He, orthogonal",
  glorotHe: "Glorot, He",
  scaleWeights: ({ layers, by }: { layers: number; by: string }) =>
    `Scale the initial weights of ${count(layers, "layer")} by their sizes (${by})`,
  normalizeSample: ({ name, kind }: { name: string; kind: string }) => `Normalize each sample before ${name} (${kind})`,
  normalizeFeature: ({ name, kind }: { name: string; kind: string }) =>
    `Normalize each feature before ${name} (${kind})`,
  attend: (name: string) => `Attend to all states of ${name} instead of the last one`,
  requiredLag: (lag: number) => `Set the required lag to ${count(lag, "timestep")} (diagnosis.requiredLag)`,
  orthogonal: "Initialize the recurrent kernel orthogonally, gain 1",
  identityRelu: "Start from the identity with ReLU (IRNN)",
  andClip: "clipping by global norm 1",
  andTenthRate: "a tenth of the learning rate",
  forgetBias: "Start the forget gate's bias at 1",
  chrono: (maxLag: number) => `Start the biases with time-scales up to ${maxLag} timesteps (chrono)`,
  stillUnits: (units: number) => `, still ${count(units, "unit")}`,
  swap: ({ isLstm, size }: { isLstm: boolean; size: string }) => `Make it ${isLstm ? "an LSTM" : "a GRU"} layer${size}`,
  glorotKernel: "Initialize the kernel with glorotUniform",
  heKernel: "Initialize the kernel with heNormal",
  maxNorm: (isKernel: boolean) => `Limit the norm of each unit's ${isKernel ? "input" : "recurrent"} weights to 1`,
  l2: (isKernel: boolean) => `Penalize large ${isKernel ? "input" : "recurrent"} weights (L2, 0.001)`,
  useTanh: "Use tanh as the activation",
  makeLinear: (name: string) => `Make ${name} linear`,
  giveActivation: ({ name, activation }: { name: string; activation: string }) =>
    `Give ${name} the activation ${activation}`,
  endWithDense: ({ units, activation }: { units: number; activation: string }) =>
    `End with a dense layer of ${count(units, "unit")}, ${activation}`,
  scaleTargets: "Scale the targets to 0 … 1",
  takeLogits: "Let the loss take logits (fromLogits)",
  takeProbabilities: "Let the loss take probabilities",
  useLoss: (loss: string) => `Use the loss ${loss}`,
  theState: "the state",
  theGates: "the gates",
  useFor: ({ value, what }: { value: string; what: string }) => `Use ${value} for ${what}`,
  andTanhState: "tanh states",
  andTanhStates: (layers: number) => `and use tanh for the states of ${count(layers, "layer")}`,
  preNorm: (blocks: number) => `Normalize before each part in ${count(blocks, "block")} (pre)`,
  warmup: (warmup: number) => `Raise the learning rate over the first ${count(warmup, "step")}`,
  rescale: (and: string) => `Rescale the inputs by 1/255 in a first layer${and}`,
  randomWeights: ({ layers, names }: { layers: number; names: string }) =>
    `Start ${count(layers, "layer")} from random weights (${names})`,
  changeRate: ({ lower, value }: { lower: boolean; value: number }) =>
    `${lower ? "Lower" : "Raise"} the learning rate to ${value}`,
  curvatureAllows: "which the loss's curvature allows",
  usualRate: "the usual one",
  lowerRate: ({ value, why }: { value: number; why: string }) => `Lower the learning rate to ${value}, ${why}`,
  adam: "Use Adam with learning rate 0.001",
  classWeight: "Weight the classes as if they were equally frequent (classWeight)",
  plateau: "Lower the learning rate on each plateau",
  normPenalty: "Penalize timesteps that change the gradient's norm (Ω of Pascanu et al.)",
  truncate: (value: number) => `Cut the gradient every ${value} timesteps, which the required lag allows`,
  untruncate: (lag: number) => `Cut the gradient only every ${lag} timesteps, as the required lag needs`,
  trainFor: ({ value, key }: { value: number; key: string }) => `Train for ${value} ${key}`,
  useLeakyRelu: "Make it a leaky ReLU, which has a slope below zero, too",
  useElu: "Use elu, which has a slope below zero, too",
  zeroBias: "Start the biases at zero",
  sigmoidGates: "Use sigmoid in the gates, which is nowhere exactly flat",
};

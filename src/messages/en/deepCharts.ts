/** The deep probe in the panel's page. */

import { count } from "../numberText.ts";

export const deepCharts = {
  deepProbe: "Deep probe",
  stop: "Stop",
  show: "Show the deep probe",
  hide: "Hide the deep probe",
  about:
    "Analyses one recurrent layer in a few seconds: where the gradient of each timestep's loss flows, how fast small changes grow or fade, and what the recurrent matrix stretches.",
  measuredBefore: "Measured before your edit.",
  layer: "Layer of the deep probe",
  layerMeaning: "The recurrent layer to probe",
  training: "Training before the deep probe",
  trainingMeaning: "Training steps before the analysis, or the weights that this run has kept",
  fresh: "fresh model",
  after: (steps: string) => `after ${steps} steps`,
  checkpoint: { last: "this run's last checkpoint", best: "this run's best checkpoint" },
  atStep: ({ checkpoint, step }: { checkpoint: string; step: string }) => `${checkpoint}, step ${step}`,
  timesteps: (n: string) => `${n} timesteps`,
  sequences: (n: number) => count(n, "sequence"),
  seconds: (seconds: string) => `${seconds} s`,

  flow: "Flow of the gradient",
  flowMeaning:
    "Norm of the gradient of the loss that enters at timestep k with respect to the state of timestep t. Each column is one loss, or each row if there are few: bright at the diagonal where it enters, darker as it travels back. The vector sum of all losses is the state gradient.",
  state: "State",
  withRespectTo: (state: string) => `With respect to ${state}ₜ`,
  entersAt: "loss enters at timestep k",
  lossAxis: "loss k",
  noLossHere: "no loss enters here",
  laterThanLoss: "later than its loss: zero",
  flowTable: ({ symbol, layer }: { symbol: string; layer: string }) => `${symbol} of ${layer}, last timestep first`,
  allLosses: "all k",

  nothingToShow: "nothing to show",
  curveReadout: ({ place, at, values }: { place: string; at: number; values: string }) => `${place} ${at}: ${values}`,
  least: "least",
  most: "most",
  exponents: "Lyapunov exponents",
  exponentsMeaning:
    "Factors e^λ by which a small change of the state grows or shrinks per timestep, along the least stable direction, the next, and so on: mean over some sequences; the bars reach from the smallest to the largest of them. Below ×1 the past is forgotten, above it small changes grow and gradients explode.",
  exponentsTable: (layer: string) =>
    `Factor e^λ per timestep along the leading directions of ${layer}, over the sequences`,
  direction: "direction",
  factorPerTimestep: "factor per timestep",
  mean: "mean",
  singular: "Singular values of the recurrent matrix",
  singularMeaning:
    "How much the recurrent matrix (of each gate) stretches or shrinks vectors along its directions, the most stretched first.",
  singularTable: (layer: string) => `Singular values of the recurrent matrices of ${layer}`,
  matrix: ({ name, radius }: { name: string; radius: string }) => `${name} (spectral radius ${radius})`,
  stretchesBy: "stretches by",
  products: "Products of Jacobians ∂s_T/∂s_t",
  productsMeaning:
    "Singular values of the product of the Jacobians over growing spans, in decades: the most, the median and the least that is left of a gradient, depending on its direction. Measured on one sequence.",
  productsTable: (layer: string) => `log₁₀ of singular values of the product of Jacobians of ${layer}`,
  span: "span T − t",
  keepsSize: "keeps its size",
  largest: "largest",
  median: "median",
  smallest: "smallest",
};

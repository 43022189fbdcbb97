/**
 * What each example shows, and the figures that its models reach. The README's table of examples is generated from it.
 */

import {
  atBaseline,
  type Claim,
  claim,
  finds,
  gradientAbove,
  lossAbove,
  lossBelow,
  noFinding,
  noWarning,
  reaches,
  recurrentNorm,
  testLossBelow,
} from "./claim.ts";

export interface Example {
  /** Markdown text for the table. */
  readonly shows: string;
  /** Each of the example's models belongs to exactly one claim. */
  readonly claims: readonly Claim[];
}

const vanishing = "vanishing-through-time";
const exploding = "exploding-through-time";
const shrinking = "vanishing-through-depth";

/** Examples by folder name. */
export const examples: { readonly [folder: string]: Example } = {
  "adding-problem": {
    shows: "Three cells on the way to learning a lag of 49",
    claims: [
      claim("simpleRNN gru", 60, finds(vanishing), reaches("≤", 35, 49)),
      claim("lstm", 60, reaches("≥", 20, 49)),
    ],
  },
  "char-lm": {
    shows: "A language model of characters; all weights N(0, 1) against the usual initialization",
    claims: [
      claim("simpleRNN gru", 60, noWarning, lossBelow(3.1)),
      claim("lstm", 120, noWarning, lossBelow(3.1)),
      claim("simpleRNNNormal gruNormal", 20, finds(exploding, "warning"), lossAbove(10)),
      claim("lstmNormal", 60, finds("saturated-gates", "warning"), lossAbove(5)),
    ],
  },
  classification: {
    shows: "Many to one, from NPY files: simple RNN, LSTM and GRU",
    claims: [claim("simpleRNN lstm gru", "all", noWarning, testLossBelow(0.4))],
  },
  "copy-memory": {
    shows: "A loss at every timestep: only the gain tells; a bidirectional layer",
    claims: [claim("lstm bidirectional", 30, finds(vanishing), reaches("≤", 28, 35))],
  },
  depth: {
    shows: "Twelve layers, and eight recurrent ones, without and with residual connections",
    claims: [
      claim("plain plainRNN", 150, finds(shrinking, "warning"), atBaseline),
      claim("residual residualRNN", 150, noWarning, noFinding(shrinking), lossBelow(1)),
    ],
  },
  digits: {
    shows: "Images read pixel by pixel, in order and permuted",
    claims: [
      claim("lstm", 200, lossBelow(1.7)),
      claim("irnn", 250, lossBelow(2.2), reaches("≥", 51, 51)),
      claim("permutedLstm", 200, lossBelow(2.1)),
      claim("permutedIrnn", 250, reaches("≥", 55, 55)),
    ],
  },
  "encoder-decoder": {
    shows:
      "A decoder that begins with the encoder's last states: the gradient takes the same way back; and attention to all of them",
    claims: [
      claim("simple", 40, finds(vanishing, "warning"), reaches("≤", 6, 13)),
      claim("states", 300, noFinding(vanishing), reaches("≥", 12, 13), lossBelow(0.26)),
      claim("attention", 300, noFinding(vanishing), reaches("≥", 12, 13), lossBelow(0.25)),
    ],
  },
  "exploding-gaussian": {
    shows: "A chaotic net; clipping leaves its gradient unchanged, an orthogonal matrix does not",
    claims: [
      claim("gaussian clipped", 30, finds(exploding, "warning"), gradientAbove(1e6)),
      claim("orthogonal", 30, noFinding(exploding)),
    ],
  },
  "exploding-remedies": {
    shows: "Clipping by value, norm and global norm; weight clipping; a lower rate; truncation; L1 and L2",
    claims: [
      claim("explodes", 100, finds(exploding, "error"), finds("non-finite")),
      claim("clipValue clipNorm", 250, noFinding("non-finite"), lossBelow(0.45)),
      claim("clipGlobalNorm", 100, finds(exploding, "warning"), noFinding("non-finite")),
      claim("weightRange weightMaxNorm", 150, noWarning, recurrentNorm("<", 9), lossBelow(0.05)),
      claim("truncated", 250, noFinding(exploding), lossBelow(0.2)),
      claim("lowerRate", 250, noWarning, recurrentNorm(">", 18), lossBelow(0.3)),
      claim("l1 l2", 250, noWarning, recurrentNorm("<", 18), lossBelow(0.3)),
    ],
  },
  "external-memory": {
    shows: "A Neural Turing Machine's memory beside an LSTM",
    claims: [claim("lstm memory", 20, reaches("≥", 12, 12))],
  },
  forecasting: {
    shows: "A sine, and the chaotic Mackey–Glass series",
    claims: [
      claim("sine", 150, noWarning, testLossBelow(0.01)),
      claim("mackeyGlass", "all", noWarning, testLossBelow(0.03)),
    ],
  },
  gates: {
    shows: "Peepholes, chrono biases, reset before or after, both directions: a bit held over 39 timesteps",
    claims: [
      claim("lstm peepholes gru resetAfter", 350, noWarning, lossBelow(0.1), reaches("≥", 39, 39)),
      claim("chrono", 60, reaches("≥", 39, 39)),
      claim("bidirectional", 150, noWarning, lossBelow(0.2)),
    ],
  },
  initializers: {
    shows: "How far the gradient reaches at first, by initial weights",
    claims: [
      claim("normal truncated uniform lstm", 12, finds(vanishing), reaches("≤", 12, 49)),
      claim("glorotRelu", 12, finds(vanishing), reaches("≤", 24, 49)),
      claim("leCun glorot orthogonal unitForgetBias", 12, reaches("≥", 15, 49)),
      claim("he", 12, reaches("≥", 25, 49)),
      claim("orthogonalGain identity chrono", 12, noFinding(vanishing), reaches("≥", 49, 49)),
      claim("scaled", 12, finds(exploding, "warning")),
    ],
  },
  "saved-model": {
    shows: "A model saved by Keras, diagnosed at its weights",
    claims: [
      claim("tanh", 40, finds(vanishing, "warning"), reaches("≤", 25, 49)),
      claim("lstm", 40, reaches("≥", 20, 49)),
    ],
  },
  stacked: {
    shows: "Two layers of LSTM or GRU, from an NPZ file; a test loss per epoch and early stopping",
    claims: [claim("lstm gru", "all", noWarning, testLossBelow(0.35))],
  },
  "temporal-order": {
    shows: "Small random weights against an orthogonal matrix",
    claims: [
      claim("smallWeights", 200, finds(vanishing), reaches("≤", 25, 53), atBaseline),
      claim("orthogonal", 500, noWarning, reaches("≥", 40, 53), lossBelow(1.3)),
    ],
  },
  "training-remedies": {
    shows: "Nine optimizers, schedules, pruning, accumulation, truncation, dropout, normalization",
    claims: [
      claim(
        "adam sgd momentum nesterov rmsprop adagrad adadelta adamax adamw step exponential cosine warmup reduceOnPlateau",
        "all",
        noWarning,
        testLossBelow(0.01),
      ),
      claim(
        "pruned accumulated truncated batchNormalization layerNormalization",
        "all",
        noWarning,
        testLossBelow(0.01),
      ),
      claim("dropout", 60, noWarning, lossBelow(0.25)),
    ],
  },
  transformer: {
    shows: "Self-attention with and without a residual path; encoder blocks normalized after and before",
    claims: [
      claim("attention", 80, finds(shrinking), atBaseline),
      claim("residual", 120, noWarning, noFinding(shrinking), lossBelow(2.1)),
      claim("post pre", 80, noWarning, noFinding(shrinking), lossBelow(2)),
    ],
  },
  "vanishing-remedies": {
    shows: "Ω, orthogonal and identity matrices, gates, attention; and what does not help",
    claims: [
      claim("vanishes", 250, finds(vanishing), reaches("≤", 12, 39), atBaseline),
      claim("omega", 150, reaches("≥", 35, 39)),
      claim("orthogonal identityRelu attention", 200, lossBelow(0.3)),
      claim("lstm", 350, lossBelow(0.3)),
      claim("gru", 450, lossBelow(0.3)),
      claim("layerNormalization", 150, finds(vanishing), reaches("≤", 20, 39)),
      claim("truncated", 250, finds(vanishing), reaches("≤", 9, 39), lossBelow(0.3)),
    ],
  },
  "vanishing-sigmoid": {
    shows: "The slope of the sigmoid against that of tanh over 99 timesteps",
    claims: [
      claim("sigmoid", 40, finds(vanishing, "warning"), reaches("≤", 5, 99)),
      claim("tanh", 40, reaches("≥", 8, 99)),
    ],
  },
  weather: {
    shows: "Real data from a CSV file, forecast with LSTM and stacked GRUs",
    claims: [claim("lstm stackedGru", 100, noWarning, lossBelow(0.3))],
  },
};

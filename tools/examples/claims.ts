/** The figures that the models of each example reach. The README's table of examples is generated from it. */

import type { ExampleName } from "../../src/messages/exampleNames.ts";
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
  /** Each of the example's models belongs to exactly one claim. */
  readonly claims: readonly Claim[];
}

const vanishing = "vanishing-through-time";
const exploding = "exploding-through-time";
const shrinking = "vanishing-through-depth";

/** Examples by folder name. */
export const examples: { readonly [folder in ExampleName]: Example } = {
  "adding-problem": {
    claims: [
      claim("simpleRNN gru", 60, finds(vanishing), reaches("≤", 35, 49)),
      claim("lstm", 60, reaches("≥", 20, 49)),
    ],
  },
  "char-lm": {
    claims: [
      claim("simpleRNN gru", 60, noWarning, lossBelow(3.1)),
      claim("lstm", 120, noWarning, lossBelow(3.1)),
      claim("simpleRNNNormal gruNormal", 20, finds(exploding, "warning"), lossAbove(10)),
      claim("lstmNormal", 60, finds("saturated-gates", "warning"), lossAbove(5)),
    ],
  },
  classification: {
    claims: [claim("simpleRNN lstm gru", "all", noWarning, testLossBelow(0.4))],
  },
  "copy-memory": {
    claims: [claim("lstm bidirectional", 30, finds(vanishing), reaches("≤", 28, 35))],
  },
  depth: {
    claims: [
      claim("plain plainRNN", 150, finds(shrinking, "warning"), atBaseline),
      claim("residual residualRNN", 150, noWarning, noFinding(shrinking), lossBelow(1)),
    ],
  },
  digits: {
    claims: [
      claim("lstm", 200, lossBelow(1.7)),
      claim("irnn", 250, lossBelow(2.2), reaches("≥", 51, 51)),
      claim("permutedLstm", 200, lossBelow(2.1)),
      claim("permutedIrnn", 250, reaches("≥", 55, 55)),
    ],
  },
  "encoder-decoder": {
    claims: [
      claim("simple", 40, finds(vanishing, "warning"), reaches("≤", 6, 13)),
      claim("states", 300, noFinding(vanishing), reaches("≥", 12, 13), lossBelow(0.26)),
      claim("attention", 300, noFinding(vanishing), reaches("≥", 12, 13), lossBelow(0.25)),
    ],
  },
  "exploding-gaussian": {
    claims: [
      claim("gaussian clipped", 30, finds(exploding, "warning"), gradientAbove(1e6)),
      claim("orthogonal", 30, noFinding(exploding)),
    ],
  },
  "exploding-remedies": {
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
    claims: [claim("lstm memory", 20, reaches("≥", 12, 12))],
  },
  forecasting: {
    claims: [
      claim("sine", 150, noWarning, testLossBelow(0.01)),
      claim("mackeyGlass", "all", noWarning, testLossBelow(0.03)),
    ],
  },
  gates: {
    claims: [
      claim("lstm peepholes gru resetAfter", 350, noWarning, lossBelow(0.1), reaches("≥", 39, 39)),
      claim("chrono", 60, reaches("≥", 39, 39)),
      claim("bidirectional", 150, noWarning, lossBelow(0.2)),
    ],
  },
  initializers: {
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
    claims: [
      claim("tanh", 40, finds(vanishing, "warning"), reaches("≤", 25, 49)),
      claim("lstm", 40, reaches("≥", 20, 49)),
    ],
  },
  stacked: {
    claims: [claim("lstm gru", "all", noWarning, testLossBelow(0.35))],
  },
  "temporal-order": {
    claims: [
      claim("smallWeights", 200, finds(vanishing), reaches("≤", 25, 53), atBaseline),
      claim("orthogonal", 500, noWarning, reaches("≥", 40, 53), lossBelow(1.3)),
    ],
  },
  "training-remedies": {
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
    claims: [
      claim("attention", 80, finds(shrinking), atBaseline),
      claim("residual", 120, noWarning, noFinding(shrinking), lossBelow(2.1)),
      claim("post pre", 80, noWarning, noFinding(shrinking), lossBelow(2)),
    ],
  },
  "vanishing-remedies": {
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
    claims: [
      claim("sigmoid", 40, finds(vanishing, "warning"), reaches("≤", 5, 99)),
      claim("tanh", 40, reaches("≥", 8, 99)),
    ],
  },
  weather: {
    claims: [claim("lstm stackedGru", 100, noWarning, lossBelow(0.3))],
  },
};

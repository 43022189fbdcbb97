/** The examples that can be copied into a workspace. */

import type { ExampleName } from "../exampleNames.ts";

/** What each example shows, also in the README's table. */
const shown: { readonly [name in ExampleName]: string } = {
  "adding-problem": "Three cells on the way to learning a lag of 49",
  "char-lm": "A language model of characters; all weights N(0, 1) against the usual initialization",
  classification: "Many to one, from NPY files: simple RNN, LSTM and GRU",
  "copy-memory": "A loss at every timestep: only the gain tells; a bidirectional layer",
  depth: "Twelve layers, and eight recurrent ones, without and with residual connections",
  digits: "Images read pixel by pixel, in order and permuted",
  "encoder-decoder":
    "A decoder that begins with the encoder's last states: the gradient takes the same way back; and attention to all of them",
  "exploding-gaussian": "A chaotic net; clipping leaves its gradient unchanged, an orthogonal matrix does not",
  "exploding-remedies": "Clipping by value, norm and global norm; weight clipping; a lower rate; truncation; L1 and L2",
  "external-memory": "A Neural Turing Machine's memory beside an LSTM",
  forecasting: "A sine, and the chaotic Mackey–Glass series",
  gates: "Peepholes, chrono biases, reset before or after, both directions: a bit held over 39 timesteps",
  initializers: "How far the gradient reaches at first, by initial weights",
  "saved-model": "A model saved by Keras, diagnosed at its weights",
  stacked: "Two layers of LSTM or GRU, from an NPZ file; a test loss per epoch and early stopping",
  "temporal-order": "Small random weights against an orthogonal matrix",
  "training-remedies": "Nine optimizers, schedules, pruning, accumulation, truncation, dropout, normalization",
  transformer: "Self-attention with and without a residual path; encoder blocks normalized after and before",
  "vanishing-remedies": "Ω, orthogonal and identity matrices, gates, attention; and what does not help",
  "vanishing-sigmoid": "The slope of the sigmoid against that of tanh over 99 timesteps",
  weather: "Real data from a CSV file, forecast with LSTM and stacked GRUs",
};

export const gallery = {
  shows: (name: ExampleName) => shown[name],
  choose: "Which example? Its folder is copied.",
  copyHere: "Copy the Example Here",
  notCopied: (reason: string) => `The example could not be copied: ${reason}`,
};

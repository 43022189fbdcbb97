/**
 * The nets of the literature on its tasks, with their usual initializations. Full training with other seeds than the
 * judged one decides whether they vanish: see `outcomes.json`.
 */

import { configOf, type ZooEntry } from "./entry.ts";

const rnn = (more: object) => ({ type: "simpleRNN", units: 32, ...more });
const gated = { units: 32, recurrentActivation: "sigmoid" };

/** Standard deviation g/√H: spectral radius about g (Girko's circular law). */
const gaussian = (g: number, units: number) => ({ type: "randomNormal", stddev: g / Math.sqrt(units) });

interface Net {
  readonly layer: (length: number) => object;
  /** Whether it grows by more than three decades at initialization (about +0.13 decades per timestep at g = 3). */
  readonly explodes?: boolean;
  readonly training?: object;
}

const nets: { readonly [name: string]: Net } = {
  "tanh orthogonal": { layer: () => rnn({ recurrentInitializer: "orthogonal" }) },
  "tanh U(±1/√H)": {
    layer: () =>
      rnn({ recurrentInitializer: { type: "randomUniform", minval: -1 / Math.sqrt(32), maxval: 1 / Math.sqrt(32) } }),
  },
  "tanh small": { layer: () => rnn({ recurrentInitializer: gaussian(0.3, 32) }) },
  sigmoid: { layer: () => rnn({ activation: "sigmoid" }) },
  IRNN: {
    layer: () => rnn({ activation: "relu", recurrentInitializer: "identity" }),
    training: { optimizer: { type: "adam", learningRate: 0.0005 }, clip: { globalNorm: 1 } },
  },
  "tanh Gaussian g=3": { layer: () => rnn({ units: 64, recurrentInitializer: gaussian(3, 64) }), explodes: true },
  "LSTM, Keras": { layer: () => ({ type: "lstm", ...gated, unitForgetBias: true }) },
  "LSTM, no forget bias": { layer: () => ({ type: "lstm", ...gated }) },
  "LSTM chrono": {
    layer: (length) => ({ type: "lstm", ...gated, biasInitializer: { type: "chrono", maxLag: length } }),
  },
  GRU: { layer: () => ({ type: "gru", ...gated }) },
};

interface Task {
  readonly data: (length: number) => object;
  readonly output: object;
  readonly lengths: readonly number[];
  readonly steps: number;
}

const tasks: { readonly [name: string]: Task } = {
  adding: {
    data: (length) => ({ task: "addingProblem", length, samples: 4000, seed: 1 }),
    output: { type: "dense", units: 1 },
    lengths: [20, 35, 50, 75, 100],
    steps: 2000,
  },
  "temporal order": {
    data: (length) => ({ task: "temporalOrder", length, samples: 4000, seed: 1 }),
    output: { type: "dense", units: 4, activation: "softmax" },
    lengths: [30, 60],
    steps: 1500,
  },
  "delayed recall": {
    data: (length) => ({ task: "delayedRecall", length, samples: 2000, seed: 1 }),
    output: { type: "dense", units: 1, activation: "sigmoid" },
    lengths: [40, 80],
    steps: 3000,
  },
};

export const literature: readonly ZooEntry[] = Object.entries(tasks).flatMap(
  ([task, { data, output, lengths, steps }]) =>
    lengths.flatMap((length) =>
      Object.entries(nets).map(
        ([net, { layer, explodes = false, training }]): ZooEntry => ({
          name: `${net}, ${task} T=${length}`,
          kind: "literature",
          because: "how full training ended",
          config: configOf({
            data: data(length),
            layers: [layer(length), output],
            ...(training ? { training } : {}),
            steps,
          }),
          files: {},
          steps,
          truth: {
            "vanishing-through-time": "outcome",
            "exploding-through-time": explodes && length >= 60 ? true : "outcome",
            "non-finite": false,
          },
          frozen: false,
          learns: "outcome",
        }),
      ),
    ),
);

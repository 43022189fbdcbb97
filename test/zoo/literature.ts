/**
 * The nets of the literature on its tasks: with their usual initializations, with initial weights that amplify, and
 * with other learning rates. Full training with other seeds than the judged one decides whether they vanish, explode or
 * learn: see `outcomes.json`.
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

/** Initial weights that amplify: more strongly or less than those above, and without a bound on the state. */
const amplifying: { readonly [name: string]: Net } = {
  "tanh Gaussian g=2": { layer: () => rnn({ units: 64, recurrentInitializer: gaussian(2, 64) }) },
  "tanh Gaussian g=4": { layer: () => rnn({ units: 64, recurrentInitializer: gaussian(4, 64) }) },
  // A relu passes half of the units: the gain per timestep is about g/√2.
  "relu Gaussian g=2": {
    layer: () => rnn({ activation: "relu", recurrentInitializer: gaussian(2, 32) }),
    training: { clip: { globalNorm: 1 } },
  },
};

/** Nets that are trained with other learning rates, too. */
const retrained = ["tanh orthogonal", "IRNN", "LSTM, Keras", "GRU"] as const;

/** Learning rates for Adam, from a tenth of the usual one to a hundred times it. */
const rates = [1e-4, 0.01, 0.03, 0.1] as const;

interface Task {
  readonly data: (length: number) => object;
  readonly output: object;
  readonly lengths: readonly number[];
  /** Lengths for the nets whose initial weights amplify. */
  readonly amplified: readonly number[];
  /** Length for the other learning rates. */
  readonly retrained: number;
  readonly steps: number;
}

const tasks: { readonly [name: string]: Task } = {
  adding: {
    data: (length) => ({ task: "addingProblem", length, samples: 4000, seed: 1 }),
    output: { type: "dense", units: 1 },
    lengths: [20, 35, 50, 75, 100],
    amplified: [40, 60],
    retrained: 40,
    steps: 2000,
  },
  "temporal order": {
    data: (length) => ({ task: "temporalOrder", length, samples: 4000, seed: 1 }),
    output: { type: "dense", units: 4, activation: "softmax" },
    lengths: [30, 60],
    amplified: [40, 80],
    retrained: 40,
    steps: 1500,
  },
  "delayed recall": {
    data: (length) => ({ task: "delayedRecall", length, samples: 2000, seed: 1 }),
    output: { type: "dense", units: 1, activation: "sigmoid" },
    lengths: [40, 80],
    amplified: [30, 60],
    retrained: 50,
    steps: 3000,
  },
};

function entryOf(net: string, { layer, explodes = false, training }: Net, task: string, length: number): ZooEntry {
  const { data, output, steps } = tasks[task]!;
  return {
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
  };
}

/** A net whose initial weights amplify. It is not known beforehand whether its numbers stay finite. */
function amplifyingEntry(name: string, net: Net, task: string, length: number): ZooEntry {
  const { "non-finite": _, ...truth } = entryOf(name, net, task, length).truth;
  return { ...entryOf(name, net, task, length), truth };
}

/** A net with another learning rate. Its rate may be what is wrong, so only its outcome is known. */
function retrainedEntry(net: (typeof retrained)[number], learningRate: number, task: string): ZooEntry {
  const known = nets[net]!;
  const training = { ...known.training, optimizer: { type: "adam", learningRate } };
  const entry = entryOf(`${net}, rate ${learningRate}`, { ...known, training }, task, tasks[task]!.retrained);
  return { ...entry, truth: {} };
}

const taskNames = Object.keys(tasks);

// The end-to-end check takes the first nets that fail, so later additions stand at the end.
export const literature: readonly ZooEntry[] = [
  ...taskNames.flatMap((task) =>
    tasks[task]!.lengths.flatMap((length) =>
      Object.entries(nets).map(([name, net]) => entryOf(name, net, task, length)),
    ),
  ),
  ...taskNames.flatMap((task) =>
    tasks[task]!.amplified.flatMap((length) =>
      Object.entries(amplifying).map(([name, net]) => amplifyingEntry(name, net, task, length)),
    ),
  ),
  ...taskNames.flatMap((task) => retrained.flatMap((net) => rates.map((rate) => retrainedEntry(net, rate, task)))),
];

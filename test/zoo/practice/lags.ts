/** Data files whose required lag is not stated: near, far, or none. */

import type { ZooEntry } from "../entry.ts";
import { adam, dense, gru, layer, lstm, net, rnn } from "./net.ts";
import { autoregressive, classify, driven, tokens } from "./sequences.ts";

const short = "short lag";
const long = "long lag";
const none = "nothing to learn";
const nets = { lstm: lstm(8), gru: gru(8), simpleRNN: rnn(12) };
const training = adam(0.01);

const ar = (phi: readonly number[], window: number, names: readonly (keyof typeof nets)[], learnable: boolean) =>
  names.map((type) =>
    net(short, {
      name: `AR(${phi.length}) φ=${phi.join(", ")}, window ${window}, ${type}`,
      because: `the forecast needs the last ${phi.length} of ${window} values`,
      data: autoregressive(phi, window),
      layers: [nets[type], dense(1)],
      training: adam(0.003),
      steps: 400,
      cause: null,
      tellsByOutcome: learnable,
      // Whether such a faint signal is worth reporting depends on the figures.
      unknown: learnable ? [] : ["nothing-to-learn"],
    }),
  );

export const shortLags: readonly ZooEntry[] = [
  ...ar([0.9], 96, ["lstm", "gru", "simpleRNN"], true),
  // The best possible losses are 0.91 and 0.96 of the baseline.
  ...ar([0.3], 96, ["lstm", "simpleRNN"], false),
  ...ar([0.2], 96, ["gru", "simpleRNN"], false),
  ...ar([0.5, 0.2, 0.25], 48, ["lstm", "gru"], true),
  ...Object.entries(nets).map(([type, recurrent]) =>
    net(short, {
      name: `last of 40 tokens, ${type}`,
      because: "only the last token matters",
      data: tokens(40, -1),
      layers: [recurrent, dense(4, "softmax")],
      training: { ...classify, ...training },
      cause: null,
    }),
  ),
  ...(["gru", "simpleRNN"] as const).map((type) =>
    net(short, {
      name: `the last value of 60, ${type}`,
      because: "the target is the last input",
      data: driven(60, (x, t) => x[t] ?? 0),
      layers: [nets[type], dense(1)],
      training,
      cause: null,
    }),
  ),
  net(short, {
    name: "sum of the last three of 60, sigmoid simpleRNN",
    because: "the reach is short, and long enough",
    data: driven(60, (x, t) => ((x[t] ?? 0) + (x[t - 1] ?? 0) + (x[t - 2] ?? 0)) / 2),
    layers: [rnn(16, { activation: "sigmoid" }), dense(1)],
    training: adam(0.02),
    steps: 800,
    cause: null,
  }),
];

/** Enough samples that they cannot be memorised. */
const first = (length: number) => tokens(length, 0, { samples: 2400 });
const vanishing = { codes: ["vanishing-through-time"], places: [layer(0)] } as const;
const small = { recurrentInitializer: { type: "randomNormal", stddev: 0.05 } };
const keeping = { biasInitializer: { type: "constant", value: 3 } };

export const longLags: readonly ZooEntry[] = [
  ...[40, 80].map((length) =>
    net(long, {
      name: `first of ${length} tokens, simpleRNN with a small recurrence`,
      because: `the class is shown ${length - 1} timesteps before the end, and a fifth passes back per timestep`,
      data: first(length),
      layers: [rnn(16, small), dense(4, "softmax")],
      training: { ...classify, ...training },
      cause: vanishing,
      healed: {
        layers: [gru(16, keeping), dense(4, "softmax")],
      },
    }),
  ),
  net(long, {
    name: "first of 60 tokens, sigmoid simpleRNN",
    because: "the class is shown 59 timesteps before the end, and at most a quarter passes back per timestep",
    data: first(60),
    layers: [rnn(16, { activation: "sigmoid" }), dense(4, "softmax")],
    training: { ...classify, ...training },
    cause: vanishing,
    healed: { layers: [gru(16, keeping), dense(4, "softmax")] },
  }),
  net(long, {
    name: "first of 60 tokens, lstm that forgets",
    because: "the class is shown 59 timesteps before the end, and the forget gate keeps a tenth",
    data: first(60),
    layers: [
      lstm(16, { unitForgetBias: false, biasInitializer: { type: "constant", value: -2 } }),
      dense(4, "softmax"),
    ],
    training: { ...classify, ...adam(0.003) },
    cause: vanishing,
    healed: { layers: [gru(16, keeping), dense(4, "softmax")], training: { ...classify, ...training } },
  }),
  net(long, {
    name: "first of 80 tokens, gru that replaces",
    because: "the class is shown 79 timesteps before the end, and the update gate keeps a tenth",
    data: first(80),
    layers: [gru(16, { biasInitializer: { type: "constant", value: -2 } }), dense(4, "softmax")],
    training: { ...classify, ...adam(0.003) },
    cause: vanishing,
    healed: {
      layers: [gru(16, keeping), dense(4, "softmax")],
      training: { ...classify, ...training },
    },
  }),
  net(long, {
    name: "sign of the value 60 timesteps ago, simpleRNN with a small recurrence",
    because: "the target is the sign of the first of 61 values",
    data: driven(61, (x, t) => Math.sign(x[t - 60] ?? 1)),
    layers: [rnn(16, small), dense(1)],
    training,
    cause: vanishing,
    healed: {
      data: driven(3, (x, t) => Math.sign(x[t - 2] ?? 1)),
    },
  }),
  net(long, {
    name: "first of 80 tokens, gru that keeps",
    because: "the control: the update gate keeps 95 %",
    data: first(80),
    layers: [gru(16, keeping), dense(4, "softmax")],
    training: { ...classify, ...training },
    cause: null,
  }),
  net(long, {
    name: "first of 40 tokens, gru that keeps",
    because: "the control: the update gate keeps 95 %",
    data: first(40),
    layers: [gru(16, keeping), dense(4, "softmax")],
    training: { ...classify, ...training },
    cause: null,
  }),
];

const nothing = { codes: ["nothing-to-learn"], places: [[]] } as const;

export const nothingToLearn: readonly ZooEntry[] = [
  ...Object.entries(nets).map(([type, recurrent]) =>
    net(none, {
      name: `white noise forecast by a ${type}`,
      because: "all values are drawn independently: none predicts the next",
      data: autoregressive([], 40),
      layers: [recurrent, dense(1)],
      training: adam(0.001),
      cause: nothing,
    }),
  ),
  net(none, {
    name: "targets unrelated to the inputs",
    because: "the targets are made from numbers that are in no input",
    data: driven(20, (_, t) => Math.sin(t * t * 12.9898) * 1.4),
    layers: [gru(8), dense(1)],
    training: adam(0.001),
    cause: nothing,
  }),
];

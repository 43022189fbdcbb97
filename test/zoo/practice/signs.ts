/** Nets that show one sign of failure by construction: their fault is the one that the sign is named after. */

import type { FindingCode } from "../../../src/protocol/finding.ts";
import type { ZooEntry } from "../entry.ts";
import { adam, atLayers, atRate, atTraining, dense, gru, lstm, net, rnn, sgd } from "./net.ts";
import { classify, driven, plane, tokens } from "./sequences.ts";

const kind = "sign";
const cause = (code: FindingCode, places = atTraining) => ({ codes: [code], places }) as const;

const smooth = plane((a, b) => Math.tanh(a + 0.5 * b));
const line = plane((a, b) => a - 2 * b);
const quadrants = plane((a, b) => 2 * Number(a > 0) + Number(b > 0));
const last = tokens(12, -1);
const recent = driven(20, (x, t) => 0.8 * (x[t] ?? 0) - 0.5 * (x[t - 1] ?? 0));

const still: readonly ZooEntry[] = (
  [
    ["dense, sgd 1e-7", quadrants, [dense(16, "tanh"), dense(4, "softmax")], classify, sgd(1e-7), sgd(0.1)],
    ["dense, adam 1e-9", quadrants, [dense(16, "tanh"), dense(4, "softmax")], classify, adam(1e-9), adam(0.01)],
    ["lstm, sgd 1e-6", last, [lstm(12), dense(4, "softmax")], classify, sgd(1e-6), adam(0.01)],
    ["gru, adam 1e-8", last, [gru(12), dense(4, "softmax")], classify, adam(1e-8), adam(0.01)],
  ] as const
).map(([name, data, layers, training, rate, usual], i) =>
  net(kind, {
    name: `weights that stand still, ${name}`,
    because: "the rate times the steps is far below the size of the weights; a usual rate learns",
    data,
    layers,
    training: { ...training, ...rate },
    steps: 300,
    half: i % 2 === 0 ? "tuning" : "held out",
    cause: cause("update-ratio", atRate),
    healed: { training: { ...training, ...usual } },
  }),
);

/** Gradient descent on a quadratic with curvature 2: each step multiplies the error by 1 − 2 · rate. */
const growing: readonly ZooEntry[] = [1.03, 1.05, 1.08, 1.1].map((rate) =>
  net(kind, {
    name: `a loss that grows, linear, sgd ${rate}`,
    because: `the error is multiplied by ${(2 * rate - 1).toFixed(2)} in each step`,
    data: line,
    layers: [dense(1)],
    training: sgd(rate),
    steps: 200,
    cause: cause("loss-diverging", atRate),
    healed: { training: sgd(0.1) },
  }),
);

/** Rectified units whose biases are so low that no sample activates them. */
const silent: readonly ZooEntry[] = (
  [
    [
      "dense, bias −10",
      smooth,
      [dense(16, "relu", { biasInitializer: { type: "constant", value: -10 } }), dense(1)],
      sgd(0.1),
    ],
    [
      "dense, bias −20",
      quadrants,
      [dense(32, "relu", { biasInitializer: { type: "constant", value: -20 } }), dense(4, "softmax")],
      { ...classify, ...adam(0.01) },
    ],
    [
      "two layers, bias −10",
      quadrants,
      [
        dense(16, "relu"),
        dense(16, "relu", { biasInitializer: { type: "constant", value: -10 } }),
        dense(4, "softmax"),
      ],
      { ...classify, ...adam(0.01) },
    ],
    [
      "simpleRNN, bias −15",
      last,
      [rnn(12, { activation: "relu", biasInitializer: { type: "constant", value: -15 } }), dense(4, "softmax")],
      { ...classify, ...adam(0.01) },
    ],
  ] as const
).map(([name, data, layers, training]) =>
  net(kind, {
    name: `dead units, ${name}`,
    because: "no sample activates the units: they are zero, and so are their gradients",
    data,
    layers,
    training,
    steps: 300,
    cause: cause("dead-units", atLayers),
    healed: { layers: layers.map((entry) => without(entry, "biasInitializer")) },
  }),
);

function without(entry: object, key: string): object {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== key));
}

/**
 * Nets that can only give a constant although the inputs determine the target: their best possible loss is the
 * baseline.
 */
const early: readonly ZooEntry[] = (
  [
    ["a line for a product", plane((a, b) => Math.sign(a * b)), [dense(1)], [dense(32, "relu"), dense(1)], adam(0.01)],
    [
      "a line for a square",
      plane((a) => Math.sign(a * a - 0.45)),
      [dense(1)],
      [dense(32, "relu"), dense(1)],
      adam(0.01),
    ],
    [
      "a line for exclusive or",
      plane((a, b) => Number(a * b > 0)),
      [dense(1, "sigmoid")],
      [dense(32, "relu"), dense(1, "sigmoid")],
      { loss: "binaryCrossentropy", ...adam(0.01) },
    ],
    [
      "a line for a ring",
      plane((a, b) => Number(a * a + b * b > 1.4)),
      [dense(1, "sigmoid")],
      [dense(32, "relu"), dense(1, "sigmoid")],
      { loss: "binaryCrossentropy", ...adam(0.01) },
    ],
  ] as const
).map(([name, data, layers, enough, training]) =>
  net(kind, {
    name: `a plateau, ${name}`,
    because: "no weights of this net do better than the best constant answer; a hidden layer does",
    data,
    layers,
    training,
    cause: cause("loss-plateau"),
    healed: { layers: enough },
  }),
);

/** A cliff: the recurrence grows without bound unless it saturates (Pascanu et al. 2013). */
const cliffs: readonly ZooEntry[] = (
  [
    ["relu simpleRNN, sgd 0.1", rnn(16, { activation: "relu", recurrentInitializer: "identity" }), sgd(0.1), true],
    // These two overflow within a few steps: that, or the growth through time, should be reported.
    ["relu simpleRNN, sgd 0.3", rnn(16, { activation: "relu", recurrentInitializer: "identity" }), sgd(0.3), false],
    ["linear simpleRNN, sgd 0.3", rnn(16, { activation: "linear" }), sgd(0.3), true],
    ["linear identity, sgd 1", rnn(8, { activation: "linear", recurrentInitializer: "identity" }), sgd(1), false],
  ] as const
).map(([name, layer, training, bounded]) =>
  net(kind, {
    name: `a cliff, ${name}`,
    because: "one step over the cliff of an unbounded recurrence",
    data: recent,
    layers: [layer, dense(1)],
    training,
    steps: 300,
    // The same step may be reported as an overflow, or at the recurrence.
    cause: { codes: ["exploding-gradient", "exploding-through-time", "non-finite", "loss-diverging"], places: [[]] },
    truth: bounded ? { "exploding-gradient": true } : {},
    healed: { training: adam(0.003) },
  }),
);

export const signs: readonly ZooEntry[] = [...still, ...growing, ...silent, ...early, ...cliffs];

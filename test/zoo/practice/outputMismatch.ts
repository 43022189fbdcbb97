/** Outputs that cannot give what the targets or the loss require. */

import type { ZooEntry } from "../entry.ts";
import { atData, dense, gru, layer, lstm, momentum, net, rnn } from "./net.ts";
import { classify, noise, plane, tokens } from "./sequences.ts";

const kind = "output-mismatch";
const at = (...places: readonly (readonly (string | number)[])[]) => ({ codes: ["output-mismatch"], places }) as const;
const loss = ["training", "loss"];

const binary = plane((a, b) => Number(a + b > 0));
const quadrant = plane((a, b) => 2 * Number(a > 0) + Number(b > 0));
const smooth = (scale: number, shift = 0) => plane((a, b) => shift + scale * Math.tanh(a + 0.5 * b));
const hidden = dense(16, "tanh");
const bce = { loss: "binaryCrossentropy", optimizer: { type: "adam", learningRate: 0.01 } };
const cce = { ...classify, optimizer: { type: "adam", learningRate: 0.01 } };
const mse = { loss: "meanSquaredError", optimizer: { type: "adam", learningRate: 0.01 } };

/** Sum of the sequence's last two values, small enough for a state. */
const lastTwo = (scale: number) => noise({ length: 12 }, (x) => [scale * Math.tanh((x.at(-1) ?? 0) + (x.at(-2) ?? 0))]);

export const outputMismatch: readonly ZooEntry[] = [
  net(kind, {
    name: "softmax over one unit, squared error",
    because: "a softmax over one unit is always 1",
    data: binary,
    layers: [hidden, dense(1, "softmax")],
    training: { ...mse, ...momentum(0.1) },
    cause: at(layer(1)),
    healed: { layers: [hidden, dense(1, "sigmoid")] },
  }),
  net(kind, {
    name: "softmax over one unit, binary cross-entropy",
    because: "a softmax over one unit is always 1",
    data: binary,
    layers: [hidden, hidden, dense(1, "softmax")],
    training: bce,
    cause: at(layer(2)),
    healed: { layers: [hidden, hidden, dense(1, "sigmoid")] },
  }),
  net(kind, {
    name: "softmax over one unit after an lstm",
    because: "a softmax over one unit is always 1",
    data: noise({ length: 12 }, (x) => [Number((x.at(-1) ?? 0) > 0)]),
    layers: [lstm(8), dense(1, "softmax")],
    training: bce,
    cause: at(layer(1)),
    healed: { layers: [lstm(8), dense(1, "sigmoid")] },
  }),
  net(kind, {
    name: "binary cross-entropy of a linear output",
    because: "a linear output is not a probability: below 0 the loss has no gradient",
    data: binary,
    layers: [hidden, dense(1)],
    training: { ...bce, ...momentum(0.1) },
    tellsByOutcome: false,
    cause: at(layer(1), loss),
    healed: { layers: [hidden, dense(1, "sigmoid")] },
  }),
  net(kind, {
    name: "class indices of a linear output",
    because: "linear outputs are not probabilities",
    data: quadrant,
    layers: [hidden, dense(4)],
    training: cce,
    cause: at(layer(1), loss),
    healed: { layers: [hidden, dense(4, "softmax")] },
  }),
  net(kind, {
    name: "class indices of a relu output",
    because: "rectified outputs are not probabilities",
    data: quadrant,
    layers: [hidden, dense(4, "relu")],
    training: cce,
    cause: at(layer(1), loss),
    healed: { layers: [hidden, dense(4, "softmax")] },
  }),
  net(kind, {
    name: "binary cross-entropy of a tanh output",
    because: "tanh is negative for half of its inputs",
    data: binary,
    layers: [hidden, dense(1, "tanh")],
    training: bce,
    tellsByOutcome: false,
    cause: at(layer(1), loss),
    healed: { layers: [hidden, dense(1, "sigmoid")] },
  }),
  net(kind, {
    name: "sigmoid output, targets up to 1000",
    because: "the output is below 1, the targets are about 500",
    data: smooth(400, 500),
    layers: [hidden, dense(1, "sigmoid")],
    training: mse,
    cause: at(layer(1)),
    healed: { data: smooth(0.4, 0.5) },
  }),
  net(kind, {
    name: "sigmoid output, standardized targets",
    because: "half of the targets are negative, no output is",
    data: smooth(1.5, -1),
    layers: [hidden, dense(1, "sigmoid")],
    training: mse,
    cause: at(layer(1)),
    healed: { layers: [hidden, dense(1)] },
  }),
  net(kind, {
    name: "tanh output, targets of 5 to 9",
    because: "the output stays below 1",
    data: smooth(2, 7),
    layers: [hidden, dense(1, "tanh")],
    training: mse,
    cause: at(layer(1)),
    healed: { layers: [hidden, dense(1)] },
  }),
  net(kind, {
    name: "relu output, negative targets",
    because: "the output is never below 0, the targets always are",
    data: smooth(1, -2),
    layers: [hidden, dense(1, "relu")],
    training: mse,
    cause: at(layer(1)),
    healed: { layers: [hidden, dense(1)] },
  }),
  net(kind, {
    name: "softplus output, negative targets",
    because: "the output is above 0, the targets never are",
    data: smooth(1, -2),
    layers: [hidden, dense(1, "softplus")],
    training: mse,
    cause: at(layer(1)),
    healed: { layers: [hidden, dense(1)] },
  }),
  net(kind, {
    name: "lstm as the output, targets of 3 to 5",
    because: "a state is within ±1",
    data: noise({ length: 12 }, (x) => [4 + Math.tanh((x.at(-1) ?? 0) + (x.at(-2) ?? 0))]),
    layers: [lstm(8, { returnSequences: true }), lstm(1)],
    training: mse,
    cause: at(layer(1)),
    healed: { layers: [lstm(8), dense(1)] },
  }),
  net(kind, {
    name: "gru as the output, targets of −6 to −4",
    because: "a state is within ±1",
    data: noise({ length: 12 }, (x) => [-5 + Math.tanh((x.at(-1) ?? 0) + (x.at(-2) ?? 0))]),
    layers: [gru(8, { returnSequences: true }), gru(1)],
    training: mse,
    cause: at(layer(1)),
    healed: { layers: [gru(8), dense(1)] },
  }),
  net(kind, {
    name: "dead relu output",
    because: "the output's bias of −8 keeps it at zero, where it has no gradient",
    data: smooth(1, 2),
    layers: [hidden, dense(1, "relu", { biasInitializer: { type: "constant", value: -8 } })],
    training: mse,
    cause: at(layer(1)),
    healed: { layers: [hidden, dense(1)] },
  }),
  ...Object.entries({ lstm, gru }).map(([type, make]) =>
    net(kind, {
      name: `softmax as the state of a ${type}`,
      because: "the units of a state share a sum of 1",
      data: noise({ length: 12 }, (x) => [2 * Math.tanh((x.at(-1) ?? 0) + (x.at(-2) ?? 0))]),
      layers: [make(32, { activation: "softmax" }), dense(1)],
      training: { ...mse, ...momentum(0.002) },
      cause: at(layer(0)),
      healed: { layers: [make(32), dense(1)], training: mse },
      unknown: ["vanishing-through-time"],
    }),
  ),
  net(kind, {
    name: "softmax after softmax",
    because: "a softmax of probabilities is always nearly even",
    data: tokens(8, -1),
    layers: [rnn(16), dense(4, "softmax"), { type: "activation", activation: "softmax" }],
    training: cce,
    tellsByOutcome: false,
    cause: at(layer(1), layer(2)),
    healed: { layers: [rnn(16), dense(4, "softmax")] },
  }),
  net(kind, {
    name: "labels from 1, one unit each",
    because: "class indices begin at 0: the largest one has no unit",
    data: plane((a, b) => 1 + 2 * Number(a > 0) + Number(b > 0)),
    layers: [hidden, dense(4, "softmax")],
    training: cce,
    cause: at(layer(1), ...atData),
    healed: { data: quadrant },
  }),
  net(kind, {
    name: "two classes, one unit, class indices",
    because: "class indices need a unit for each class",
    data: binary,
    layers: [hidden, dense(1, "sigmoid")],
    training: cce,
    cause: at(layer(1), loss),
    healed: { training: bce },
  }),
  ...[
    { name: "sigmoid of a class", data: binary, output: dense(1, "sigmoid"), training: bce },
    { name: "softmax of four classes", data: quadrant, output: dense(4, "softmax"), training: cce },
    { name: "linear output, targets within ±5", data: smooth(5), output: dense(1), training: mse },
    { name: "tanh output, targets within ±0.9", data: smooth(0.9), output: dense(1, "tanh"), training: mse },
    { name: "sigmoid output, targets from 0 to 1", data: smooth(0.4, 0.5), output: dense(1, "sigmoid"), training: mse },
    { name: "relu output, targets above 0", data: smooth(1, 1.2), output: dense(1, "relu"), training: mse },
  ].map(({ name, data, output, training }) =>
    net(kind, {
      name,
      because: "the control: the output has the targets' range",
      data,
      layers: [hidden, output],
      training,
      cause: null,
    }),
  ),
  net(kind, {
    name: "labels from 1, a unit to spare",
    because: "class 0 never occurs, which only costs a unit",
    data: plane((a, b) => 1 + 2 * Number(a > 0) + Number(b > 0)),
    layers: [hidden, dense(5, "softmax")],
    training: cce,
    cause: null,
  }),
  net(kind, {
    name: "lstm as the output, targets within ±0.8",
    because: "the control: a state has that range",
    data: lastTwo(0.8),
    layers: [lstm(8, { returnSequences: true }), lstm(1)],
    training: mse,
    cause: null,
  }),
];

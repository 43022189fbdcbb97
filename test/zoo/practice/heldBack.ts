/** Training settings that leave almost nothing to learn with, and the usual settings as controls. */

import type { ZooEntry } from "../entry.ts";
import { adam, atLayers, dense, gru, net, rnn, sgd } from "./net.ts";
import { classify, plane, tokens } from "./sequences.ts";

const kind = "held back";
const clipped = { codes: ["held-back"], places: [["training", "clip"]] } as const;
const inLayers = { codes: ["held-back"], places: atLayers } as const;

const smooth = plane((a, b) => Math.tanh(a + 0.5 * b));
const quadrants = plane((a, b) => 2 * Number(a > 0) + Number(b > 0));
const last = tokens(12, -1);

const mlp = (regularizer?: object): readonly object[] => {
  const more = regularizer ? { kernelRegularizer: regularizer } : {};
  return [dense(16, "tanh", more), dense(1, "linear", more)];
};
const classifier = [dense(16, "tanh"), dense(4, "softmax")];
const dropping = (rate: number): readonly object[] => [
  { type: "dropout", rate },
  dense(32, "relu"),
  { type: "dropout", rate },
  dense(4, "softmax"),
];
const l2 = (factor: number): object => ({ type: "l2", l2: factor });
const l1 = (factor: number): object => ({ type: "l1", l1: factor });

const clip = (training: object, limit: object): object => ({ ...training, clip: limit });

export const heldBack: readonly ZooEntry[] = [
  ...(
    [
      ["a global norm of 1e-5, dense", quadrants, classifier, { ...classify, ...sgd(0.3) }, { globalNorm: 1e-5 }],
      ["entries of 1e-6, dense", quadrants, classifier, { ...classify, ...sgd(0.3) }, { value: 1e-6 }],
      [
        "a norm of 1e-5 of each weight, gru",
        last,
        [gru(12), dense(4, "softmax")],
        { ...classify, ...sgd(0.3) },
        { norm: 1e-5 },
      ],
      [
        "a global norm of 1e-4, simpleRNN",
        last,
        [rnn(12), dense(4, "softmax")],
        { ...classify, ...sgd(0.1) },
        { globalNorm: 1e-4 },
      ],
    ] as const
  ).map(([name, data, layers, training, limit]) =>
    net(kind, {
      name: `clipped to ${name}`,
      because: "the limit leaves less than a thousandth of the gradient, and SGD's updates are proportional to it",
      data,
      layers,
      training: clip(training, limit),
      cause: clipped,
      healed: { training },
    }),
  ),
  net(kind, {
    name: "clipped to a global norm of 1, dense",
    because: "the control: the limit is above the usual norm",
    data: smooth,
    layers: mlp(),
    training: clip(sgd(0.1), { globalNorm: 1 }),
    cause: null,
  }),
  net(kind, {
    name: "clipped to a global norm of 1e-3, adam",
    because: "the control: Adam divides by the gradient's size",
    data: smooth,
    layers: mlp(),
    training: clip(adam(0.01), { globalNorm: 1e-3 }),
    cause: null,
  }),
  ...(
    [
      ["l2 of 10", l2(10)],
      ["l2 of 1", l2(1)],
      ["l1 of 1", l1(1)],
      ["l1 of 0.3", l1(0.3)],
    ] as const
  ).map(([name, regularizer]) =>
    net(kind, {
      name: `${name}, dense`,
      because: "the penalty is many times the loss of the data, and pulls the weights to zero",
      data: smooth,
      layers: mlp(regularizer),
      training: adam(0.01),
      cause: inLayers,
      healed: { layers: mlp() },
    }),
  ),
  ...[1e-4, 1e-3].map((factor) =>
    net(kind, {
      name: `l2 of ${factor}, dense`,
      because: "the control: a usual penalty",
      data: smooth,
      layers: mlp(l2(factor)),
      training: adam(0.01),
      cause: null,
    }),
  ),
  ...[0.95, 0.97, 0.99].map((rate) =>
    net(kind, {
      name: `dropout of ${rate}, dense`,
      because: "almost nothing of the inputs and of the hidden units passes in a step",
      data: quadrants,
      layers: dropping(rate),
      training: { ...classify, ...adam(0.01) },
      cause: inLayers,
      healed: { layers: dropping(0.1) },
    }),
  ),
  ...[0.1, 0.3].map((rate) =>
    net(kind, {
      name: `dropout of ${rate}, dense`,
      because: "the control: a usual rate",
      data: quadrants,
      layers: dropping(rate),
      training: { ...classify, ...adam(0.01) },
      cause: null,
    }),
  ),
];

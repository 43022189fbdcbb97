/** Classes that are rare. */

import type { ZooEntry } from "../entry.ts";
import { adam, dense, lstm, net, rnn } from "./net.ts";
import { noise, plane } from "./sequences.ts";

const kind = "imbalance";
const because = "three samples of a hundred are positive, and the net learns which";
const training = { loss: "binaryCrossentropy", ...adam(0.01) };
const rare = noise({ length: 10, samples: 1200 }, (x) => [Number((x.at(-1) ?? 0) > 1.88)]);

export const imbalance: readonly ZooEntry[] = [
  net(kind, {
    name: "3 % positive, dense",
    because,
    data: plane((a, b) => Number(a + b > 2.66), 1200),
    layers: [dense(16, "relu"), dense(1, "sigmoid")],
    training,
    cause: null,
  }),
  net(kind, {
    name: "3 % positive, lstm",
    because,
    data: rare,
    layers: [lstm(8), dense(1, "sigmoid")],
    training,
    cause: null,
  }),
  net(kind, {
    name: "3 % positive, simpleRNN",
    because,
    data: rare,
    layers: [rnn(8), dense(1, "sigmoid")],
    training,
    cause: null,
  }),
  net(kind, {
    name: "3 % of a class of three",
    because,
    data: plane((a, b) => (a + b > 2.66 ? 2 : Number(a > 0)), 1200),
    layers: [dense(16, "tanh"), dense(3, "softmax")],
    training: { loss: "sparseCategoricalCrossentropy", ...adam(0.01) },
    cause: null,
  }),
];

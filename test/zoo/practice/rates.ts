/** Learning rates that are far too low or too high. */

import type { ZooEntry } from "../entry.ts";
import { adam, atTraining, dense, gru, lstm, momentum, net, rnn, sgd } from "./net.ts";
import { classify, driven, plane, tokens } from "./sequences.ts";

const kind = "rate";
const tooSmall = { codes: ["update-ratio", "loss-plateau"], places: atTraining } as const;
const tooLarge = {
  codes: ["loss-diverging", "exploding-gradient", "non-finite", "update-ratio"],
  places: atTraining,
} as const;

const smooth = plane((a, b) => Math.tanh(a + 0.5 * b));
const last = tokens(40, -1);
const recent = driven(30, (x, t) => 0.8 * (x[t] ?? 0) - 0.5 * (x[t - 1] ?? 0));
const mlp = [dense(16, "tanh"), dense(1)];

export const rates: readonly ZooEntry[] = [
  net(kind, {
    name: "last of 40 tokens, sgd 1e-5",
    because: "the weights do not move; with a rate of 0.1 they learn",
    data: last,
    layers: [rnn(16), dense(4, "softmax")],
    training: { ...classify, ...sgd(1e-5) },
    cause: tooSmall,
    healed: { training: { ...classify, ...sgd(0.1) } },
  }),
  net(kind, {
    name: "last of 40 tokens, lstm, sgd 1e-4",
    because: "the weights do not move; with adam they learn",
    data: last,
    layers: [lstm(16), dense(4, "softmax")],
    training: { ...classify, ...sgd(1e-4) },
    cause: tooSmall,
    healed: { training: { ...classify, ...adam(0.01) } },
  }),
  net(kind, {
    name: "dense, sgd 1e-6",
    because: "the weights do not move",
    data: plane((a, b) => 2 * Number(a > 0) + Number(b > 0)),
    layers: [dense(16, "tanh"), dense(4, "softmax")],
    training: { ...classify, ...sgd(1e-6) },
    cause: tooSmall,
    healed: { training: { ...classify, ...sgd(0.1) } },
  }),
  net(kind, {
    name: "last of 30 tokens, gru, adam 1e-8",
    because: "the weights do not move",
    data: tokens(30, -1),
    layers: [gru(12), dense(4, "softmax")],
    training: { ...classify, ...adam(1e-8) },
    cause: tooSmall,
    healed: { training: { ...classify, ...adam(0.01) } },
  }),
  net(kind, {
    name: "dense, sgd 10",
    because: "beyond the largest stable rate; the data are of unit scale",
    data: smooth,
    layers: [dense(16, "relu"), dense(1)],
    training: sgd(10),
    cause: tooLarge,
    healed: { training: sgd(0.1) },
  }),
  net(kind, {
    name: "dense, momentum 2",
    because: "beyond the largest stable rate; the data are of unit scale",
    data: smooth,
    layers: mlp,
    training: momentum(2),
    cause: tooLarge,
    healed: { training: momentum(0.03) },
  }),
  net(kind, {
    name: "linear, sgd 3",
    because: "the curvature is 2: rates above 1 diverge",
    data: plane((a, b) => a - 2 * b),
    layers: [dense(1)],
    training: sgd(3),
    cause: tooLarge,
    healed: { training: sgd(0.1) },
  }),
  net(kind, {
    name: "recent inputs, simpleRNN, adam 3",
    because: "every update is as large as the weights",
    data: recent,
    layers: [rnn(16), dense(1)],
    training: adam(3),
    cause: tooLarge,
    healed: { training: adam(0.003) },
  }),
  net(kind, {
    name: "last of 40 tokens, sgd 0.1",
    because: "the control: a rate that learns",
    data: last,
    layers: [rnn(16), dense(4, "softmax")],
    training: { ...classify, ...sgd(0.1) },
    cause: null,
  }),
  net(kind, {
    name: "dense, sgd 0.1",
    because: "the control: a rate that learns",
    data: smooth,
    layers: mlp,
    training: sgd(0.1),
    cause: null,
  }),
  net(kind, {
    name: "dense, momentum 0.03 after a warm-up",
    because: "the control: small at first, then enough",
    data: smooth,
    layers: mlp,
    training: { ...momentum(0.03), schedule: { type: "constant", warmup: 50 } },
    cause: null,
  }),
  net(kind, {
    name: "recent inputs, gru, adam 0.01",
    because: "the control: a rate that learns",
    data: recent,
    layers: [gru(8), dense(1)],
    training: adam(0.01),
    cause: null,
  }),
];

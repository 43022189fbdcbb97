/** Units that begin equal and stay equal. */

import type { ZooEntry } from "../entry.ts";
import { adam, dense, layer, lstm, net, rnn } from "./net.ts";
import { noise, plane } from "./sequences.ts";

const kind = "symmetric-units";
const at = (...layers: readonly number[]) =>
  ({ codes: ["symmetric-units"], places: layers.map((i) => layer(i)) }) as const;

/** One unit of any kind can distinguish the sides of a line, but not this. */
const product = plane((a, b) => 2 * Math.tanh(a * b));
const both = noise({ length: 6, features: 2 }, (x) => [2 * Math.tanh((x.at(-1) ?? 0) * (x.at(-2) ?? 0))]);
const constant = (value: number) => ({ kernelInitializer: { type: "constant", value } });
const training = adam(0.01);
const healed = { layers: [dense(16, "tanh"), dense(16, "tanh"), dense(1)] };

export const symmetricUnits: readonly ZooEntry[] = [
  net(kind, {
    name: "all kernels zero",
    because: "no hidden unit gets a gradient",
    data: product,
    layers: [
      dense(16, "tanh", { kernelInitializer: "zeros" }),
      dense(16, "tanh", { kernelInitializer: "zeros" }),
      dense(1, "linear", { kernelInitializer: "zeros" }),
    ],
    training,
    cause: at(0, 1, 2),
    healed,
  }),
  net(kind, {
    name: "all kernels zero, relu",
    because: "no hidden unit gets a gradient",
    data: product,
    layers: [
      dense(16, "relu", { kernelInitializer: "zeros" }),
      dense(16, "relu", { kernelInitializer: "zeros" }),
      dense(1),
    ],
    training,
    cause: at(0, 1),
    healed: { layers: [dense(16, "relu"), dense(16, "relu"), dense(1)] },
  }),
  net(kind, {
    name: "all kernels 0.1",
    because: "the units of a layer are one unit, sixteen times",
    data: product,
    layers: [dense(16, "tanh", constant(0.1)), dense(16, "tanh", constant(0.1)), dense(1, "linear", constant(0.1))],
    training,
    cause: at(0, 1),
    healed,
  }),
  net(kind, {
    name: "one wide layer of ones",
    because: "the units of the layer are one unit, thirty-two times",
    data: product,
    layers: [dense(32, "tanh", { kernelInitializer: "ones" }), dense(1, "linear", constant(0.1))],
    training,
    cause: at(0),
    healed: { layers: [dense(32, "tanh"), dense(1)] },
  }),
  net(kind, {
    name: "lstm of constants",
    because: "the units are one unit, sixteen times",
    data: both,
    layers: [
      lstm(16, { ...constant(0.1), recurrentInitializer: { type: "constant", value: 0.05 } }),
      dense(1, "linear", constant(0.1)),
    ],
    training,
    // A single gated unit can represent part of a product.
    tellsByOutcome: false,
    cause: at(0),
    healed: { layers: [lstm(16), dense(1)] },
  }),
  net(kind, {
    name: "simpleRNN of zeros",
    because: "no unit gets a gradient except through the output, which is also zero",
    data: both,
    layers: [
      rnn(16, { kernelInitializer: "zeros", recurrentInitializer: "zeros" }),
      dense(1, "linear", { kernelInitializer: "zeros" }),
    ],
    training,
    cause: at(0, 1),
    healed: { layers: [rnn(16), dense(1)] },
  }),
  net(kind, {
    name: "simpleRNN of ones",
    because: "the units are one unit, sixteen times",
    data: both,
    layers: [
      rnn(16, {
        kernelInitializer: { type: "constant", value: 0.3 },
        recurrentInitializer: { type: "constant", value: 0.05 },
      }),
      dense(1, "linear", constant(0.1)),
    ],
    training,
    cause: at(0),
    healed: { layers: [rnn(16), dense(1)] },
  }),
  net(kind, {
    name: "zero output kernel",
    because: "the control: only the output begins at zero, which costs a step",
    data: product,
    layers: [dense(16, "tanh"), dense(16, "tanh"), dense(1, "linear", { kernelInitializer: "zeros" })],
    training,
    cause: null,
  }),
  net(kind, {
    name: "zero kernel of a linear net",
    because: "the control: a linear net has no hidden units to distinguish",
    data: plane((a, b) => a - 2 * b),
    layers: [dense(1, "linear", { kernelInitializer: "zeros" })],
    training,
    cause: null,
  }),
  net(kind, {
    name: "equal biases",
    because: "the control: the biases are equal, the kernels are not",
    data: product,
    layers: [dense(32, "tanh", { biasInitializer: { type: "constant", value: 0.5 } }), dense(1)],
    training,
    cause: null,
  }),
  net(kind, {
    name: "identity recurrence, random kernel",
    because: "the control: each unit has weights of its own",
    data: both,
    layers: [rnn(32, { activation: "relu", recurrentInitializer: "identity" }), dense(1)],
    training: adam(0.003),
    cause: null,
  }),
];

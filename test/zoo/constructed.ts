/**
 * Nets whose gradient is known by construction. All except the planted overflows are trained with a learning rate so
 * small that they do not change.
 */

import { configOf, type Truth, type ZooEntry } from "./entry.ts";

const frozen = { optimizer: { type: "sgd", learningRate: 1e-30 } };
const steps = 120;
const dense = { type: "dense", units: 1 };
const adding = (length: number) => ({ task: "addingProblem", length, samples: 512, seed: 1 });
const none: Truth = { "vanishing-through-time": false, "exploding-through-time": false, "non-finite": false };

function entry(
  name: string,
  because: string,
  layers: readonly object[],
  truth: Truth,
  more: { readonly length?: number; readonly training?: object; readonly data?: object } = {},
): ZooEntry {
  const data = more.data ?? adding(more.length ?? 60);
  return {
    name,
    kind: "constructed",
    because,
    config: configOf({ data, layers, training: more.training ?? frozen, steps }),
    files: {},
    steps,
    truth,
    frozen: more.training === undefined,
    learns: null,
  };
}

/** γ_t = ρ at every timestep, for any inputs: U = ρQ, Q orthogonal. */
const linear = (rho: number, length: number): ZooEntry =>
  entry(
    `linear ρ=${rho} T=${length}`,
    `gain ρ per timestep: 1 % is left after ${Math.floor(Math.log(0.01) / Math.log(rho))} timesteps, ${(Math.log10(rho) * length).toFixed(1)} decades in all`,
    [
      { type: "simpleRNN", units: 16, activation: "linear", recurrentInitializer: { type: "orthogonal", gain: rho } },
      dense,
    ],
    {
      ...none,
      "vanishing-through-time": rho < 1 && Math.log(0.01) / Math.log(rho) < length - 1,
      "exploding-through-time": Math.log10(rho) * length > 3,
    },
    { length },
  );

const lstm = (bias: number | string | object, more: object = {}) => ({
  type: "lstm",
  units: 16,
  recurrentActivation: "sigmoid",
  biasInitializer: typeof bias === "number" ? { type: "constant", value: bias } : bias,
  ...more,
});

const gru = (bias: number) => ({
  type: "gru",
  units: 16,
  recurrentActivation: "sigmoid",
  biasInitializer: { type: "constant", value: bias },
});

/** Depth: each layer multiplies the gradient's length by its gain. */
const deep = (gain: number, depth: number): ZooEntry =>
  entry(
    `dense chain gain=${gain} depth=${depth}`,
    `every layer is ${gain} times an orthogonal matrix: ${(Math.log10(gain) * (depth - 1)).toFixed(1)} decades from the last to the first`,
    [
      { type: "flatten" },
      { type: "dense", units: 32, activation: "linear" },
      ...Array.from({ length: depth }, () => ({
        type: "dense",
        units: 32,
        kernelInitializer: { type: "orthogonal", gain },
      })),
      dense,
    ],
    { "vanishing-through-depth": gain <= 5e-4, "exploding-through-depth": gain >= 2e3, "non-finite": false },
    { length: 10 },
  );

export const constructed: readonly ZooEntry[] = [
  ...[0.3, 0.5, 0.7, 0.8, 0.9].map((rho) => linear(rho, 60)),
  linear(0.95, 150),
  linear(0.97, 200),
  ...[0.95, 0.98, 1, 1.02].map((rho) => linear(rho, 60)),
  linear(0.99, 150),
  linear(1.05, 60),
  linear(1.15, 60),
  linear(1.2, 60),
  linear(1.05, 200),
  linear(1.3, 60),
  linear(1.5, 60),
  linear(2, 30),
  entry(
    "sigmoid orthogonal T=60",
    "σ' ≤ 1/4 and ‖U‖ = 1: the gain is at most 1/4",
    [{ type: "simpleRNN", units: 32, activation: "sigmoid", recurrentInitializer: "orthogonal" }, dense],
    { ...none, "vanishing-through-time": true },
  ),
  entry(
    "tanh next to no recurrence",
    "a thousandth is passed back per timestep",
    [{ type: "simpleRNN", units: 16, recurrentInitializer: { type: "orthogonal", gain: 0.001 } }, dense],
    { ...none, "vanishing-through-time": true },
  ),
  entry(
    "identity ReLU T=60",
    "while a unit is on its gain is 1",
    [
      {
        type: "simpleRNN",
        units: 32,
        activation: "relu",
        recurrentInitializer: "identity",
        biasInitializer: { type: "constant", value: 0.1 },
        kernelInitializer: { type: "constant", value: 0.01 },
      },
      dense,
    ],
    none,
  ),
  ...[-6, -7, -9].map((bias) =>
    entry(
      `lstm biases ${bias}`,
      "the forget gate is below 0.01, so c keeps less than 1 % per timestep",
      [lstm(bias), dense],
      { ...none, "vanishing-through-time": true, "saturated-gates": true },
    ),
  ),
  entry(
    "lstm biases +6",
    "the candidate's bias fills the cell: c = 60 after 60 timesteps, where tanh' is zero: no gradient passes back from the loss",
    [lstm(6), dense],
    { ...none, "vanishing-through-time": true },
  ),
  entry(
    "lstm forget half open",
    "zero biases: the forget gate is about 1/2, 60 timesteps keep 1e-18",
    [lstm("zeros"), dense],
    { ...none, "vanishing-through-time": true, "saturated-gates": false },
  ),
  entry(
    "lstm chrono T=60",
    "time-scales up to 60 timesteps by the forget gates' biases (Tallec & Ollivier 2018)",
    [lstm({ type: "chrono", maxLag: 60 }, { units: 32 }), dense],
    none,
  ),
  entry("gru update open", "biases of +6: h keeps 0.9975 per timestep; an open gate is not a fault", [gru(6), dense], {
    ...none,
    "saturated-gates": false,
  }),
  ...[-6, -8].map((bias) =>
    entry(`gru biases ${bias}`, "h is replaced at every timestep", [gru(bias), dense], {
      ...none,
      "vanishing-through-time": true,
      "saturated-gates": true,
    }),
  ),
  ...[1e-5, 1e-4, 3e-4, 2.5e3, 4e3, 1e4].map((gain) => deep(gain, 3)),
  deep(0.5, 3),
  deep(1, 8),
  deep(2, 4),
  ...[-10, -20, -40].map((bias) =>
    entry(
      `dense ReLU bias=${bias}`,
      "the bias keeps every unit at zero",
      [
        { type: "flatten" },
        { type: "dense", units: 32, activation: "relu", biasInitializer: { type: "constant", value: bias } },
        dense,
      ],
      { "dead-units": true, "non-finite": false },
      { length: 10 },
    ),
  ),
  entry(
    "dense ReLU",
    "zero biases: half of the units are on for any input",
    [{ type: "flatten" }, { type: "dense", units: 32, activation: "relu" }, dense],
    { "dead-units": false, "saturated-units": false, "non-finite": false },
    { length: 10 },
  ),
  ...[30, 60, 100].map((stddev) =>
    entry(
      `dense tanh stddev=${stddev}`,
      "such weights push the units to ±1",
      [
        { type: "flatten" },
        { type: "dense", units: 32, activation: "tanh", kernelInitializer: { type: "randomNormal", stddev } },
        dense,
      ],
      { "saturated-units": true, "dead-units": false, "non-finite": false },
      { length: 10 },
    ),
  ),
  entry(
    "dense tanh",
    "Glorot keeps the units in their linear part",
    [{ type: "flatten" }, { type: "dense", units: 32, activation: "tanh" }, dense],
    { "saturated-units": false, "dead-units": false, "non-finite": false },
    { length: 10 },
  ),
  entry(
    "planted overflow, weights",
    "the loss of weights of 1e25 is infinite at the first step",
    [{ type: "flatten" }, { type: "dense", units: 1, kernelInitializer: { type: "constant", value: 1e25 } }],
    { "non-finite": true },
    { length: 10 },
  ),
  entry(
    "planted overflow, learning rate",
    "a learning rate of 1e30 makes the first update overflow the second loss",
    [{ type: "simpleRNN", units: 8, activation: "relu" }, dense],
    { "non-finite": true },
    { length: 20, training: { optimizer: { type: "sgd", learningRate: 1e30 } } },
  ),
  entry(
    "planted overflow, depth",
    "three layers of gain 1e15: the third's outputs are beyond float32",
    [
      { type: "flatten" },
      ...Array.from({ length: 3 }, () => ({
        type: "dense",
        units: 16,
        kernelInitializer: { type: "orthogonal", gain: 1e15 },
      })),
      dense,
    ],
    { "non-finite": true },
    { length: 10 },
  ),
  entry(
    "planted overflow, LSTM's output",
    "the states are bounded, but the squared loss of weights of 1e30 is not",
    [lstm("zeros"), { ...dense, kernelInitializer: { type: "constant", value: 1e30 } }],
    { "non-finite": true },
    { length: 20 },
  ),
  entry(
    "planted overflow, momentum",
    "the first update with a learning rate of 1e25 moves the weights to where the loss overflows",
    [{ type: "gru", units: 8 }, dense],
    { "non-finite": true },
    { length: 20, training: { optimizer: { type: "momentum", learningRate: 1e25, momentum: 0.9 } } },
  ),
  entry(
    "planted overflow, time",
    "3^200 is beyond float32: the state itself overflows",
    [
      { type: "simpleRNN", units: 16, activation: "linear", recurrentInitializer: { type: "orthogonal", gain: 3 } },
      dense,
    ],
    { "non-finite": true },
    { length: 200 },
  ),
];

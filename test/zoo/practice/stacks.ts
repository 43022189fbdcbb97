/** Nets with many layers. */

import type { ZooEntry } from "../entry.ts";
import { adam, atLayers, dense, net, sgd } from "./net.ts";
import { classify, plane, tokens } from "./sequences.ts";

const kind = "deep stack";
const smooth = plane((a, b) => 2 * Math.tanh(a * b));
const quadrant = plane((a, b) => 2 * Number(a > 0) + Number(b > 0));
const stack = (count: number, layer: object): readonly object[] => [
  ...Array.from({ length: count }, () => layer),
  dense(1),
];
const small = { kernelInitializer: { type: "randomNormal", stddev: 0.01 } };
const through = { codes: ["vanishing-through-depth"], places: atLayers } as const;

const blocks = (count: number, normalization: "pre" | "post"): readonly object[] => [
  { type: "embedding", inputDim: 4, outputDim: 8 },
  { type: "positionalEncoding" },
  ...Array.from({ length: count }, () => ({ type: "transformerEncoder", heads: 2, units: 16, normalization })),
  { type: "globalAveragePooling1d" },
  dense(4, "softmax"),
];

export const stacks: readonly ZooEntry[] = [
  net(kind, {
    name: "ten relu layers, stddev 0.01",
    because: "each layer passes on a twentieth: thirteen decades in all",
    data: smooth,
    layers: stack(10, dense(32, "relu", small)),
    training: adam(0.001),
    steps: 300,
    cause: through,
    healed: { layers: stack(10, dense(32, "relu", { kernelInitializer: "heNormal" })) },
    truth: { "dead-units": false },
  }),
  net(kind, {
    name: "ten tanh layers, stddev 0.01",
    because: "each layer passes on a twentieth",
    data: smooth,
    layers: stack(10, dense(32, "tanh", small)),
    training: sgd(0.05),
    steps: 300,
    cause: through,
    healed: { layers: stack(10, dense(32, "tanh")), training: adam(0.003) },
  }),
  net(kind, {
    name: "ten sigmoid layers",
    because: "σ' ≤ 1/4: each layer passes on a quarter of a Glorot kernel",
    data: smooth,
    layers: stack(10, dense(32, "sigmoid")),
    training: adam(0.001),
    cause: through,
    healed: { layers: stack(10, dense(32, "tanh")), training: adam(0.003) },
  }),
  net(kind, {
    name: "ten relu layers, He",
    because: "the control: He's scale",
    data: smooth,
    layers: stack(10, dense(32, "relu", { kernelInitializer: "heNormal" })),
    training: adam(0.001),
    cause: null,
  }),
  net(kind, {
    name: "ten tanh layers, Glorot",
    because: "the control: Glorot's scale",
    data: smooth,
    layers: stack(10, dense(32, "tanh")),
    training: adam(0.003),
    cause: null,
  }),
  net(kind, {
    name: "three sigmoid layers",
    because: "the control: not deep",
    data: quadrant,
    layers: [dense(16, "sigmoid"), dense(16, "sigmoid"), dense(16, "sigmoid"), dense(4, "softmax")],
    training: { ...classify, ...adam(0.01) },
    cause: null,
  }),
  net(kind, {
    name: "eight post-norm blocks",
    because: "normalization after each sum rescales the gradient at every block; pre-norm learns",
    data: tokens(10, 3, { oneHot: false }),
    layers: blocks(8, "post"),
    training: { ...classify, ...adam(0.01), batchSize: 16 },
    steps: 300,
    cause: { codes: ["post-norm-stack"], places: atLayers },
    healed: { layers: blocks(8, "pre") },
  }),
  net(kind, {
    name: "eight pre-norm blocks",
    because: "the control: an unchanged path through any depth",
    data: tokens(10, 3, { oneHot: false }),
    layers: blocks(8, "pre"),
    training: { ...classify, ...adam(0.01), batchSize: 16 },
    steps: 300,
    cause: null,
  }),
  net(kind, {
    name: "two post-norm blocks",
    because: "the control: not deep",
    data: tokens(10, 3, { oneHot: false }),
    layers: blocks(2, "post"),
    training: { ...classify, ...adam(0.005), batchSize: 16 },
    steps: 300,
    cause: null,
  }),
];

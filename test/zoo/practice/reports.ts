/**
 * Public reports of failures, re-created from their descriptions alone with made-up data. The truth was written down
 * before the rules were run, and no rule was tuned on them: they are all in the held-out half.
 */

import type { ZooEntry } from "../entry.ts";
import { arrays, choices, normal, series, table } from "./files.ts";
import { adam, atData, atLayers, dense, gru, layer, lstm, type NetSpec, net, rnn, sgd } from "./net.ts";
import { classify, noise, plane, tokens } from "./sequences.ts";

const report = (spec: NetSpec): ZooEntry => net("report", { ...spec, half: "held out" });
const mismatch = (...places: readonly (readonly (string | number)[])[]) =>
  ({ codes: ["output-mismatch"], places }) as const;

/** Two sawtooth waves between 1 and 10, one rising, one falling. */
const saw = (scale: number) =>
  table(
    () => ({
      up: series(600, 41, (_, t) => scale * (1 + (t % 10))),
      down: series(600, 41, (_, t) => scale * (10 - (t % 10))),
    }),
    { inputs: ["up", "down"], targets: ["up", "down"], window: 8 },
  );

/** Twenty-four numbers and the same plus 2. */
const counting = (standardize: boolean) =>
  table(
    () => {
      const x = series(24, 42, (_, i) => i + 1);
      return { x, y: x.map((v) => v + 2) };
    },
    { inputs: ["x"], targets: ["y"], standardize },
  );

/** Hours of study and marks, both from 25 to 90. */
const marks = (standardize: boolean) =>
  table(
    () => {
      const hours = normal(100, 43, 10, 49);
      const luck = normal(100, 44, 8);
      return { hours, marks: hours.map((h, i) => 1.3 * h + 8 + luck[i]!) };
    },
    { inputs: ["hours"], targets: ["marks"], standardize },
  );

/** A return over a window, normalized by its first value as is usual, and a price ten times as large. */
const prices = (level: number, spread: number) =>
  noise({ length: 20, samples: 600 }, (x) => [level + spread * Math.tanh((x.at(-1) ?? 0) + (x.at(-2) ?? 0))]);

/** The next of several characters; each is followed by one of two. */
const characters = (length: number, alphabet = 12) =>
  arrays(() => {
    const samples = 400;
    const turns = choices(samples * (length + 1), 45, 2);
    const text = turns.map(() => 0);
    for (let i = 1; i < text.length; i++) text[i] = (5 * text[i - 1]! + 3 + turns[i]!) % alphabet;
    const rows = Array.from({ length: samples }, (_, i) => i * (length + 1));
    return {
      x: { shape: [samples, length], values: rows.flatMap((start) => text.slice(start, start + length)) },
      y: { shape: [samples, length], values: rows.flatMap((start) => text.slice(start + 1, start + length + 1)) },
    };
  });
const languageModel = (recurrent: readonly object[], alphabet = 12): readonly object[] => [
  { type: "embedding", inputDim: alphabet, outputDim: 8 },
  ...recurrent,
  dense(alphabet, "softmax"),
];

const sizes = noise({ length: 12 }, (x) => [3 + Math.tanh((x.at(-1) ?? 0) + (x.at(-2) ?? 0))]);
const pianoRoll = plane((a, b) => Number(a - 2 * b > 0));

export const reports: readonly ZooEntry[] = [
  report({
    name: "saw teeth through a softmax",
    because: "keras-team/keras#321: two columns from 1 to 10 are forecast by a softmax of two units, which sums to 1",
    data: saw(1),
    layers: [lstm(24), dense(2, "softmax")],
    training: { loss: "meanSquaredError", optimizer: { type: "rmsprop", learningRate: 0.001 } },
    cause: mismatch(layer(1)),
    healed: {
      data: saw(0.1),
      layers: [lstm(24), dense(2)],
      training: { loss: "meanSquaredError", optimizer: { type: "rmsprop", learningRate: 0.005 } },
    },
  }),
  report({
    name: "next letter by a softmax of one",
    because: "keras-team/keras#500: the next letter as one number, by a softmax of one unit: always 1",
    data: noise({ length: 10 }, (x) => [0.5 + 0.4 * Math.tanh((x.at(-1) ?? 0) + (x.at(-2) ?? 0))]),
    layers: [lstm(16), dense(1, "softmax")],
    training: { loss: "meanSquaredError", optimizer: { type: "rmsprop", learningRate: 0.001 } },
    cause: mismatch(layer(1)),
    healed: { layers: [lstm(16), dense(1, "sigmoid")], training: { loss: "meanSquaredError", ...adam(0.01) } },
  }),
  report({
    name: "rectified output that began dead",
    because:
      "ProteomicsML/ProteomicsML#203: an LSTM with a relu as its last layer predicts 0 for everything if it begins below zero (here because of its bias)",
    data: sizes,
    layers: [lstm(16), dense(1, "relu", { biasInitializer: { type: "constant", value: -3 } })],
    training: { loss: "meanSquaredError", ...adam(0.003) },
    cause: mismatch(layer(1)),
    healed: { layers: [lstm(16), dense(1)], training: { loss: "meanSquaredError", ...adam(0.01) } },
  }),
  report({
    name: "counting to 24",
    because: "tensorflow/tensorflow#18493: x from 1 to 24, y = x + 2, one unit, tfjs's sgd: NaN",
    data: counting(false),
    layers: [dense(1)],
    training: { ...sgd(0.01), batchSize: 24 },
    cause: { codes: ["data-scale"], places: atData },
    healed: { data: counting(true) },
  }),
  report({
    name: "marks by hours",
    because: "llSourcell/linear_regression_live#4: x about 50, y about 70, gradient descent with 0.01: NaN",
    data: marks(false),
    layers: [dense(1)],
    training: { ...sgd(0.01), batchSize: 100 },
    cause: { codes: ["data-scale"], places: atData },
    healed: { data: marks(true) },
  }),
  report({
    name: "forecasts cut off at 1",
    because:
      "jaungiers/LSTM-Neural-Network-for-Time-Series-Prediction#56: the output is always between −1 and 1, the data are not",
    data: prices(6, 2),
    layers: [lstm(16), dense(1, "tanh")],
    training: { loss: "meanSquaredError", ...adam(0.005) },
    cause: mismatch(layer(1)),
    healed: { layers: [lstm(16), dense(1)] },
  }),
  report({
    name: "regression by a sigmoid",
    because: "jsyoon0823/Time-series-prediction#3: a sigmoid gives 0 to 1, but the targets can be any number",
    data: prices(20, 15),
    layers: [gru(12, { returnSequences: true }), { type: "attention" }, dense(1, "sigmoid")],
    training: { loss: "meanSquaredError", ...adam(0.005) },
    cause: mismatch(layer(2)),
    healed: { data: prices(0.5, 0.4) },
  }),
  report({
    name: "probabilities into a softmax",
    because: "ariecattan/SciCo#2: the loss expects logits but gets probabilities: it stays above 0.74",
    data: tokens(6, -1),
    layers: [
      { type: "flatten" },
      dense(16, "relu"),
      dense(4, "softmax"),
      { type: "activation", activation: "softmax" },
    ],
    training: { ...classify, ...adam(0.003) },
    tellsByOutcome: false,
    cause: mismatch(layer(2), layer(3)),
    healed: { layers: [{ type: "flatten" }, dense(16, "relu"), dense(4, "softmax")] },
  }),
  report({
    name: "language model, adam 1",
    because: "rajveermalviya/language-modeling#3: adam with a learning rate of 1; with 0.001 it learns",
    data: characters(16, 64),
    layers: languageModel(
      Array.from({ length: 3 }, () => lstm(16, { returnSequences: true })),
      64,
    ),
    training: { ...classify, ...adam(1) },
    cause: { codes: ["loss-diverging", "exploding-gradient", "update-ratio"], places: [["training"]] },
    healed: { training: { ...classify, ...adam(0.01) } },
  }),
  report({
    name: "language model, relu recurrence",
    because:
      "chenxie95/deeplearning_course_sjtu#31: a language model with a relu recurrence explodes; tanh or a lower rate is advised",
    data: characters(40),
    layers: languageModel([
      rnn(32, {
        activation: "relu",
        returnSequences: true,
        recurrentInitializer: { type: "randomNormal", stddev: 0.4 },
      }),
    ]),
    training: { ...classify, ...sgd(0.1) },
    cause: { codes: ["exploding-through-time", "non-finite"], places: [layer(1)] },
    healed: { layers: languageModel([rnn(32, { returnSequences: true })]), training: { ...classify, ...adam(0.01) } },
  }),
  report({
    name: "seven sigmoid layers",
    because: "microsoft/CNTK#476: six sigmoid layers train, seven do not from the start",
    data: plane((a, b) => 2 * Number(a > 0) + Number(b > 0)),
    layers: [...Array.from({ length: 7 }, () => dense(32, "sigmoid")), dense(4, "softmax")],
    training: { ...classify, ...sgd(0.1) },
    cause: { codes: ["vanishing-through-depth"], places: atLayers },
    healed: {
      layers: [...Array.from({ length: 7 }, () => dense(32, "tanh")), dense(4, "softmax")],
    },
  }),
  report({
    name: "linear model from zero",
    because: "jthickstun/pytorch_musicnet#4: a linear model whose kernel begins at zero, which is fine",
    data: pianoRoll,
    layers: [dense(1, "sigmoid", { kernelInitializer: "zeros" })],
    training: { loss: "binaryCrossentropy", ...sgd(0.5) },
    cause: null,
  }),
];

/** Raw data: prices, bytes, years, in cases where their scale is a problem and in cases where it is not. */

import type { ZooEntry } from "../entry.ts";
import { arrays, type Columns, choices, type Data, normal, series, table } from "./files.ts";
import { adam, atData, dense, gru, lstm, momentum, net, rnn, sgd } from "./net.ts";

const kind = "data-scale";
const cause = { codes: ["data-scale"], places: atData } as const;

/** A price about `level`: a slow wave and a mean-reverting walk. */
function prices(level: number, spread: number, seed: number): readonly number[] {
  let walk = 0;
  return series(1200, seed, (random, t) => {
    walk = 0.9 * walk + 0.3 * random.normal();
    return level + spread * (Math.sin(t / 25) + 0.5 * walk);
  });
}

const priceTable = (standardize: boolean, level = 180, spread = 20): Data =>
  table(() => ({ close: prices(level, spread, 1) }), {
    inputs: ["close"],
    targets: ["close"],
    window: 20,
    standardize,
  });

const recurrent = { lstm: lstm(16), gru: gru(16), simpleRNN: rnn(16) };

/** y = 2x + 1 over whole numbers. */
const line = (standardize: boolean): Data =>
  table(
    () => {
      const x = series(240, 1, (_, i) => i);
      return { x, y: x.map((v) => 2 * v + 1) };
    },
    { inputs: ["x"], targets: ["y"], standardize },
  );

/** Ten columns. The target is the sum of the last five; one of the others is in other units. */
const tenColumns = (factor: number, standardize: boolean): Data =>
  table(
    (): Columns => {
      const columns = Array.from({ length: 10 }, (_, c) => normal(600, 10 + c));
      const y = columns[0]!.map((_, i) => columns.slice(5).reduce((sum, column) => sum + column[i]!, 0));
      return Object.fromEntries([
        ...columns.map((column, c) => [`c${c}`, c === 3 ? column.map((v) => v * factor) : column] as const),
        ["y", y],
      ]);
    },
    { inputs: Array.from({ length: 10 }, (_, c) => `c${c}`), targets: ["y"], standardize },
  );

const forms = { flat: [64], rows: [8, 8], picture: [8, 8, 1] } as const;

/** Pictures of 8 × 8 bytes: noise and a bright bar in one of four places, which is the class. */
function pictures(scale: number, form: keyof typeof forms): Data {
  const samples = 400;
  return arrays(() => {
    const classes = choices(samples, 3, 4);
    const values = series(samples * 64, 4, (random, i) => {
      const row = (i % 64) >> 3;
      const bar = classes[Math.floor(i / 64)] === row >> 1;
      return Math.round(Math.min(255, (bar ? 90 : 60) + 60 * random.uniform())) * scale;
    });
    return {
      x: { shape: [samples, ...forms[form]], values },
      y: { shape: [samples], values: classes },
    };
  });
}
const classify = { loss: "sparseCategoricalCrossentropy" };

const conv = (activation: string): readonly object[] => [
  { type: "conv2d", filters: 4, kernelSize: 3, activation },
  { type: "maxPooling2d" },
  { type: "flatten" },
  dense(16, activation),
  dense(4, "softmax"),
];

/** A smooth function of two columns, with inputs and targets in any units. */
export const curve = (inputScale: number, targetScale: number, standardize: boolean, shift = 0): Data =>
  table(
    () => {
      const a = normal(600, 5);
      const b = normal(600, 6);
      return {
        a: a.map((v) => shift + v * inputScale),
        b: b.map((v) => shift + v * inputScale),
        y: a.map((v, i) => targetScale * (Math.tanh(v) + 0.5 * b[i]!)),
      };
    },
    { inputs: ["a", "b"], targets: ["y"], standardize },
  );
const mlp = (activation: string): readonly object[] => [dense(16, activation), dense(1)];

/** One sample in fifty has a value of 1e4; the others are about 1. */
const outliers = (kept: boolean): Data =>
  table(
    () => {
      const a = normal(600, 7);
      const wild = series(600, 8, (random) => (random.uniform() < 0.02 ? 1e4 : 1));
      return { a: a.map((v, i) => (kept ? v * wild[i]! : v)), y: a.map((v) => Math.sin(2 * v)) };
    },
    { inputs: ["a"], targets: ["y"] },
  );

/** The target depends on the year's place in a decade; years are far from 0 and close together. */
const years = (standardize: boolean): Data =>
  table(
    () => {
      const year = series(600, 9, (random) => 1950 + random.integer(71));
      const b = normal(600, 11);
      return { year, b, y: year.map((v, i) => (v - 1985) / 20 + b[i]!) };
    },
    { inputs: ["year", "b"], targets: ["y"], standardize },
  );

export const dataScale: readonly ZooEntry[] = [
  ...Object.entries(recurrent).map(([type, recurrentLayer]) =>
    net(kind, {
      name: `${type} on prices of about 180`,
      because: "inputs and targets of about 180: the units saturate, and the output is far from its targets",
      data: priceTable(false),
      layers: [recurrentLayer, dense(1)],
      cause,
      healed: { data: priceTable(true) },
    }),
  ),
  net(kind, {
    name: "lstm on prices of about 40000",
    because: "inputs and targets of about 40000",
    data: priceTable(false, 40_000, 3000),
    layers: [lstm(16), dense(1)],
    cause,
    healed: { data: priceTable(true, 40_000, 3000) },
  }),
  ...Object.entries(recurrent).map(([type, recurrentLayer]) =>
    net(kind, {
      name: `${type} on standardized prices`,
      because: "the control: the same series standardized",
      data: priceTable(true),
      layers: [recurrentLayer, dense(1)],
      cause: null,
    }),
  ),
  net(kind, {
    name: "line, x up to 239, sgd",
    because: "the largest stable rate is below 2 / (2·mean x²) ≈ 5e-5",
    data: line(false),
    layers: [dense(1)],
    training: { ...sgd(0.001), batchSize: 8 },
    cause,
    healed: { data: line(true), training: { ...sgd(0.05), batchSize: 8 } },
  }),
  net(kind, {
    name: "line, x up to 239, momentum",
    because: "the largest stable rate is below 4e-4",
    data: line(false),
    layers: [dense(1)],
    training: { ...momentum(0.01), batchSize: 16 },
    cause,
    healed: { data: line(true) },
  }),
  net(kind, {
    name: "line, standardized, sgd",
    because: "the control: standardized",
    data: line(true),
    layers: [dense(1)],
    training: { ...sgd(0.05), batchSize: 8 },
    cause: null,
  }),
  net(kind, {
    name: "bytes into dense tanh",
    because: "pixels of about 100 saturate every unit at once",
    data: pictures(1, "flat"),
    layers: [dense(32, "tanh"), dense(32, "tanh"), dense(4, "softmax")],
    training: { ...classify, ...sgd(0.05) },
    cause,
    healed: { data: pictures(1 / 255, "flat"), training: { ...classify, ...momentum(0.05) } },
  }),
  net(kind, {
    name: "rows of bytes into an lstm",
    because: "pixels of about 100 saturate every gate at once",
    data: pictures(1, "rows"),
    layers: [lstm(16), dense(4, "softmax")],
    training: { ...classify, ...adam(0.001) },
    cause,
    healed: { data: pictures(1 / 255, "rows"), training: { ...classify, ...adam(0.01) } },
  }),
  net(kind, {
    name: "bytes into dense relu, sgd",
    because: "pixels of about 100: the first updates destroy the net",
    data: pictures(1, "flat"),
    layers: [dense(32, "relu"), dense(32, "relu"), dense(4, "softmax")],
    training: { ...classify, ...sgd(0.05) },
    cause,
    healed: { data: pictures(1 / 255, "flat"), training: { ...classify, ...momentum(0.05) } },
  }),
  net(kind, {
    name: "bytes into convolution, relu",
    because: "pixels of about 100: the first updates destroy the net",
    data: pictures(1, "picture"),
    layers: conv("relu"),
    training: { ...classify, ...sgd(0.05) },
    cause,
    healed: { data: pictures(1 / 255, "picture"), training: { ...classify, ...momentum(0.05) } },
  }),
  net(kind, {
    name: "bytes into convolution, tanh",
    because: "pixels of about 100 saturate the units",
    data: pictures(1, "picture"),
    layers: conv("tanh"),
    training: { ...classify, ...sgd(0.05) },
    cause,
    healed: { data: pictures(1 / 255, "picture"), training: { ...classify, ...momentum(0.05) } },
  }),
  ...[true, false].map((flat) =>
    net(kind, {
      name: `bytes over 255 into ${flat ? "dense" : "convolution"}`,
      because: "the control: pixels from 0 to 1",
      data: pictures(1 / 255, flat ? "flat" : "picture"),
      layers: flat ? [dense(32, "relu"), dense(32, "relu"), dense(4, "softmax")] : conv("relu"),
      training: { ...classify, ...momentum(0.05) },
      cause: null,
    }),
  ),
  net(kind, {
    name: "bytes through batch normalization",
    because: "the control: bytes, but the first layer rescales them",
    data: pictures(1, "flat"),
    layers: [{ type: "batchNormalization" }, dense(32, "relu"), dense(4, "softmax")],
    training: { ...classify, ...momentum(0.05) },
    cause: null,
  }),
  net(kind, {
    name: "one column of ten in thousandths",
    because: "one column is a thousand times as large as the others, and so is its gradient",
    data: tenColumns(1000, false),
    layers: [dense(16, "tanh"), dense(1)],
    training: sgd(0.05),
    cause,
    healed: { data: tenColumns(1000, true) },
  }),
  net(kind, {
    name: "one column of ten in thousandths, linear",
    because: "one column is a thousand times as large as the others: no rate is right for all",
    data: tenColumns(1000, false),
    layers: [dense(1)],
    training: sgd(0.01),
    cause,
    healed: { data: tenColumns(1000, true) },
  }),
  net(kind, {
    name: "ten columns alike",
    because: "the control: all columns of unit scale",
    data: tenColumns(1, false),
    layers: [dense(16, "tanh"), dense(1)],
    training: sgd(0.05),
    cause: null,
  }),
  net(kind, {
    name: "targets of a million, adam",
    because: "with updates of 0.001 it takes a million steps to get there",
    data: curve(1, 1e6, false),
    layers: mlp("tanh"),
    cause,
    healed: { data: curve(1, 1e6, true), training: adam(0.01) },
  }),
  net(kind, {
    name: "targets of a million, sgd",
    because: "the gradient is a million times too large",
    data: curve(1, 1e6, false),
    layers: mlp("relu"),
    training: sgd(0.05),
    cause,
    healed: { data: curve(1, 1e6, true) },
  }),
  net(kind, {
    name: "inputs of 1e-5",
    because: "the units see nothing but their biases",
    data: curve(1e-5, 1, false),
    layers: mlp("tanh"),
    training: sgd(0.05),
    cause,
    healed: { data: curve(1e-5, 1, true) },
  }),
  net(kind, {
    name: "inputs of 1e-5 standardized",
    because: "the control: standardized",
    data: curve(1e-5, 1, true),
    layers: mlp("tanh"),
    training: sgd(0.05),
    cause: null,
  }),
  net(kind, {
    name: "outliers of 1e4",
    because: "one sample in fifty is ten thousand times as large and decides the updates",
    data: outliers(true),
    layers: [dense(32, "relu"), dense(1)],
    training: sgd(0.02),
    cause,
    healed: { data: outliers(false), training: adam(0.01) },
  }),
  net(kind, {
    name: "years as they are",
    because: "years are about 1985 ± 20: the sum of all weights matters a hundred times as much as their differences",
    data: years(false),
    layers: [dense(16, "tanh"), dense(1)],
    training: sgd(0.02),
    cause,
    healed: { data: years(true) },
  }),
  net(kind, {
    name: "years standardized",
    because: "the control: standardized",
    data: years(true),
    layers: [dense(16, "tanh"), dense(1)],
    training: sgd(0.02),
    cause: null,
  }),
  net(kind, {
    name: "inputs up to 50 that learn",
    because: "large, but adam and relu learn from them all the same",
    data: curve(15, 1, false),
    layers: [dense(32, "relu"), dense(1)],
    training: adam(0.003),
    steps: 800,
    cause: null,
  }),
  net(kind, {
    name: "targets of 20 that are learnt",
    because: "large, but the rate is large enough",
    data: curve(1, 20, false),
    layers: mlp("tanh"),
    training: adam(0.05),
    cause: null,
  }),
  net(kind, {
    name: "large targets through a linear net",
    because: "targets of about 100: a linear net with adam gets there",
    data: curve(1, 100, false),
    layers: [dense(1)],
    training: adam(0.5),
    cause: null,
  }),
];

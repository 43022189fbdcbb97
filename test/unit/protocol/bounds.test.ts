/**
 * The host accepts everything that the engine reports about any data: the schemas have the bounds of the measurements.
 */

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { DataConfig, LossName } from "../../../src/config/resolved.ts";
import { lossShare } from "../../../src/engine/data/lag/achievable.ts";
import type { Examples } from "../../../src/engine/data/lag/examples.ts";
import { smallestHarmless } from "../../../src/engine/measure/need/search.ts";
import { dataFactsSchema, maxClassFacts, maxColumnFacts } from "../../../src/protocol/dataFacts.ts";
import { fromEngineSchema } from "../../../src/protocol/engineMessages.ts";
import { maxNeedCurve, measuredNeedSchema } from "../../../src/protocol/need.ts";
import { conclusionSchema, maxCauses } from "../../../src/protocol/verification.ts";
import { sampled } from "../../budget.ts";
import { useBackend } from "../engine/instrument/backends.ts";
import { entries, resolved, run } from "../engine/training/support.ts";

const base = resolved([]);
const samples = (n: number, of: (i: number) => unknown) => Array.from({ length: n }, (_, i) => of(i));
const sequence = (i: number) => [[Math.sin(i)], [Math.cos(2 * i)], [Math.sin(3 * i)]];

interface Extreme {
  readonly inputs: readonly unknown[];
  readonly targets: readonly unknown[];
  readonly loss?: LossName;
  readonly units?: number;
}

const extremes: { readonly [name: string]: Extreme } = {
  "one sample": { inputs: [sequence(1)], targets: [[1]] },
  "constant targets": { inputs: samples(80, sequence), targets: samples(80, () => [5]) },
  "constant inputs": { inputs: samples(80, () => [[1], [1], [1]]), targets: samples(80, (i) => [Math.sin(i)]) },
  "all zeros": { inputs: samples(80, () => [[0], [0], [0]]), targets: samples(80, () => [0]) },
  "huge values": {
    inputs: samples(80, (i) => sequence(i).map(([x]) => [3e38 * x!])),
    targets: samples(80, (i) => [3e38 * Math.cos(i)]),
  },
  "tiny values": {
    inputs: samples(80, (i) => sequence(i).map(([x]) => [1e-44 * x!])),
    targets: samples(80, (i) => [1e-44 * Math.cos(i)]),
  },
  "one wild outlier": {
    inputs: samples(80, (i) => (i === 3 ? [[3e38], [-3e38], [0]] : sequence(i))),
    targets: samples(80, (i) => [i === 3 ? 3e38 : Math.cos(i)]),
  },
  "one class": {
    inputs: samples(80, sequence),
    targets: samples(80, () => 0),
    loss: "sparseCategoricalCrossentropy",
    units: 2,
  },
  "more classes than are listed": {
    inputs: samples(1200, sequence),
    targets: samples(1200, (i) => i),
    loss: "sparseCategoricalCrossentropy",
    units: 1200,
  },
  "soft labels": {
    inputs: samples(80, sequence),
    targets: samples(80, (i) => [0.25 + 0.5 * (i % 2), 0.75 - 0.5 * (i % 2)]),
    loss: "categoricalCrossentropy",
    units: 2,
  },
  probabilities: {
    inputs: samples(80, sequence),
    targets: samples(80, (i) => [Math.abs(Math.sin(i))]),
    loss: "binaryCrossentropy",
  },
  "more columns than are listed": {
    inputs: samples(80, (i) => sequence(i).map(([x]) => Array.from({ length: 100 }, (_, c) => x! + c))),
    targets: samples(80, (i) => Array.from({ length: 100 }, (_, c) => Math.cos(i + c))),
    units: 100,
  },
};

const column = {
  name: null,
  mean: 0,
  deviation: 1,
  min: -1,
  max: 1,
  whole: false,
  outliers: 0,
  duplicateOf: null,
};
const part = { columns: [column], overall: column };
const lag = {
  lag: 1,
  method: "partial-autocorrelation",
  confidence: 0.9,
  explained: 0.5,
  achievable: 0.5,
  achievableConfidence: 0.5,
};
const padding = { share: 0.5, at: "end", longest: 3, masked: false };
const facts = { samples: 1, inputs: part, targets: part, classes: [0, 1], padding, lag };
const need = { lag: 1, timesteps: 3, loss: 1, lossWithout: 2, samples: 32, held: false };
const many = <T>(n: number, value: T): readonly T[] => Array.from({ length: n }, () => value);

describe("the schemas", () => {
  const taken = (changes: object) => dataFactsSchema.safeParse({ ...facts, ...changes }).success;

  it("accept as much of the data as is reported, and no more", () => {
    expect(taken({ inputs: { ...part, columns: many(maxColumnFacts, column) } })).toBe(true);
    expect(taken({ inputs: { ...part, columns: many(maxColumnFacts + 1, column) } })).toBe(false);
    expect(taken({ classes: many(maxClassFacts, 1) })).toBe(true);
    expect(taken({ classes: many(maxClassFacts + 1, 1) })).toBe(false);
  });

  it.each([Number.NaN, -0.001, 1.001, Number.POSITIVE_INFINITY])("do not accept %d as a share", (value) => {
    expect(taken({ targets: { ...part, overall: { ...column, outliers: value } } })).toBe(false);
    expect(taken({ padding: { ...padding, share: value } })).toBe(false);
    for (const name of ["confidence", "explained", "achievable", "achievableConfidence"]) {
      expect(taken({ lag: { ...lag, [name]: value } })).toBe(false);
      for (const end of [0, 1]) expect(taken({ lag: { ...lag, [name]: end } })).toBe(true);
    }
  });

  it("accept the losses of the longest search, and no more", async () => {
    const timesteps = 2 ** 31 - 1;
    for (const limit of [0, 12, 2 ** 29 + 77, timesteps - 2]) {
      const { curve } = await smallestHarmless(timesteps, async (k) => ({ loss: k, harmful: k < limit }));
      expect(measuredNeedSchema.safeParse({ ...need, timesteps, curve }).success).toBe(true);
    }
    const curve = many(maxNeedCurve + 1, { lag: 1, loss: 1 });
    expect(measuredNeedSchema.safeParse({ ...need, curve }).success).toBe(false);
  });

  it("accept a limited number of causes", () => {
    const conclusion = (causes: number) => ({ kind: "undecided", headline: "", text: "", causes: many(causes, "x") });
    expect(conclusionSchema.safeParse(conclusion(maxCauses)).success).toBe(true);
    expect(conclusionSchema.safeParse(conclusion(maxCauses + 1)).success).toBe(false);
  });
});

describe("a quick model beside a constant that makes no error", () => {
  const examples = (targets: Float64Array): Examples => ({
    count: targets.length,
    lags: 1,
    complete: true,
    outputs: 1,
    whole: true,
    targets,
    means: targets.map(() => 0),
    deviation: 1,
    rowOf: (i) => i,
  });

  it.each(["meanSquaredError", "meanAbsoluteError"] as const)("is not reported: %s", (loss) => {
    const zeros = new Float64Array(40);
    expect(lossShare(loss, examples(zeros), zeros)).toBeNull();
  });
});

describe("what the engine tells", () => {
  beforeAll(() => useBackend("wasm"));

  it.each(sampled(Object.entries(extremes), 3, 0, 1))(
    "of %s is accepted by the host",
    async (_, { inputs, targets, loss, units = 1 }) => {
      const folder = await mkdtemp(path.join(tmpdir(), "gradlens-"));
      await writeFile(path.join(folder, "x.json"), JSON.stringify(inputs));
      await writeFile(path.join(folder, "y.json"), JSON.stringify(targets));
      const file = (name: string) => ({ file: name, array: null });
      const data: DataConfig = {
        kind: "arrays",
        inputs: file("x.json"),
        targets: file("y.json"),
        standardize: false,
        minMax: false,
        classes: null,
        test: null,
        shuffle: true,
      };
      const activation = loss === undefined ? "linear" : loss === "binaryCrossentropy" ? "sigmoid" : "softmax";
      const net = entries([
        ["simpleRNN", { units: 2, recurrentInitializer: "orthogonal" }],
        ["dense", { units, activation }],
      ]);
      const training = { ...base.training, loss: loss ?? "meanSquaredError", batchSize: Math.min(8, inputs.length) };
      const { info, frames, outcome, need } = await run(resolved(net, { data, training }), {
        configPath: path.join(folder, "gradlens.json"),
      });
      if (!info) throw new Error(JSON.stringify(outcome));
      const messages = [
        { type: "started", info },
        ...frames.map((frame) => ({ type: "frame", frame })),
        ...(need ? [{ type: "need", runId: "r", need }] : []),
      ];
      for (const message of messages) {
        const { error } = fromEngineSchema.safeParse(structuredClone(message));
        expect(error?.message).toBeUndefined();
      }
    },
  );
});

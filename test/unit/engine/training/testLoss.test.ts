/** The loss on samples kept for testing, and runs that end because of it. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { LossName, TaskData, TrainingConfig } from "../../../../src/config/resolved.ts";
import { taskDataset } from "../../../../src/engine/data/taskDataset.ts";
import { earlyStopping } from "../../../../src/engine/training/earlyStopping.ts";
import { columnIndex } from "../../../../src/protocol/run.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, resolved, run, series } from "./support.ts";

const base = resolved([]);
const sgd = { type: "sgd", learningRate: 1e-30 } as const;
const data = { kind: "task", task: "addingProblem", length: 6, samples: 40, seed: 1, test: 0.25 } as const;
const net = entries([
  ["simpleRNN", { units: 3, returnSequences: true }],
  ["lstm", { units: 3, dropout: 0.5 }],
  ["dense", { units: 1 }],
]);

function train(changes: Partial<TrainingConfig>, layers = net, given: typeof base.data = data) {
  return run(
    resolved(layers, { data: given, training: { ...base.training, batchSize: 6, length: { epochs: 3 }, ...changes } }),
  );
}

async function testTargets(task: TaskData, loss: LossName): Promise<Float32Array> {
  const dataset = await taskDataset(task, ["data"], { loss, path: ["training"] });
  if (!("test" in dataset) || !dataset.test) throw new Error("no samples for testing");
  return dataset.test.targets;
}

describe("the test loss", () => {
  beforeAll(() => useBackend("wasm"));

  it("is measured at the end of every epoch, and is constant while nothing is learnt, with or without dropout", async () => {
    const before = tf.memory().numTensors;
    const result = await train({ optimizer: sgd });
    expect(tf.memory().numTensors).toBe(before);
    const losses = series(result, "testLoss");
    // 30 samples in batches of 6.
    expect(losses.map((loss) => !Number.isNaN(loss))).toEqual(Array.from({ length: 15 }, (_, i) => (i + 1) % 5 === 0));
    expect(losses[4]).toBeGreaterThan(0);
    expect([losses[9], losses[14]]).toEqual([losses[4], losses[4]]);
    expect(columnIndex(result.info!.columns, "testAccuracy")).toBe(-1);
  });

  it("is the mean over all test samples, for a net with a known answer", async () => {
    // A dense layer of zeros after a recurrent one: the answer is 0.
    const zero = entries([
      ["gru", { units: 2 }],
      ["dense", { units: 1, kernelInitializer: "zeros" }],
    ]);
    const [loss] = series(await train({ optimizer: sgd, length: { steps: 1 } }, zero), "testLoss");
    const targets = await testTargets(data, "meanSquaredError");
    expect(targets).toHaveLength(10);
    expect(loss).toBeCloseTo(targets.reduce((sum, y) => sum + y * y, 0) / 10, 5);
  });

  it("equals that of tfjs's own forward pass: kernels and taps agree", { tags: "thorough" }, async () => {
    const model = resolved(net, { data, training: { ...base.training, batchSize: 6, length: { epochs: 2 } } });
    const plain = entries([
      ["simpleRNN", { units: 3, returnSequences: true }],
      ["lstm", { units: 3 }],
      ["dense", { units: 1 }],
    ]);
    const [fused, tapped] = [
      await run({ ...model, layers: plain }),
      await run({ ...model, layers: plain }, {}, { recurrent: "taps" }),
    ];
    expect(series(fused, "testLoss")[9]! / series(tapped, "testLoss")[9]!).toBeCloseTo(1, 5);
  });

  it("changes no step of the run, and none of its measurements", { tags: "thorough" }, async () => {
    const tested = await train({});
    const probe = await run(
      resolved(net, { data, training: { ...base.training, batchSize: 6, length: { epochs: 3 } } }),
      { kind: "probe", steps: 15 },
    );
    expect(columnIndex(probe.info!.columns, "testLoss")).toBe(-1);
    for (const quantity of ["loss", "gradientNorm"] as const)
      expect(series(tested, quantity)).toEqual(series(probe, quantity));
    expect(series(tested, "activationMean", 0)).toEqual(series(probe, "activationMean", 0));
    expect(series(tested, "horizon", 0, "h")).toEqual(series(probe, "horizon", 0, "h"));
  });

  it("is accompanied by an accuracy if classes are learnt", async () => {
    const task = { kind: "task", task: "temporalOrder", length: 12, samples: 40, seed: 1, test: 0.5 } as const;
    // Weights that are zero and stay zero: all classes are equally likely.
    const constant = entries([
      ["simpleRNN", { units: 2 }],
      ["dense", { units: 4, activation: "softmax", kernelInitializer: "zeros", useBias: false, trainable: false }],
    ]);
    const result = await train(
      { loss: "sparseCategoricalCrossentropy", optimizer: sgd, length: { steps: 1 } },
      constant,
      task,
    );
    const targets = await testTargets(task, "sparseCategoricalCrossentropy");
    expect(series(result, "testLoss")[0]).toBeCloseTo(Math.log(4), 5);
    // Ties choose the first class.
    expect(series(result, "testAccuracy")[0]).toBeCloseTo(targets.filter((y) => y === 0).length / targets.length, 6);
  });
});

describe("early stopping", () => {
  it("ends after `patience` consecutive epochs that were not better by more than minDelta", () => {
    const verdict = earlyStopping({ monitor: "testLoss", patience: 2, minDelta: 0.1 });
    const says = [1, 0.95, 0.8, 0.75, 0.6, Number.NaN, 0.55].map((testLoss) => verdict({ loss: 0, testLoss }));
    expect(says.slice(0, 6)).toEqual([null, null, null, null, null, null]);
    expect(says[6]).toMatch(/testLoss has not improved for 2 epochs.*0\.6.*epoch 5/);
  });

  it("ends a run, and says why", async () => {
    await useBackend("wasm");
    const result = await train({
      optimizer: sgd,
      length: { epochs: 50 },
      earlyStopping: { monitor: "testLoss", patience: 3, minDelta: 0 },
    });
    expect(result.outcome).toMatchObject({ kind: "completed-early", reason: expect.stringMatching(/3 epochs/) });
    expect(result.frames).toHaveLength(20);
  });

  it("does not end one that improves", async () => {
    await useBackend("wasm");
    const result = await train(
      {
        length: { epochs: 6 },
        earlyStopping: { monitor: "loss", patience: 1, minDelta: 0 },
        optimizer: { type: "sgd", learningRate: 0.01 },
      },
      entries([
        ["flatten", {}],
        ["dense", { units: 1 }],
      ]),
    );
    expect(result.outcome).toEqual({ kind: "completed" });
  });
});

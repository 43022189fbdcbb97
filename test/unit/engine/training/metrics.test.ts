/** The metrics besides the loss, against sums by hand. */

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { type Evaluation, evaluate } from "../../../../src/engine/training/evaluate.ts";
import { Metrics } from "../../../../src/engine/training/metrics.ts";
import { prepare } from "../../../../src/engine/training/prepare.ts";
import { columnIndex } from "../../../../src/protocol/run.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, resolved, run, series } from "./support.ts";

const base = resolved([]);

describe("metrics", () => {
  beforeAll(() => useBackend("wasm"));

  it("of numbers: mean absolute and root mean squared error over all batches of a step", () => {
    const metrics = new Metrics(["meanAbsoluteError", "rootMeanSquaredError"], "meanSquaredError", 0.5);
    metrics.add(tf.tensor([1, 2], [1, 2]), tf.tensor([1.5, 4], [1, 2]), null);
    metrics.add(tf.tensor([0, 0], [1, 2]), tf.tensor([-1, 0], [1, 2]), null);
    const { meanAbsoluteError, rootMeanSquaredError } = metrics.take();
    expect(meanAbsoluteError).toBeCloseTo((0.5 + 2 + 1) / 4, 6);
    expect(rootMeanSquaredError).toBeCloseTo(Math.sqrt((0.25 + 4 + 1) / 4), 6);
    expect(metrics.take()["meanAbsoluteError"]).toBeNaN();
  });

  it("count all positions whose weight is not 0 equally", () => {
    const numbers = new Metrics(["meanAbsoluteError"], "meanSquaredError", 0.5);
    const weights = tf.tensor([7, 0], [1, 2]);
    // Two units at each of two timesteps.
    numbers.add(tf.zeros([1, 2, 2]), tf.tensor([1, 3, Number.NaN, 9], [1, 2, 2]), weights);
    expect(numbers.take()["meanAbsoluteError"]).toBeCloseTo(2, 6);
    const classes = new Metrics(["accuracy"], "sparseCategoricalCrossentropy", 0.5);
    classes.add(tf.tensor([1, 1], [1, 2, 1]), tf.tensor([0, 1, 1, 0], [1, 2, 2]), weights);
    expect(classes.take()["accuracy"]).toBe(1);
    const bits = new Metrics(["accuracy"], "binaryCrossentropy", 0);
    bits.add(tf.tensor([1, 0, 1], [3, 1]), tf.tensor([0.2, 0.2, -3], [3, 1]), null);
    expect(bits.take()["accuracy"]).toBeCloseTo(1 / 3, 6);
  });

  it("are computed once and read in one go", async () => {
    const metrics = new Metrics(["meanAbsoluteError", "rootMeanSquaredError"], "meanSquaredError", 0.5);
    const [targets, outputs, weights] = [tf.zeros([4, 2]), tf.ones([4, 2]), tf.ones([4])];
    const reads = vi.spyOn(tf.engine(), "readSync");
    const { kernelNames, kernels } = await tf.profile(() => {
      metrics.add(targets, outputs, weights);
      return targets;
    });
    expect(kernelNames).toContain("Abs");
    expect(kernels.filter(({ name }) => name === "Abs")).toHaveLength(1);
    expect(reads).toHaveBeenCalledTimes(1);
    reads.mockRestore();
    expect(metrics.take()).toEqual({ meanAbsoluteError: 1, rootMeanSquaredError: 1 });
  });

  it("of the test do not compute the accuracy twice, requested or not", async () => {
    const net = entries([["dense", { units: 3, activation: "softmax", kernelInitializer: "glorotUniform" }]]);
    const training = { ...base.training, loss: "sparseCategoricalCrossentropy" } as const;
    const folder = await mkdtemp(path.join(tmpdir(), "gradlens-"));
    const samples = Array.from({ length: 20 }, (_, i) => i);
    await writeFile(path.join(folder, "x.json"), JSON.stringify(samples.map((i) => [Math.sin(i), Math.cos(3 * i)])));
    await writeFile(path.join(folder, "y.json"), JSON.stringify(samples.map((i) => i % 3)));
    const file = (name: string) => ({ file: name, array: null });
    const arrays = {
      kind: "arrays",
      standardize: false,
      minMax: false,
      classes: null,
      test: 0.5,
      shuffle: false,
    } as const;
    const data = { ...arrays, inputs: file("x.json"), targets: file("y.json") };
    const prepared = await prepare({
      model: resolved(net, { data, training }),
      configPath: path.join(folder, "gradlens.json"),
    });
    if (!("built" in prepared)) throw new Error(prepared[0]?.message);
    const { built, dataset, loss, weights } = prepared;
    const instrumentation = instrument(built.model, null);
    const evaluated = [];
    for (const metrics of [[], ["accuracy"]] as const) {
      const options = { dataset, test: dataset.test!, name: training.loss, loss, weights: weights.test, metrics };
      const results: Evaluation[] = [];
      const { kernels } = await tf.profile(async () => {
        results.push(await evaluate(built.model, instrumentation, { ...options, batchSize: 5, states: null }));
        return [];
      });
      evaluated.push({ result: results[0]!, likeliest: kernels.filter(({ name }) => name === "ArgMax").length });
    }
    instrumentation.remove();
    prepared.dispose();
    const { accuracy } = evaluated[0]!.result;
    expect(accuracy).toBeGreaterThanOrEqual(0);
    expect(evaluated[0]!.result.metrics).toEqual({});
    expect(evaluated[1]!.result).toMatchObject({ accuracy, metrics: { accuracy } });
    // Two batches.
    expect(evaluated.map(({ likeliest }) => likeliest)).toEqual([2, 2]);
  });

  it("are columns of a run, of the batch and of the test", async () => {
    const net = entries([
      ["lstm", { units: 2 }],
      ["dense", { units: 1, kernelInitializer: "zeros" }],
    ]);
    const data = { kind: "task", task: "addingProblem", length: 10, samples: 64, seed: 1, test: 0.25 } as const;
    const training = {
      ...base.training,
      metrics: ["rootMeanSquaredError"] as const,
      optimizer: { type: "sgd", learningRate: 1e-30 } as const,
      batchSize: 12,
      accumulate: 2,
      length: { epochs: 1 },
    };
    const before = tf.memory().numTensors;
    const result = await run(resolved(net, { data, training }));
    expect(tf.memory().numTensors).toBe(before);
    const rms = series(result, "metric", null, "rootMeanSquaredError");
    for (const [i, loss] of series(result, "loss").entries()) expect(rms[i]).toBeCloseTo(Math.sqrt(loss), 5);
    const tested = series(result, "testMetric", null, "rootMeanSquaredError");
    expect(tested.at(-1)).toBeCloseTo(Math.sqrt(series(result, "testLoss").at(-1)!), 5);
    expect(tested[0]).toBeNaN();
    const plain = await run(resolved(net, { data, training: { ...training, metrics: [] } }), { steps: 1 });
    expect(columnIndex(plain.info!.columns, "metric", null, "rootMeanSquaredError")).toBe(-1);
  });

  it("are refused if they have no meaning, at their own place", () => {
    const text = (training: string) =>
      `{ "data": { "task": "addingProblem" }, "training": ${training}, "models": { "a": { "layers": [{ "type": "dense", "units": 1 }] } } }`;
    expect(parseConfig(text('{ "metrics": ["meanAbsoluteError", "accuracy"] }')).problems).toMatchObject([
      { path: ["training", "metrics", 1], message: expect.stringContaining('Use "meanAbsoluteError"') },
    ]);
    expect(
      parseConfig(text('{ "loss": "binaryCrossentropy", "metrics": ["rootMeanSquaredError"] }')).problems,
    ).toMatchObject([{ path: ["training", "metrics", 0] }]);
  });
});

/** What is told beside the loss, against sums by hand. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../../src/config/parse.ts";
import { Metrics } from "../../../../src/engine/training/metrics.ts";
import { columnIndex } from "../../../../src/protocol/run.ts";
import { useBackend } from "../recurrent/backends.ts";
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
    expect(metrics.take().meanAbsoluteError).toBeNaN();
  });

  it("count positions whose weight is not 0, whatever it is", () => {
    const numbers = new Metrics(["meanAbsoluteError"], "meanSquaredError", 0.5);
    const weights = tf.tensor([7, 0], [1, 2]);
    // Two units at each of two timesteps.
    numbers.add(tf.zeros([1, 2, 2]), tf.tensor([1, 3, Number.NaN, 9], [1, 2, 2]), weights);
    expect(numbers.take().meanAbsoluteError).toBeCloseTo(2, 6);
    const classes = new Metrics(["accuracy"], "sparseCategoricalCrossentropy", 0.5);
    classes.add(tf.tensor([1, 1], [1, 2, 1]), tf.tensor([0, 1, 1, 0], [1, 2, 2]), weights);
    expect(classes.take().accuracy).toBe(1);
    const bits = new Metrics(["accuracy"], "binaryCrossentropy", 0);
    bits.add(tf.tensor([1, 0, 1], [3, 1]), tf.tensor([0.2, 0.2, -3], [3, 1]), null);
    expect(bits.take().accuracy).toBeCloseTo(1 / 3, 6);
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

  it("are refused where they mean nothing, at their own place", () => {
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

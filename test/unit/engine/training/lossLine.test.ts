import * as tf from "@tensorflow/tfjs-core";
import { layers, regularizers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { seedLayer } from "../../../../src/engine/model/seeding.ts";
import { createOptimizer } from "../../../../src/engine/training/optimizers.ts";
import { createTrainer, type TrainerOptions } from "../../../../src/engine/training/step.ts";
import { useBackend } from "../instrument/backends.ts";
import { entries, resolved, run, series } from "./support.ts";

const squares = (targets: tf.Tensor, outputs: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(outputs, targets)));
const none = { value: null, norm: null, globalNorm: null };

/** A line without bias, y = w x, starting at w = 1. */
function line(args: Partial<Parameters<typeof layers.dense>[0]> = {}) {
  const model = sequential();
  model.add(layers.dense({ units: 1, useBias: false, kernelInitializer: "ones", inputShape: [1], ...args }));
  return model;
}

function factors(model: ReturnType<typeof sequential>, rate: number, options: Partial<TrainerOptions> = {}): number[] {
  const found: number[] = [];
  const trainer = createTrainer({
    model,
    loss: squares,
    optimizer: createOptimizer({ type: "sgd", learningRate: rate }),
    clip: none,
    curvature: { due: () => true, stable: (factor) => found.push(factor) },
    ...options,
  });
  const [x, y] = [tf.tensor2d([1, 2, 3, 4], [4, 1]), tf.tensor2d([2, 4, 6, 8], [4, 1])];
  for (let step = 0; step < 3; step++) trainer.step(x, y);
  tf.dispose([x, y]);
  return found;
}

describe("the largest stable rate", () => {
  beforeAll(() => useBackend("cpu"));

  // The Hessian of the mean of (w x − y)² is 2 · mean(x²) = 15: the rate is 2/15.
  it.each([0.001, 0.01, 0.1, 10])("of a line is 2 over its curvature, for any rate (%d)", (rate) => {
    expect(factors(line(), rate)[0]! * rate).toBeCloseTo(2 / 15, 3);
  });

  it("accounts for penalties, batches in parts, and the effect of a gradient limit on the step", () => {
    const model = line({ kernelRegularizer: regularizers.l2({ l2: 2.5 }) });
    expect(factors(model, 0.01)[0]! * 0.01).toBeCloseTo(2 / 20, 3);
    expect(factors(line(), 0.01, { parts: 2 })[0]! * 0.01).toBeCloseTo(2 / 15, 3);
    // The gradient at w = 1 is −15. Limited to 1.5, the step is a tenth as long, so it may be ten times longer.
    expect(factors(line(), 0.01, { clip: { ...none, norm: 1.5 } })[0]! * 0.01).toBeCloseTo(20 / 15, 3);
  });

  it("is evaluated on both sides if gradients are not the loss's own", () => {
    expect(factors(line(), 0.01, { truncated: true })[0]! * 0.01).toBeCloseTo(2 / 15, 3);
  });

  it("changes nothing in the training, even with dropout or normalization", () => {
    const train = (curvature: boolean): number[] => {
      const model = sequential();
      const parts = [
        layers.dense({ units: 8, activation: "tanh", kernelInitializer: "glorotUniform", inputShape: [1] }),
        layers.dropout({ rate: 0.5 }),
        layers.batchNormalization(),
        layers.dense({ units: 1 }),
      ];
      parts.forEach((layer, i) => {
        seedLayer(layer, 3, `l${i}`);
        model.add(layer);
      });
      if (curvature) factors(model, 0.1);
      else factors(model, 0.1, { curvature: null });
      return model.getWeights().flatMap((w) => [...w.dataSync()]);
    };
    expect(train(true)).toEqual(train(false));
  });

  it("leaves no tensor behind", () => {
    const model = line();
    factors(model, 0.01);
    const before = tf.memory().numTensors;
    factors(model, 0.01);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("is a column of a run, set at the measured steps", async () => {
    const made = await run(
      resolved(
        entries([
          ["simpleRNN", { units: 4 }],
          ["dense", { units: 1 }],
        ]),
        {
          training: { ...resolved([]).training, length: { steps: 9 } },
        },
      ),
    );
    const rates = series(made, "stableRate");
    expect(rates[0]).toBeGreaterThan(0);
    for (const [i, rate] of rates.entries()) if (![1, 2, 4, 8].includes(i + 1)) expect(rate).toBeNaN();
    for (const rate of rates.filter((r) => !Number.isNaN(r))) expect(rate).toBeGreaterThan(0.001);
  });
});

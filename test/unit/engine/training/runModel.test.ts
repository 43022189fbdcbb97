/** Whole runs: what they report, how they end, what they leave behind. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { LayerEntry } from "../../../../src/config/resolved.ts";
import { budget, sampled } from "../../../budget.ts";
import { backendNames, useBackend } from "../instrument/backends.ts";
import { entries, profile, resolved, run, series } from "./support.ts";

const dense = ["dense", { units: 1 }] as const;
const base = resolved([]);

function net(type: string, args = {}): LayerEntry[] {
  return entries([[type, { units: 6, ...args }], dense]);
}

const kinds: readonly (readonly [string, LayerEntry[]])[] = [
  ["simpleRNN", net("simpleRNN")],
  ["lstm", net("lstm")],
  ["gru", net("gru")],
  ["stacked", entries([["gru", { units: 5, returnSequences: true }], ["lstm", { units: 4 }], dense])],
  ["bidirectional", entries([["bidirectional", { layer: { type: "lstm", units: 4 } }], dense])],
  ["dropout", net("lstm", { dropout: 0.3, recurrentDropout: 0.2 })],
  [
    "stacked cells",
    entries([
      [
        "rnn",
        {
          cell: [
            { type: "gruCell", units: 4 },
            { type: "lstmCell", units: 3 },
          ],
        },
      ],
      dense,
    ]),
  ],
  ["masking", entries([["masking", { maskValue: 0 }], ["lstm", { units: 4 }], dense])],
  [
    "depth",
    entries([
      ["timeDistributed", { layer: { type: "dense", units: 4, activation: "relu" } }],
      ["layerNormalization", {}],
      ["simpleRNN", { units: 5 }],
      ["batchNormalization", {}],
      dense,
    ]),
  ],
];

describe.each(backendNames.map((name, i) => [name, i] as const))("runs on %s", (backend, at) => {
  beforeAll(() => useBackend(backend));

  const steps = budget(4, 20);
  // In CI, each net on one of two backends; in the quick tier, half of the nets.
  it.each(sampled(kinds, 4, at, 2))("%s: measuring changes no loss, and no tensor is left", async (_, layers) => {
    const model = resolved(layers, { training: { ...base.training, length: { steps } } });
    await run(model, { steps: 1 });
    const before = tf.memory().numTensors;
    const during: number[] = [];
    const measured = await run(model, {}, { onStep: () => during.push(tf.memory().numTensors) });
    expect(measured.outcome).toEqual({ kind: "completed" });
    expect(measured.frames).toHaveLength(steps);
    expect(new Set(during.slice(1)).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
    const plain = await run(model, {}, { measured: false });
    const losses = series(measured, "loss");
    for (const [i, loss] of series(plain, "loss").entries()) {
      expect(Math.abs(losses[i]! / loss - 1)).toBeLessThan(1e-6);
    }
  });

  it("remarks, at its place, on a layer that the kernels do not run", async () => {
    const warnings = async (activation: string) =>
      (await run(resolved(net("gru", { activation })), { steps: 1 })).info?.dataWarnings;
    expect(await warnings("tanh")).toEqual([]);
    expect(await warnings("softmax")).toMatchObject([
      {
        severity: "information",
        message: expect.stringMatching(/"gru_0" runs in .* because the kernels do not know the activation softmax/),
        path: ["models", "m", "layers", 0],
      },
    ]);
  });

  it("reports every column as a number and every profile at full length", async () => {
    for (const [name, layers] of sampled(kinds, 4, at, 2)) {
      const result = await run(resolved(layers), { steps });
      expect(result.outcome).toEqual({ kind: "completed" });
      const { info, frames } = result;
      for (const frame of frames) {
        expect(frame.rows).toHaveLength(info!.columns.length);
        for (const [i, { quantity, layer, name: part }] of info!.columns.entries()) {
          if (quantity === "activationSaturated" || quantity === "stableRate") continue;
          expect(Number.isFinite(frame.rows[i]), `${name}: ${quantity} ${layer} ${part}`).toBe(true);
        }
        for (const { layer, values } of frame.profiles) {
          expect(values).toHaveLength(info!.layers[layer]!.recurrent!.timesteps);
          for (const value of values) expect(value).not.toBeNaN();
        }
      }
      expect(info!.layers.some((layer) => layer.recurrent)).toBe(true);
    }
  });

  it.each(["simpleRNN", "lstm"])("truncation bounds the horizon: %s", async (type) => {
    const whole = await run(resolved(net(type), { training: base.training }), { steps: 3 });
    const truncated = await run(resolved(net(type), { training: { ...base.training, truncate: 4 } }), { steps: 3 });
    for (const horizon of series(truncated, "horizon", 0, "h")) expect(horizon).toBeLessThanOrEqual(4);
    for (const survival of series(truncated, "survival", 0, "h")) expect(survival).toBe(-Infinity);
    expect(series(truncated, "loss")[0]).toBe(series(whole, "loss")[0]);
    expect(series(truncated, "loss")[2]).not.toBe(series(whole, "loss")[2]);
    const plain = await run(
      resolved(net(type), { training: { ...base.training, truncate: 4 } }),
      { steps: 3 },
      { measured: false },
    );
    for (const [i, loss] of series(plain, "loss").entries())
      expect(series(truncated, "loss")[i]! / loss).toBeCloseTo(1, 6);
  });

  it("names layers, weights, states and gates", async () => {
    const { info } = await run(resolved(kinds.find(([name]) => name === "bidirectional")![1]), { steps: 1 });
    expect(info!.layers.map((l) => [l.name, l.type, l.weights, l.recurrent?.reversed])).toEqual([
      ["bidirectional_0", "bidirectional", [], undefined],
      ["bidirectional_0/forward", "lstm", ["kernel", "recurrent_kernel", "bias"], false],
      ["bidirectional_0/backward", "lstm", ["kernel", "recurrent_kernel", "bias"], true],
      ["dense_1", "dense", ["kernel", "bias"], undefined],
    ]);
    expect(info!.layers[1]!.recurrent).toMatchObject({
      timesteps: 10,
      units: 4,
      states: ["h", "c"],
      gates: ["input", "forget", "output"],
      method: "kernel",
    });
    expect([info!.requiredLag, info!.requiredLagSource]).toEqual([9, "task"]);
    expect(info!.baselineLoss).toBeCloseTo(1 / 6);
    expect(info!.batchSize).toBe(8);
    expect(info!.plannedSteps).toBe(1);
    expect(info!.backend.name).toBe(backend);
  });

  it("measures step 1 at the initial weights, and the same in every run", async () => {
    const first = await run(resolved(net("lstm")), { steps: 3 });
    const again = await run(resolved(net("lstm")), { steps: 3 });
    for (const [i, frame] of first.frames.entries()) {
      const milliseconds = first.info!.columns.findIndex((c) => c.quantity === "milliseconds");
      const without = (rows: Float64Array): Float64Array => rows.map((v, k) => (k === milliseconds ? 0 : v));
      expect(without(frame.rows)).toEqual(without(again.frames[i]!.rows));
    }
    const still = await run(
      resolved(net("lstm"), { training: { ...base.training, optimizer: { type: "sgd", learningRate: 1e-30 } } }),
      { steps: 1 },
    );
    expect(series(still, "weightNorm", 0, "kernel")[0]).toBe(series(first, "weightNorm", 0, "kernel")[0]);
    expect(series(still, "weightUpdateRatio", 0, "kernel")[0]).toBeLessThan(1e-20);
    expect(series(first, "weightNorm", 0, "kernel")[1]).not.toBe(series(first, "weightNorm", 0, "kernel")[0]);
  });

  it("has other initial weights and another order of samples with another seed", async () => {
    const of = async (seed: number, recurrentInitializer: string) =>
      await run(
        resolved(net("lstm", { kernelInitializer: "ones", recurrentInitializer }), {
          training: { ...base.training, seed },
        }),
        { steps: 2 },
      );
    const [one, two] = [await of(1, "randomNormal"), await of(2, "randomNormal")];
    const norm = (result: typeof one) => series(result, "weightNorm", 0, "recurrent_kernel")[0];
    expect(norm(one)).not.toBe(norm(two));
    // Equal in every weight but the last layer's, so that only the samples can change the first gate shares.
    const [three, four] = [await of(3, "zeros"), await of(4, "zeros")];
    expect(series(three, "weightNorm", 0, "kernel")[0]).toBe(series(four, "weightNorm", 0, "kernel")[0]);
    expect(series(three, "activationMean", 0)[0]).not.toBe(series(four, "activationMean", 0)[0]);
  });

  it("measures one timestep, one sample, one of each", async () => {
    const data = {
      kind: "task",
      task: "copyMemory",
      length: 1,
      symbols: 1,
      alphabet: 2,
      samples: 4,
      seed: 1,
      test: null,
    } as const;
    const training = { ...base.training, batchSize: 1, loss: "sparseCategoricalCrossentropy" as const };
    const layers = entries([
      ["lstm", { units: 3, returnSequences: true }],
      ["dense", { units: 4, activation: "softmax" }],
    ]);
    const result = await run(resolved(layers, { data, training }), { steps: 2 });
    expect(result.outcome).toEqual({ kind: "completed" });
    expect(result.info!.batchSize).toBe(1);
    const median = profile(result.frames[0], 0, "h.p50");
    for (const [t, norm] of profile(result.frames[0], 0, "h.logNorm").entries()) expect(median[t]).toBeCloseTo(norm, 6);
  });

  it("runs a model without recurrent layers", async () => {
    const result = await run(resolved(entries([["flatten", {}], ["dense", { units: 4, activation: "relu" }], dense])));
    expect(result.outcome).toEqual({ kind: "completed" });
    expect([result.info!.requiredLag, result.info!.requiredLagSource]).toEqual([null, null]);
    expect(result.frames.every((frame) => frame.profiles.length === 0)).toBe(true);
    expect(result.info!.columns.some((c) => c.quantity === "outputGradientNorm" && c.layer === 0)).toBe(false);
    for (const norm of series(result, "outputGradientNorm", 1)) expect(norm).toBeGreaterThan(0);
  });

  it("delivers the evidence of a divergence, then ends", async () => {
    const before = tf.memory().numTensors;
    const training = {
      ...base.training,
      optimizer: { type: "sgd", learningRate: 1e30 } as const,
      length: { steps: 50 },
    };
    const result = await run(resolved(net("simpleRNN", { activation: "relu" }), { training }));
    expect(result.outcome.kind).toBe("diverged");
    const step = result.outcome.kind === "diverged" ? result.outcome.step : 0;
    expect(result.frames).toHaveLength(step + 2);
    const losses = series(result, "loss");
    expect(losses.slice(step - 1).some(Number.isFinite)).toBe(false);
    const bad = series(result, "weightNonFinite", 0, "recurrent_kernel");
    expect(bad.at(-1)).toBe(36);
    const seen = profile(result.frames.at(-1), 0, "h.nonFinite");
    expect(seen.at(-1)).toBeGreaterThan(0);
    expect(profile(result.frames.at(-1), 0, "h.logNorm").at(-1)).toBeNaN();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("stops within a step when cancelled, and after the budget", async () => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const cancelled = await run(
      resolved(net("lstm")),
      { kind: "probe" },
      { signal: controller.signal, onStep: ({ seq }) => seq === 3 && setTimeout(() => controller.abort(), 0) },
    );
    expect(cancelled.outcome).toEqual({ kind: "cancelled" });
    expect(cancelled.info!.plannedSteps).toBeNull();
    expect(cancelled.frames.length).toBeGreaterThanOrEqual(3);
    const short = await run(resolved(net("lstm")), { kind: "probe", budget: 1 });
    expect(short.outcome).toEqual({ kind: "budget" });
    expect(short.frames.length).toBeGreaterThanOrEqual(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("frees everything if a reader throws", async () => {
    const before = tf.memory().numTensors;
    const { outcome } = await run(
      resolved(net("gru")),
      {},
      {
        onStep: () => {
          throw new Error("the reader is gone");
        },
      },
    );
    expect(outcome).toEqual({ kind: "failed", message: "the reader is gone." });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses what does not fit, with the place", async () => {
    const { outcome, info } = await run(
      resolved(
        entries([
          ["lstm", { units: 4 }],
          ["dense", { units: 3 }],
        ]),
      ),
    );
    expect(info).toBeNull();
    expect(outcome.kind).toBe("refused");
    expect(outcome.kind === "refused" && outcome.problems[0]!.path.slice(0, 4)).toEqual(["models", "m", "layers", 1]);
  });
});

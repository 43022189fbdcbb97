/** What the taps must not change, in every kind of net, and what they must not hide. */

import * as tf from "@tensorflow/tfjs-core";
import { model as functional, input, type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import type { KernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { seedLayer } from "../../../../src/engine/model/seeding.ts";
import { sampled } from "../../../budget.ts";
import { kernelsFor, useBackend, ways } from "./backends.ts";
import { KeepingRecorder, pass, state } from "./support.ts";

/** tfjs's own orthogonal initializer needs parts of tfjs that this project does not load. */
const plainWeights = { recurrentInitializer: "glorotUniform" } as const;
const squares = (y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(y, 1)));

/** Weights of a fixed seed: a net whose output happens to be right has a loss of rounding errors alone. */
function chain(...parts: layers.Layer[]): LayersModel {
  const model = sequential();
  for (const [i, part] of parts.entries()) {
    seedLayer(part, 5, String(i));
    model.add(part);
  }
  return model;
}

/** An encoder whose last states initialize a decoder, which forgets them quickly. */
function encoderDecoder(): LayersModel {
  const x = input({ shape: [6, 2] });
  const states = layers.lstm({ ...plainWeights, units: 3, returnState: true }).apply(x);
  if (!Array.isArray(states)) throw new Error("states expected");
  const decoder = layers.lstm({ ...plainWeights, units: 3, recurrentActivation: "sigmoid" });
  const y = decoder.apply(x, { initialState: states.slice(1) });
  const out = layers.dense({ units: 1 }).apply(y);
  if (Array.isArray(out) || !("sourceLayer" in out)) throw new Error("symbolic tensor expected");
  return functional({ inputs: x, outputs: out });
}

function shared(): LayersModel {
  const x = input({ shape: [6, 2] });
  const rnn = layers.gru({ ...plainWeights, units: 3 });
  const out = layers.dense({ units: 1 }).apply(layers.add().apply([rnn.apply(x), rnn.apply(x)] as never));
  if (Array.isArray(out) || !("sourceLayer" in out)) throw new Error("symbolic tensor expected");
  return functional({ inputs: x, outputs: out });
}

function frozen(): LayersModel {
  const model = chain(
    layers.simpleRNN({ ...plainWeights, units: 3, returnSequences: true, inputShape: [6, 2], trainable: false }),
    layers.simpleRNN({ ...plainWeights, units: 3 }),
    layers.dense({ units: 1 }),
  );
  return model;
}

const nets: readonly (readonly [string, () => LayersModel, number, readonly number[]])[] = [
  // Name, net, number of sequences that it reports, input shape.
  ["a single layer", () => chain(layers.lstm({ ...plainWeights, units: 3, inputShape: [6, 2] })), 1, [2, 6, 2]],
  // tfjs runs the encoder once for each of its used outputs, and drops all but the last.
  ["an encoder and a decoder", encoderDecoder, 3, [2, 6, 2]],
  ["a shared layer", shared, 2, [2, 6, 2]],
  ["a frozen layer below", frozen, 2, [2, 6, 2]],
  [
    "an embedding",
    () =>
      chain(layers.embedding({ inputDim: 9, outputDim: 3, inputLength: 6 }), layers.gru({ ...plainWeights, units: 3 })),
    1,
    [2, 6],
  ],
  [
    "stacked cells",
    () =>
      chain(
        layers.rnn({
          cell: [layers.lstmCell({ ...plainWeights, units: 4 }), layers.gruCell({ ...plainWeights, units: 3 })],
          inputShape: [6, 2],
        }),
        layers.dense({ units: 1 }),
      ),
    2,
    [2, 6, 2],
  ],
  [
    "a recurrent layer per timestep",
    () =>
      chain(
        layers.timeDistributed({ layer: layers.gru({ ...plainWeights, units: 3 }), inputShape: [3, 6, 2] }),
        layers.simpleRNN({ ...plainWeights, units: 3 }),
      ),
    4,
    [2, 3, 6, 2],
  ],
  [
    "both directions, summed",
    () =>
      chain(
        layers.bidirectional({
          layer: layers.simpleRNN({ ...plainWeights, units: 3 }),
          mergeMode: "sum",
          inputShape: [6, 2],
        }),
      ),
    2,
    [2, 6, 2],
  ],
  [
    "signals beyond float32 in a stack",
    () =>
      chain(
        layers.simpleRNN({
          ...plainWeights,
          units: 4,
          activation: "sigmoid",
          returnSequences: true,
          inputShape: [90, 2],
        }),
        layers.simpleRNN({ ...plainWeights, units: 4, activation: "sigmoid" }),
        layers.dense({ units: 1 }),
      ),
    2,
    [2, 90, 2],
  ],
];

describe.each(ways.map((way, i) => [...way, i] as const))("%s on %s", (way, backend, at) => {
  let kernels: KernelSource | null = null;
  beforeAll(async () => {
    await useBackend(backend);
    kernels = await kernelsFor(way);
  });

  // In CI, each net in half of the ways; in the quick tier, in one of them.
  it.each(sampled(nets, 4, at, 2))(
    "do not change the loss and the weight gradients of %s",
    (_, build, sequences, shape) => {
      const model = build();
      const x =
        shape.length === 2
          ? tf.tensor(
              Float32Array.from({ length: 12 }, (_, i) => (i * 5) % 9),
              [2, 6],
            )
          : tf.randomNormal([...shape], 0, 1, "float32", 5);
      const plain = pass(model, squares, x);
      const recorder = new KeepingRecorder();
      const instrumentation = instrument(model, recorder, { kernels });
      const before = tf.memory().numTensors;
      const measured = pass(model, squares, x, instrumentation);
      expect(tf.memory().numTensors).toBe(before);
      if (way === "taps") expect(measured.loss).toBe(plain.loss);
      // The sums have another order: float32 has a precision of about 1e-7, and a small loss has fewer digits.
      else expect(Math.abs(measured.loss / plain.loss - 1)).toBeLessThan(1e-5);
      for (const [i, gradient] of measured.gradients.entries()) {
        const expected = plain.gradients[i]!;
        const difference = Math.hypot(...gradient.map((v, k) => v - expected[k]!));
        expect(difference).toBeLessThanOrEqual(1e-5 * Math.hypot(...expected));
      }
      expect(recorder.sequences).toHaveLength(sequences);
      for (const index of new Set(recorder.sequences.map((s) => s.layer))) {
        const passes = recorder.sequences.filter((s) => s.layer === index).map((s) => s.measurement);
        const last = passes.flatMap((p) => p.states.map(({ logNorm }) => logNorm.at(-1) ?? Number.NaN));
        expect(Math.max(...last)).toBeGreaterThan(-10);
      }
      instrumentation.remove();
      for (const layer of model.layers) expect(Object.hasOwn(layer, "call")).toBe(false);
      tf.dispose(x);
      model.dispose();
    },
  );

  it("see the initial state's gradient: the gain of timestep 1", () => {
    const model = chain(layers.simpleRNN({ ...plainWeights, units: 3, activation: "linear", inputShape: [1, 2] }));
    const u = tf.tensor2d([
      [0.5, 0, 0],
      [0, 0.5, 0],
      [0, 0, 0.5],
    ]);
    model.layers[0]!.setWeights([model.getWeights()[0]!, u, tf.zeros([3])]);
    const recorder = new KeepingRecorder();
    const instrumentation = instrument(model, recorder, { kernels });
    pass(model, squares, tf.ones([2, 1, 2]), instrumentation);
    expect(state(recorder.only(), "h").gain[0]).toBeCloseTo(0.5, 6);
    instrumentation.remove();
  });

  it("follow a loss at two timesteps through the gap between them", { tags: "thorough" }, () => {
    const timesteps = 300;
    const rho = 0.5;
    const first = 101;
    const model = chain(
      layers.simpleRNN({
        units: 2,
        activation: "linear",
        recurrentInitializer: "zeros",
        returnSequences: true,
        inputShape: [timesteps, 1],
      }),
    );
    const layer = model.layers[0]!;
    const weights = layer.getWeights();
    layer.setWeights([weights[0]!, tf.mul(tf.eye(2), rho), weights[2]!]);
    const recorder = new KeepingRecorder();
    const instrumentation = instrument(model, recorder, { kernels });
    const x = tf.zeros([1, timesteps, 1]);
    const seen = tf.buffer([1, timesteps, 2]);
    for (const t of [first, timesteps]) for (const unit of [0, 1]) seen.set(1, 0, t - 1, unit);
    const { gradients } = pass(model, (y) => tf.sum(tf.mul(y, seen.toTensor())), x, instrumentation);
    const { logNorm, gain } = state(recorder.only(), "h");
    for (let t = 1; t <= timesteps; t++) {
      const start = t > first ? timesteps : first;
      const expected = Math.log10(Math.SQRT2) + (start - t) * Math.log10(rho);
      // A gradient that enters at timestep t may have been lost to float32 before: nothing is claimed below 1e-38.
      if (expected < -38) expect(logNorm[t - 1]).toBe(-Infinity);
      else if (expected > -37.5) expect(logNorm[t - 1]).toBeCloseTo(expected, 4);
      if (expected > -37.5) expect(gain[t - 1]).toBeCloseTo(rho, 4);
    }
    // Bias gradient: Σ_t d_t, two geometric series.
    expect(gradients[2]![0]).toBeCloseTo(4, 5);
    instrumentation.remove();
  });

  it("report NaN and Infinity at their places", () => {
    for (const [bad, kind] of [
      [Number.NaN, "simpleRNN"],
      [Number.NaN, "lstm"],
      [Number.POSITIVE_INFINITY, "gru"],
    ] as const) {
      const model = chain(
        layers[kind]({ ...plainWeights, units: 3, inputShape: [6, 2] } as never),
        layers.dense({ units: 1 }),
      );
      const values = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));
      // Sample 1, timestep 4.
      values[12 + 6] = bad;
      const recorder = new KeepingRecorder();
      const instrumentation = instrument(model, recorder, { kernels });
      const { loss } = pass(model, squares, tf.tensor(values, [2, 6, 2]), instrumentation);
      const { nonFinite, logNorm } = state(recorder.only(), "h");
      if (Number.isNaN(bad)) {
        expect(loss).toBeNaN();
        expect([...nonFinite].every((n) => n > 0)).toBe(true);
        expect([...logNorm].every(Number.isNaN)).toBe(true);
      } else {
        // tanh and hardSigmoid hide it on the way forward; whatever comes back is counted.
        for (const [i, n] of nonFinite.entries()) expect(Number.isFinite(logNorm[i])).toBe(n === 0);
      }
      instrumentation.remove();
    }
  });

  it("keep a stateful layer's states, and release them in the end", () => {
    const model = chain(
      layers.lstm({ ...plainWeights, units: 3, stateful: true, batchInputShape: [2, 4, 2] }),
      layers.dense({ units: 1 }),
    );
    const x = tf.randomNormal([2, 4, 2], 0, 1, "float32", 1);
    const losses = (tapped: boolean): number[] => {
      model.resetStates();
      const recorder = new KeepingRecorder();
      const instrumentation = tapped ? instrument(model, recorder, { kernels }) : null;
      const result = [1, 2, 3].map(() => pass(model, squares, x, instrumentation).loss);
      if (tapped) expect(recorder.sequences).toHaveLength(3);
      instrumentation?.remove();
      return result;
    };
    const plain = losses(false);
    expect(new Set(plain).size).toBe(3);
    expect(losses(true)).toEqual(plain);
  });
});

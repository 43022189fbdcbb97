/**
 * Figures with simple known values: norms of samples and contributions far outside float32's range, gates with known
 * biases.
 */

import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import type { SequenceMeasurement } from "../../../../src/engine/recording/recorder.ts";
import { kernelsFor, useBackend, type Way } from "./backends.ts";
import { KeepingRecorder, pass, state } from "./support.ts";

async function measure(
  way: Way,
  layer: layers.Layer,
  weights: readonly tf.Tensor[],
  x: tf.Tensor,
): Promise<SequenceMeasurement> {
  const model = sequential();
  model.add(layers.inputLayer({ inputShape: x.shape.slice(1) }));
  model.add(layer);
  model.add(layers.dense({ units: 1, kernelInitializer: "ones" }));
  layer.setWeights([...weights]);
  const recorder = new KeepingRecorder();
  const instrumentation = instrument(model, recorder, { kernels: await kernelsFor(way) });
  pass(model, (y) => tf.mean(y), x, instrumentation);
  instrumentation.remove();
  model.dispose();
  return recorder.only();
}

describe.each<Way>(["kernels", "taps"])("figures with known values, %s", (way) => {
  beforeAll(() => useBackend("cpu"));

  // h_t = ρ h_{t−1} + x_t in one unit: d_t = ρ^(T−t) for a sample (half of it for the mean over two), ∂L/∂u|_t = Σ
  // h_{t−1} d_t.
  it.each([0.05, 0.5, 1.1])(
    "samples and contributions of a scalar linear net, ρ = %f, over 200 timesteps",
    async (rho) => {
      const T = 200;
      const inputs = [0, 1].map((b) => Array.from({ length: T }, (_, t) => Math.cos(1 + t * (b + 1))));
      const x = tf.tensor3d(inputs.map((row) => row.map((v) => [v])));
      const simple = layers.simpleRNN({
        units: 1,
        activation: "linear",
        useBias: false,
        recurrentInitializer: "zeros",
      });
      const measured = await measure(way, simple, [tf.tensor2d([[1]]), tf.tensor2d([[rho]])], x);
      const { logSampleNorm } = state(measured, "h");
      const r = Math.fround(rho);
      const h = [0, 0];
      for (let t = 1; t <= T; t++) {
        const logShare = (T - t) * Math.log10(r) + Math.log10(0.5);
        const before = h[0]! + h[1]!;
        for (const b of [0, 1]) {
          expect(logSampleNorm[(t - 1) * 2 + b]).toBeCloseTo(logShare, 4);
          h[b] = r * h[b]! + Math.fround(inputs[b]![t - 1]!);
        }
        if (Math.abs(before) > 1e-3)
          expect(measured.logContribution![t - 1]).toBeCloseTo(logShare + Math.log10(Math.abs(before)), 3);
      }
    },
  );

  it("names each gate by its own bias, and counts low values as low", async () => {
    const T = 3;
    const x = tf.zeros([2, T, 1]);
    const units = 2;
    const biased = (values: readonly number[]) => [
      tf.zeros([1, values.length * units]),
      tf.zeros([units, values.length * units]),
      tf.tensor1d(values.flatMap((v) => [v, v])),
    ];
    const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
    const shares = ({ gates }: SequenceMeasurement) =>
      Object.fromEntries(gates.map(({ name, low, high }) => [name, [...low, ...high]]));

    // tfjs's order: i, f, candidate, o.
    const lstm = layers.lstm({ units, recurrentActivation: "sigmoid", recurrentInitializer: "zeros" });
    const ofLstm = await measure(way, lstm, biased([-5, 5, 0, 1]), x);
    expect(shares(ofLstm)).toEqual({
      input: [1, 1, 1, 0, 0, 0],
      forget: [0, 0, 0, 1, 1, 1],
      output: [0, 0, 0, 0, 0, 0],
    });
    for (const scale of ofLstm.timescale!) expect(scale * (1 - sigmoid(5))).toBeCloseTo(1, 3);

    // z, r, candidate.
    const gru = layers.gru({ units, recurrentActivation: "sigmoid", recurrentInitializer: "zeros" });
    const ofGru = await measure(way, gru, biased([3, -3, 0]), x);
    expect(shares(ofGru)).toEqual({ update: [0, 0, 0, 1, 1, 1], reset: [1, 1, 1, 0, 0, 0] });
    for (const scale of ofGru.timescale!) expect(scale * (1 - sigmoid(3))).toBeCloseTo(1, 3);
  });
});

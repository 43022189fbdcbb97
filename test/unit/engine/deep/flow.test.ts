/** The flow matrix against central differences, and its sum against what the instrumentation measures. */

import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { capture } from "../../../../src/engine/deep/capture.ts";
import { flowMatrix } from "../../../../src/engine/deep/flow.ts";
import { deepCell } from "../../../../src/engine/deep/layerCell.ts";
import { whole } from "../../../../src/engine/deep/linear/pieces.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { measuredLayers } from "../../../../src/engine/instrument/measuredLayers.ts";
import { kernelsFor, useBackend } from "../instrument/backends.ts";
import { forward, type Matrix, type ReferenceLayer } from "../instrument/reference.ts";
import { KeepingRecorder, pass, state } from "../instrument/support.ts";
import { type CellKind, cells, gatesOf, linear, pace, randomSequence } from "./sequences.ts";

function matrix(values: Float64Array, columns: number): Matrix {
  return Array.from({ length: values.length / columns }, (_, i) => [
    ...values.subarray(i * columns, (i + 1) * columns),
  ]);
}

describe.each<CellKind>(["simpleRNN", "gru", "lstm"])("the flow matrix of a %s", (kind) => {
  it("equals central differences of each timestep's loss", async () => {
    const shape = { samples: 2, timesteps: 5, inputs: 2, units: 3 };
    const { samples, timesteps, inputs, units } = shape;
    const sequence = randomSequence(kind, shape, 6);
    const random = createRandom(2);
    const injected = Float64Array.from({ length: samples * timesteps * units }, () => random.normal());
    // Nothing enters at timestep 2.
    for (let b = 0; b < samples; b++) injected.fill(0, (b * timesteps + 1) * units, (b * timesteps + 2) * units);
    const flow = await flowMatrix(cells[kind](sequence), injected, pace);
    expect([...flow.lossTimesteps]).toEqual([1, 3, 4, 5]);
    const layer: ReferenceLayer = {
      kind,
      kernel: matrix(sequence.kernel, gatesOf[kind] * units),
      recurrentKernel: matrix(sequence.recurrentKernel, gatesOf[kind] * units),
      bias: [...sequence.bias!],
      goBackwards: false,
    };
    for (const { name, logNorm } of flow.states)
      for (const [i, k] of flow.lossTimesteps.entries())
        for (let t = 1; t <= timesteps; t++) {
          let squares = 0;
          for (let b = 0; b < samples; b++)
            for (let u = 0; u < units; u++) {
              const x = matrix(sequence.x.subarray(b * timesteps * inputs, (b + 1) * timesteps * inputs), inputs);
              // L_k, with its gradient with respect to h_k held at the injected one.
              const lossAt = (amount: number): number =>
                forward(layer, x, b, null, { layer, what: "state", state: name, t, b, u, amount })[k - 1]!.reduce(
                  (sum, h, v) => sum + h * injected[(b * timesteps + k - 1) * units + v]!,
                  0,
                );
              squares += ((lossAt(1e-5) - lossAt(-1e-5)) / 2e-5) ** 2;
            }
          const found = 10 ** logNorm[i * timesteps + t - 1]!;
          if (t > k) expect(found).toBe(0);
          else expect(Math.abs(found / Math.sqrt(squares) - 1), `${name}, k ${k}, t ${t}`).toBeLessThan(1e-6);
        }
  });

  describe.each(["kernels", "taps"] as const)("measured by %s", (way) => {
    beforeAll(() => useBackend("wasm"));

    it.each([
      ["last output", { returnSequences: false }],
      ["sequence", { returnSequences: true }],
      ["backwards, sequence", { returnSequences: true, goBackwards: true }],
      ["backwards, last output", { returnSequences: false, goBackwards: true }],
    ] as const)("adds up to ∂L/∂h and ∂L/∂c: %s", async (_, shape) => {
      const [samples, timesteps, units] = [3, 12, 5];
      const model = sequential();
      const args = { units, recurrentInitializer: "randomNormal" as const, inputShape: [timesteps, 2], ...shape };
      const gated = { ...args, recurrentActivation: "sigmoid" as const };
      model.add(
        kind === "simpleRNN" ? layers.simpleRNN(args) : kind === "gru" ? layers.gru(gated) : layers.lstm(gated),
      );
      model.add(layers.dense({ units: 1 }));
      const weights = model.getWeights().map((w, i) => tf.randomNormal(w.shape, 0, 0.6, "float32", 21 + i));
      model.setWeights(weights);
      const x = tf.randomNormal([samples, timesteps, 2], 0, 1, "float32", 3);
      const y = tf.randomNormal(shape.returnSequences ? [samples, timesteps, 1] : [samples, 1], 0, 1, "float32", 4);
      const loss = (targets: tf.Tensor, output: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(output, targets)));

      const kernels = await kernelsFor(way);
      const recorder = new KeepingRecorder();
      const measuring = instrument(model, recorder, { kernels });
      pass(model, (output) => loss(y, output), x, measuring);
      const measured = recorder.only();
      measuring.remove();

      const [layer] = measuredLayers(model);
      const plain = instrument(model, null, { kernels });
      const captured = capture(model, layer!, loss, plain, { inputs: x, targets: y, weights: null });
      plain.remove();
      const cell = deepCell(layer!);
      if ("reason" in cell || !captured) throw new Error("it can be analysed");
      const trajectory = whole(cell.trajectory(captured.x, samples, timesteps));
      captured.output.forEach((v, i) => {
        const row = Math.floor(i / units);
        const t = shape.returnSequences ? row % timesteps : timesteps - 1;
        const b = shape.returnSequences ? Math.floor(row / timesteps) : row;
        expect(trajectory.h[(b * timesteps + t) * units + (i % units)]).toBeCloseTo(v, 5);
      });

      const injected = new Float64Array(samples * timesteps * units);
      if (shape.returnSequences) injected.set(captured.gradient);
      else
        for (let b = 0; b < samples; b++)
          injected.set(captured.gradient.subarray(b * units, (b + 1) * units), ((b + 1) * timesteps - 1) * units);
      const sums = Array.from({ length: timesteps }, () => new Float64Array(samples * units));
      const flow = await flowMatrix(trajectory, injected, pace, (_k, t, rows, scale) => {
        for (let b = 0; b < samples; b++)
          for (let u = 0; u < units; u++)
            sums[t - 1]![b * units + u]! += rows[b * trajectory.width + u]! * 2 ** scale[b]!;
      });
      expect([...flow.lossTimesteps]).toEqual(
        shape.returnSequences ? Array.from({ length: timesteps }, (__, i) => i + 1) : [timesteps],
      );
      for (const { name, logTotal } of flow.states) {
        const { logNorm } = state(measured, name);
        for (let t = 0; t < timesteps; t++) {
          expect(Math.abs(logTotal[t]! - logNorm[t]!), `${name}, timestep ${t + 1}`).toBeLessThan(2e-5);
          if (name === "h") expect(Math.log10(Math.hypot(...sums[t]!))).toBeCloseTo(logTotal[t]!, 10);
        }
      }
      tf.dispose([x, y, weights]);
      model.dispose();
    });
  });
});

describe("over hundreds of decades", () => {
  it("neither vanishes nor overflows, and a later loss does not hide an earlier one", async () => {
    for (const rho of [1e-4, 1e4]) {
      const timesteps = 400;
      const injected = new Float64Array(timesteps);
      injected[timesteps - 1] = 2;
      injected[9] = 1;
      const { lossTimesteps, states } = await flowMatrix(linear(Float64Array.of(rho), 1, timesteps), injected, pace);
      expect([...lossTimesteps]).toEqual([10, timesteps]);
      const [h] = states;
      for (let t = 1; t <= timesteps; t++) {
        const late = Math.log10(2) + (timesteps - t) * Math.log10(rho);
        expect(h!.logNorm[timesteps + t - 1]).toBeCloseTo(late, 8);
        const early = t > 10 ? Number.NEGATIVE_INFINITY : (10 - t) * Math.log10(rho);
        expect(h!.logNorm[t - 1]).toBeCloseTo(early, 8);
        expect(h!.logTotal[t - 1]).toBeCloseTo(Math.max(late, early), 8);
      }
    }
  });

  it("shows at most 128 loss timesteps, including the first and the last", async () => {
    const flow = await flowMatrix(linear(Float64Array.of(0.9), 1, 300), new Float64Array(300).fill(1), pace);
    expect(flow.lossTimesteps).toHaveLength(128);
    expect([flow.lossTimesteps[0], flow.lossTimesteps.at(-1)]).toEqual([1, 300]);
    const expected = Math.log10((1 - 0.9 ** 300) / 0.1);
    expect(flow.states[0]!.logTotal[0]).toBeCloseTo(expected, 12);
  });
});

/** Everything that the layer computes on its way back, against central differences of an independent float64 net. */

import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { makeLayer } from "../../../../src/engine/model/makeLayer.ts";
import type { StateName } from "../../../../src/protocol/run.ts";
import { sampled } from "../../../budget.ts";
import { backendNames, useBackend } from "../instrument/backends.ts";
import { KeepingRecorder, pass, state } from "../instrument/support.ts";
import { type Disturbance, type Matrix, type ReferenceMemory, run } from "./reference.ts";

const samples = 2;
const timesteps = 4;
const features = 2;
const step = 1e-5;

interface Shape {
  readonly controller: "lstm" | "simpleRNN";
  readonly units: number;
  readonly slots: number;
  readonly width: number;
  readonly readHeads: number;
  readonly writeHeads: number;
  readonly locationAddressing: boolean;
  readonly returnSequences: boolean;
  readonly goBackwards: boolean;
}

const usual: Shape = {
  controller: "lstm",
  units: 3,
  slots: 4,
  width: 3,
  readHeads: 1,
  writeHeads: 1,
  locationAddressing: true,
  returnSequences: false,
  goBackwards: false,
};

const shapes: readonly (readonly [string, Shape])[] = [
  ["last output", usual],
  ["sequence", { ...usual, returnSequences: true }],
  ["content only, sequence", { ...usual, locationAddressing: false, returnSequences: true }],
  ["two heads of each kind, sequence", { ...usual, readHeads: 2, writeHeads: 2, returnSequences: true }],
  ["simple controller, last output", { ...usual, controller: "simpleRNN" }],
  [
    "simple controller, two write heads, content only",
    { ...usual, controller: "simpleRNN", writeHeads: 2, locationAddressing: false },
  ],
  ["backwards, sequence", { ...usual, goBackwards: true, returnSequences: true }],
];

function build(shape: Shape) {
  const model = sequential();
  model.add(layers.inputLayer({ inputShape: [timesteps, features] }));
  model.add(layers.dense({ units: features, activation: "tanh" }));
  // tfjs's own orthogonal initializer needs parts of tfjs that this project does not load.
  const args = { ...shape, recurrentInitializer: "glorotUniform" };
  const memory = makeLayer({ type: "externalMemory", name: "memory", args, path: [] }, []);
  if (!memory) throw new Error("The layer was refused.");
  model.add(memory);
  model.add(layers.dense({ units: 1 }));
  const generous = model.getWeights().map((w, i) => tf.randomNormal(w.shape, 0, 0.7, "float32", 21 + i));
  model.setWeights(generous);
  tf.dispose(generous);
  return model;
}

const rows = (values: Float32Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)]);

/** The whole model in float64, with its weights in tfjs's order. */
function loss(
  shape: Shape,
  weights: readonly Matrix[],
  inputs: readonly Matrix[],
  targets: Matrix,
  disturbance: Disturbance | null,
): number {
  const [denseKernel, denseBias, kernel, recurrentKernel, bias, headKernel, headBias, memory, outKernel, outBias] =
    weights;
  const net: ReferenceMemory = {
    ...shape,
    kernel: kernel!,
    recurrentKernel: recurrentKernel!,
    bias: bias![0]!,
    headKernel: headKernel!,
    headBias: headBias![0]!,
    memory: memory!,
  };
  const affine = (x: readonly number[], w: Matrix, c: readonly number[]): number[] =>
    c.map((v, j) => x.reduce((s, u, i) => s + u * w[i]![j]!, v));
  let total = 0;
  let count = 0;
  for (const [b, sample] of inputs.entries()) {
    const hidden = sample.map((x) => affine(x, denseKernel!, denseBias![0]!).map(Math.tanh));
    const outputs = run(net, hidden, b, disturbance);
    const used = shape.returnSequences ? outputs : outputs.slice(-1);
    for (const [i, output] of used.entries()) {
      total += (affine(output, outKernel!, outBias![0]!)[0]! - targets[b]![i]!) ** 2;
      count++;
    }
  }
  return total / count;
}

function close(actual: number, expected: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-6);
  expect(error, `${what}: ${actual} instead of ${expected}`).toBeLessThan(1e-3);
}

describe.each(backendNames.map((name, at) => [name, at] as const))("on %s", (backend, at) => {
  beforeAll(() => useBackend(backend));

  // In CI, each shape on one of the backends; in the quick tier, one shape on each backend.
  it.each(sampled(shapes, 12, at === 0 ? 6 : 1, 2))("%s", (_, shape) => {
    const model = build(shape);
    const x = tf.randomNormal([samples, timesteps, features], 0, 1, "float32", 3);
    const inputs = rows(x.dataSync<"float32">(), timesteps * features).map((s) => rows(Float32Array.from(s), features));
    const outputs = shape.returnSequences ? timesteps : 1;
    const targets = Array.from({ length: samples }, (_, b) =>
      Array.from({ length: outputs }, (_, i) => Math.cos(b + i)),
    );
    const wanted = tf.tensor(targets.flat(), shape.returnSequences ? [samples, timesteps, 1] : [samples, 1]);
    const error = (y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(y, wanted)));
    const weights = model.getWeights().map((w) => rows(w.dataSync<"float32">(), w.shape.at(-1) ?? 1));

    const plain = pass(model, error, x);
    const recorder = new KeepingRecorder();
    const instrumentation = instrument(model, recorder);
    const tensors = tf.memory().numTensors;
    const measured = pass(model, error, x, instrumentation);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(measured.loss).toBe(plain.loss);
    expect(measured.gradients).toEqual(plain.gradients);

    const at = (values: readonly Matrix[], disturbance: Disturbance | null = null): number =>
      loss(shape, values, inputs, targets, disturbance);
    close(measured.loss, at(weights), "loss");

    // Weights, including those of the previous layer, whose gradient is that of this layer's inputs.
    for (const [k, gradient] of measured.gradients.entries()) {
      const width = weights[k]![0]!.length;
      const scale = Math.max(...gradient.map(Math.abs));
      for (let i = 0; i < gradient.length; i += 1 + Math.floor(gradient.length / 12)) {
        const shifted = (by: number): Matrix[] =>
          weights.map((w, j) =>
            j === k ? w.map((row, r) => row.map((v, c) => (r * width + c === i ? v + by : v))) : [...w],
          );
        const slope = (at(shifted(step)) - at(shifted(-step))) / (2 * step);
        expect(
          Math.abs(gradient[i]! - slope) / scale,
          `weight ${k}, entry ${i}: ${gradient[i]} for ${slope}`,
        ).toBeLessThan(1e-3);
      }
    }

    const measurement = recorder.only();
    const names: readonly StateName[] = shape.controller === "lstm" ? ["h", "c", "m"] : ["h", "m"];
    expect(measurement.states.map((s) => s.name)).toEqual(names);
    const size = { h: shape.units, c: shape.units, m: shape.slots * shape.width };
    const norm = (what: Disturbance["what"], name: StateName, t: number): number => {
      let squares = 0;
      for (let b = 0; b < samples; b++)
        for (let index = 0; index < size[name]; index++) {
          const by = (amount: number): number => at(weights, { what, state: name, t, b, index, amount });
          squares += ((by(step) - by(-step)) / (2 * step)) ** 2;
        }
      return Math.sqrt(squares);
    };
    for (const name of names) {
      const { logNorm, gain, logSampleNorm, nonFinite } = state(measurement, name);
      for (let t = 1; t <= timesteps; t++) {
        const d = norm("state", name, t);
        close(10 ** logNorm[t - 1]!, d, `norm of ${name} at ${t}`);
        close(gain[t - 1]!, norm("edge", name, t) / d, `gain of ${name} at ${t}`);
        let squares = 0;
        for (let b = 0; b < samples; b++) squares += 10 ** (2 * logSampleNorm[(t - 1) * samples + b]!);
        close(Math.sqrt(squares), d, `sample norms of ${name} at ${t}`);
        expect(nonFinite[t - 1]).toBe(0);
      }
      // If only the last timestep has a loss, everything that arrives was transported.
      if (!shape.returnSequences)
        close(
          gain.slice(1).reduce((product, g) => product * g, 1),
          10 ** (logNorm[0]! - logNorm[timesteps - 1]!),
          `attenuation of ${name}`,
        );
    }
    instrumentation.remove();
    tf.dispose([x, wanted]);
    model.dispose();
  });
});

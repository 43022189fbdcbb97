/** An encoder and a decoder that begins with its last states, against central differences in float64. */

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import type { KernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { type BuiltModel, weightsOf } from "../../../../src/engine/model/builtModel.ts";
import { forward, packed } from "../../../../src/engine/model/forward.ts";
import { sampled } from "../../../budget.ts";
import { entries, type LayerLine } from "../entries.ts";
import { kernelsFor, useBackend, ways } from "./backends.ts";
import { type Disturbance, type Kind, type Matrix, type ReferenceLayer, statesOf } from "./reference.ts";
import { KeepingRecorder, state } from "./support.ts";

const samples = 2;
const [read, written] = [5, 4];
const [features, units] = [2, 3];
const epsilon = 1e-5;

const lines: { readonly [kind in Kind]: LayerLine } = {
  simpleRNN: { type: "simpleRNN", units },
  gru: { type: "gru", units, recurrentActivation: "sigmoid" },
  resetAfterGru: { type: "gru", units, recurrentActivation: "sigmoid", resetAfter: true },
  lstm: { type: "lstm", units, recurrentActivation: "sigmoid" },
  peepholeLstm: { type: "lstm", units, recurrentActivation: "sigmoid", peepholes: true },
};

interface Shape {
  readonly name: string;
  /** Whether a dense layer also takes the encoder's output. */
  readonly alsoOutput: boolean;
  readonly encoderSequences: boolean;
  readonly decoderSequences: boolean;
}

const shapes: readonly Shape[] = [
  { name: "states alone", alsoOutput: false, encoderSequences: false, decoderSequences: true },
  { name: "states alone, last output", alsoOutput: false, encoderSequences: true, decoderSequences: false },
  { name: "states and output", alsoOutput: true, encoderSequences: false, decoderSequences: false },
  { name: "states and sequence", alsoOutput: true, encoderSequences: true, decoderSequences: true },
];

function build(kind: Kind, { alsoOutput, encoderSequences, decoderSequences }: Shape): BuiltModel {
  const states = /lstm/i.test(kind) ? ["encoder.h", "encoder.c"] : ["encoder.h"];
  const built = buildModel(
    entries(
      { ...lines[kind], name: "encoder", inputs: ["source"], returnSequences: encoderSequences },
      { ...lines[kind], name: "decoder", inputs: ["words"], initialState: states, returnSequences: decoderSequences },
      { type: "dense", units: 1, name: "out", inputs: ["decoder"] },
      ...(alsoOutput ? [{ type: "dense", units: 1, name: "more", inputs: ["encoder"] }] : []),
    ),
    [
      { name: "source", shape: [read, features] },
      { name: "words", shape: [written, features] },
    ],
    3,
    alsoOutput ? ["out", "more"] : ["out"],
  );
  if (Array.isArray(built)) throw new Error(JSON.stringify(built));
  for (const [i, { variable }] of built.layers.flatMap(weightsOf).entries())
    tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 0.7, "float32", 11 + i)));
  return built;
}

function rows(tensor: tf.Tensor): number[][] {
  const values = tensor.arraySync();
  return Array.isArray(values) ? values.map((row) => (Array.isArray(row) ? row.map(Number) : [Number(row)])) : [];
}

function layerOf(built: BuiltModel, name: string, kind: Kind): ReferenceLayer {
  const weights = new Map(weightsOf(built.layers.find((l) => l.name === name)!).map((w) => [w.name, rows(w.variable)]));
  const bias = weights.get("bias")!;
  const peepholes = weights.get("peephole_kernel") ?? weights.get("peepholes");
  return {
    kind,
    kernel: weights.get("kernel")!,
    recurrentKernel: weights.get("recurrent_kernel")!,
    ...(kind === "resetAfterGru" ? { bias: bias[0]!, recurrentBias: bias[1]! } : { bias: bias.map((row) => row[0]!) }),
    ...(peepholes && { peepholes }),
    goBackwards: false,
  };
}

/** The sum of all squared outputs. */
function lossOf(outputs: tf.Tensor): tf.Scalar {
  return tf.sum(tf.square(outputs));
}

const kinds: readonly Kind[] = ["simpleRNN", "gru", "resetAfterGru", "lstm", "peepholeLstm"];

describe.each(ways.map((way, i) => [...way, i] as const))("%s on %s", (way, backend, at) => {
  let kernels: KernelSource | null = null;
  beforeAll(async () => {
    await useBackend(backend);
    kernels = await kernelsFor(way);
  });

  describe.each(sampled(kinds, 4, at, 1))("%s", (kind) => {
    const some = sampled(shapes, 4, at + kinds.indexOf(kind));
    it.each(some.map((shape) => [shape.name, shape] as const))("%s", (_, shape) => {
      const built = build(kind, shape);
      expect(built.layers.map(({ name }) => name).slice(0, 2)).toEqual(["encoder", "decoder"]);
      const xs = [read, written].map((t, i) => tf.randomNormal([samples, t, features], 0, 1, "float32", 5 + i));
      const given = tf.tidy(() => packed(xs));
      const recorder = new KeepingRecorder();
      const instrumentation = instrument(built.model, recorder, { kernels });
      const variables = built.layers.flatMap(weightsOf).map(({ variable }) => variable);
      const differentiate = (measured: boolean) => {
        const run = () =>
          tf.variableGrads(() => lossOf(forward(built.model, given, true)), [...variables, instrumentation.probe]);
        const { value, grads } = measured ? instrumentation.measure(run) : run();
        const result = { loss: value.dataSync()[0]!, gradients: variables.map((v) => grads[v.name]!.dataSync()) };
        tf.dispose([value, grads]);
        return result;
      };
      const plain = differentiate(false);
      const measured = differentiate(true);
      expect(Math.abs(measured.loss / plain.loss - 1)).toBeLessThan(1e-6);
      for (const [i, gradient] of measured.gradients.entries()) {
        const expected = plain.gradients[i]!;
        const difference = Math.hypot(...gradient.map((v, k) => v - expected[k]!));
        expect(difference / Math.hypot(...expected), variables[i]!.name).toBeLessThan(1e-5);
      }

      const [encoder, decoder] = [layerOf(built, "encoder", kind), layerOf(built, "decoder", kind)];
      const dense = ["out", "more"].map((name) => built.layers.find((l) => l.name === name));
      const heads = dense.map((layer) => (layer ? rows(weightsOf(layer)[0]!.variable).map((row) => row[0]!) : []));
      const biases = dense.map((layer) => (layer ? weightsOf(layer)[1]!.variable.dataSync()[0]! : 0));
      const [source = [], words = []]: Matrix[][] = xs.map((x) => x.arraySync() as number[][][]);
      const loss = (disturbance: Disturbance | null): number => {
        let sum = 0;
        const add = (head: number, h: readonly number[]): void => {
          sum += h.reduce((y, v, i) => y + v * heads[head]![i]!, biases[head]!) ** 2;
        };
        for (let b = 0; b < samples; b++) {
          const first = statesOf(encoder, source[b]!, b, null, disturbance, null);
          const second = statesOf(decoder, words[b]!, b, null, disturbance, first.at(-1)!);
          for (const { h } of shape.decoderSequences ? second : second.slice(-1)) add(0, h);
          for (const { h } of shape.encoderSequences ? first : first.slice(-1)) if (shape.alsoOutput) add(1, h);
        }
        return sum;
      };
      expect(Math.abs(plain.loss / loss(null) - 1)).toBeLessThan(1e-5);
      const slope = (disturbance: Omit<Disturbance, "amount">): number => {
        const at = (amount: number): number => loss({ ...disturbance, amount } as Disturbance);
        return (at(epsilon) - at(-epsilon)) / (2 * epsilon);
      };
      const norm = (layer: ReferenceLayer, what: "state" | "edge", name: "h" | "c", t: number): number => {
        let squares = 0;
        for (let b = 0; b < samples; b++)
          for (let u = 0; u < units; u++)
            squares += slope({ layer, what, state: name, t, b, u } as Omit<Disturbance, "amount">) ** 2;
        return Math.sqrt(squares);
      };
      for (const [layer, timesteps, index] of [
        [encoder, read, 0],
        [decoder, written, 1],
      ] as const) {
        const { measurement } = recorder.sequences.find((s) => s.layer === index)!;
        for (const { name } of measurement.states) {
          if (name === "m") throw new Error("no memory here");
          const { logNorm, gain } = state(measurement, name);
          for (let t = 1; t <= timesteps; t++) {
            const where = `${index === 0 ? "encoder" : "decoder"} ${name} ${t}`;
            const d = norm(layer, "state", name, t);
            expect(Math.abs(10 ** logNorm[t - 1]! / d - 1), where).toBeLessThan(1e-3);
            expect(Math.abs((gain[t - 1]! * d) / norm(layer, "edge", name, t) - 1), `gain ${where}`).toBeLessThan(1e-3);
          }
        }
      }
      instrumentation.remove();
      tf.dispose([xs, given]);
      built.dispose();
    });
  });
});

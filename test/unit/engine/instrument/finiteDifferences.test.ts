/** State gradients, gains and contributions against central differences of an independent float64 net. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import type { KernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { RealTimesteps } from "../../../../src/engine/instrument/realTimesteps.ts";
import { PeepholeLSTM } from "../../../../src/engine/layers/peepholeLstm.ts";
import { ResetAfterGRU } from "../../../../src/engine/layers/resetAfterGru.ts";
import type { SequenceMeasurement } from "../../../../src/engine/recording/recorder.ts";
import { budget, sampled } from "../../../budget.ts";
import { kernelsFor, useBackend, ways } from "./backends.ts";
import { type Disturbance, type Kind, loss, type ReferenceLayer, type ReferenceNet, type Stage } from "./reference.ts";
import { KeepingRecorder, pass, state } from "./support.ts";

const samples = 2;
const timesteps = budget(4, 5);
const features = 2;
const units = 3;
const epsilon = 1e-5;

interface Shape {
  readonly name: string;
  readonly stages: number;
  readonly bidirectional?: boolean;
  readonly goBackwards?: boolean;
  readonly returnSequences: boolean;
  readonly masked?: boolean;
}

const shapes: readonly Shape[] = [
  { name: "last output", stages: 1, returnSequences: false },
  { name: "sequence", stages: 1, returnSequences: true },
  { name: "stacked, last output", stages: 2, returnSequences: false },
  { name: "stacked, sequence", stages: 2, returnSequences: true },
  { name: "bidirectional, last output", stages: 1, bidirectional: true, returnSequences: false },
  { name: "bidirectional stacked, sequence", stages: 2, bidirectional: true, returnSequences: true },
  { name: "backwards, sequence", stages: 1, goBackwards: true, returnSequences: true },
  { name: "masked, last output", stages: 1, masked: true, returnSequences: false },
  { name: "masked stacked, sequence", stages: 2, masked: true, returnSequences: true },
  { name: "masked bidirectional, last output", stages: 1, bidirectional: true, masked: true, returnSequences: false },
];

function recurrent(kind: Kind, shape: Shape, returnSequences: boolean): layers.Layer {
  const args = {
    units,
    returnSequences,
    goBackwards: shape.goBackwards ?? false,
    recurrentInitializer: "randomNormal" as const,
  };
  const layer =
    kind === "simpleRNN"
      ? layers.simpleRNN(args)
      : kind === "gru"
        ? layers.gru({ ...args, recurrentActivation: "sigmoid" })
        : kind === "lstm"
          ? layers.lstm({ ...args, recurrentActivation: "sigmoid" })
          : kind === "peepholeLstm"
            ? new PeepholeLSTM({ ...args, recurrentActivation: "sigmoid", peepholeInitializer: "glorotUniform" })
            : new ResetAfterGRU({ ...args, recurrentActivation: "sigmoid" });
  return shape.bidirectional ? layers.bidirectional({ layer, mergeMode: "concat" }) : layer;
}

function build(kind: Kind, shape: Shape): LayersModel {
  const model = sequential();
  model.add(layers.inputLayer({ inputShape: [timesteps, features] }));
  if (shape.masked) model.add(layers.masking({ maskValue: 0 }));
  for (let stage = 1; stage <= shape.stages; stage++) {
    model.add(recurrent(kind, shape, stage < shape.stages || shape.returnSequences));
  }
  model.add(layers.dense({ units: 1 }));
  const generous = model.getWeights().map((w, i) => tf.randomNormal(w.shape, 0, 0.7, "float32", 11 + i));
  model.setWeights(generous);
  tf.dispose(generous);
  return model;
}

function numbers(tensor: tf.Tensor): number[][] {
  const rows = tensor.arraySync();
  return Array.isArray(rows) ? rows.map((row) => (Array.isArray(row) ? row.map(Number) : [Number(row)])) : [];
}

function reference(kind: Kind, shape: Shape, model: LayersModel): ReferenceNet {
  const weights = model.getWeights().map(numbers);
  const stages: Stage[] = [];
  for (let stage = 0; stage < shape.stages; stage++) {
    const directions = shape.bidirectional ? [false, true] : [shape.goBackwards ?? false];
    stages.push(
      directions.map((goBackwards): ReferenceLayer => {
        const [kernel, recurrentKernel, bias] = weights.splice(0, 3);
        const common = { kind, kernel: kernel!, recurrentKernel: recurrentKernel!, goBackwards };
        if (kind === "resetAfterGru") return { ...common, bias: bias![0]!, recurrentBias: bias![1]! };
        const peepholes = kind === "peepholeLstm" ? { peepholes: weights.splice(0, 1)[0]! } : {};
        return { ...common, ...peepholes, bias: bias!.map((row) => row[0]!) };
      }),
    );
  }
  const [kernel, bias] = weights;
  return {
    stages,
    returnSequences: shape.returnSequences,
    dense: { kernel: kernel!, bias: bias!.map((row) => row[0]!) },
  };
}

function close(actual: number, expected: number, tolerance: number, what: string): void {
  const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1e-9);
  expect(error, `${what}: ${actual} instead of ${expected}`).toBeLessThan(tolerance);
}

const kinds: readonly Kind[] = ["simpleRNN", "gru", "resetAfterGru", "lstm", "peepholeLstm"];

// In CI, each way has every second kind of cell, and together they have each shape once; in the quick tier, each kind once.
describe.each(ways.map((way, i) => [...way, i] as const))("%s on %s", (way, backend, at) => {
  let kernels: KernelSource | null = null;
  beforeAll(async () => {
    await useBackend(backend);
    kernels = await kernelsFor(way);
  });

  describe.each(sampled(kinds, 4, at, 2))("%s", (kind) => {
    const some = sampled(shapes, shapes.length, kinds.length * at + kinds.indexOf(kind) + Math.floor(at / 2));
    it.each(some.map((shape) => [shape.name, shape] as const))("%s", (_, shape) => {
      const model = build(kind, shape);
      const x = tf.randomNormal([samples, timesteps, features], 0, 1, "float32", 3);
      const inputs: number[][][] = (x.arraySync() as number[][][]).map((sample, b) =>
        sample.map((row, t) => (shape.masked && (b === 0 ? t >= 3 : t === 1) ? row.map(() => 0) : row)),
      );
      const masks = shape.masked ? inputs.map((sample) => sample.map((row) => row.some((v) => v !== 0))) : null;
      const given = tf.tensor3d(inputs);
      const outputs = shape.returnSequences ? timesteps : 1;
      const targets = Array.from({ length: samples }, (_, b) =>
        Array.from({ length: outputs }, (_, i) => Math.cos(b + i)),
      );
      const wanted = tf.tensor(targets.flat(), shape.returnSequences ? [samples, timesteps, 1] : [samples, 1]);
      const error = (y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(y, wanted)));

      const plain = pass(model, error, given);
      const recorder = new KeepingRecorder();
      const instrumentation = instrument(model, recorder, { kernels });
      const measured = pass(model, error, given, instrumentation);

      if (way === "taps") expect(measured.loss).toBe(plain.loss);
      // Rounding to float32 in the answers, relative to their distance from the targets.
      else expect(Math.abs(measured.loss / plain.loss - 1)).toBeLessThan(1e-5);
      expect(measured.gradients).toHaveLength(plain.gradients.length);
      for (const [i, gradient] of measured.gradients.entries()) {
        // If a state also feeds the output, or c more than one gate, the tap adds its gradients in another order, so
        // rounding may differ.
        if (way === "taps" && shape.stages === 1 && !shape.returnSequences && kind !== "peepholeLstm")
          expect(gradient).toEqual(plain.gradients[i]);
        const expected = plain.gradients[i]!;
        const difference = Math.hypot(...gradient.map((v, k) => v - expected[k]!));
        expect(difference / Math.hypot(...expected)).toBeLessThan(1e-5);
      }

      const net = reference(kind, shape, model);
      close(plain.loss, loss(net, inputs, targets, masks, null), 1e-5, "loss");
      const slope = (disturbance: Omit<Disturbance, "amount">): number => {
        const at = (amount: number): number =>
          loss(net, inputs, targets, masks, { ...disturbance, amount } as Disturbance);
        return (at(epsilon) - at(-epsilon)) / (2 * epsilon);
      };
      /** Over the samples whose timestep has place `k`: all timesteps t, except for masked ones. */
      const stateNorm = (
        layer: ReferenceLayer,
        what: "state" | "edge",
        name: "h" | "c",
        k: number,
        places: RealTimesteps,
        but: (b: number) => boolean = () => false,
      ): number => {
        let sum = 0;
        for (let b = 0; b < samples; b++) {
          const t = Array.from({ length: timesteps }, (_, i) => i + 1).find((t) => places.place(t, b) === k);
          if (t === undefined || but(b)) continue;
          for (let u = 0; u < units; u++) sum += slope({ layer, what, state: name, t, b, u } as Disturbance) ** 2;
        }
        return Math.sqrt(sum);
      };

      const referenceLayers = net.stages.flat();
      expect(recorder.sequences).toHaveLength(referenceLayers.length);
      for (const [i, layer] of referenceLayers.entries()) {
        const measurement: SequenceMeasurement = recorder.sequences[i]!.measurement;
        const names = /lstm/i.test(kind) ? (["h", "c"] as const) : (["h"] as const);
        expect(measurement.states.map((s) => s.name)).toEqual(names);
        const everything = Array.from({ length: samples }, () => new Array<boolean>(timesteps).fill(true));
        const places = new RealTimesteps(
          (masks ?? everything).flat().map(Number),
          samples,
          masks !== null && layer.goBackwards,
        );
        expect(measurement.end ?? timesteps).toBe(places.longest);
        for (let t = 1; t <= timesteps; t++) {
          for (const name of names) {
            const { logNorm, gain, logSampleNorm } = state(measurement, name);
            const d = stateNorm(layer, "state", name, t - 1, places);
            const where = `layer ${i}, ${name}, timestep ${t}`;
            if (d < 1e-9) {
              expect(logNorm[t - 1], where).toBe(-Infinity);
              expect(gain[t - 1], where).toBeNaN();
              continue;
            }
            close(10 ** logNorm[t - 1]!, d, 1e-3, `norm of ${where}`);
            // A shorter sample's first timestep sends to its initial state.
            const starts = (b: number): boolean => t > 1 && places.first(b) === t - 1;
            const sending = stateNorm(layer, "state", name, t - 1, places, starts);
            const sent = stateNorm(layer, "edge", name, t - 1, places, starts);
            close(gain[t - 1]!, sent / sending, 1e-3, `gain of ${where}`);
            let squares = 0;
            for (let b = 0; b < samples; b++) squares += 10 ** (2 * logSampleNorm[(t - 1) * samples + b]!);
            close(Math.sqrt(squares), d, 1e-3, `sample norms of ${where}`);
          }
          // The kernels sum over samples by place, which a disturbance of one timestep cannot show.
          if (masks && kernels) continue;
          let squares = 0;
          for (let from = 1; from <= timesteps; from++) {
            if (places.placeInLongest(from) !== t - 1) continue;
            for (const [row, values] of layer.recurrentKernel.entries()) {
              for (const column of values.keys())
                squares += slope({ layer, what: "kernel", t: from, row, column } as Disturbance) ** 2;
            }
          }
          const contribution = 10 ** measurement.logContribution![t - 1]!;
          if (squares > 1e-18)
            close(contribution, Math.sqrt(squares), 1e-3, `contribution of layer ${i}, timestep ${t}`);
          else expect(contribution).toBeLessThan(1e-7);
        }
      }
      instrumentation.remove();
      tf.dispose([x, given, wanted]);
      model.dispose();
    });
  });
});

/**
 * Truncated back-propagation through time against central differences of the truncated loss: the loss of a float64 net
 * whose states are held at their undisturbed values where the gradient is cut.
 */

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import type { KernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { sampled } from "../../../budget.ts";
import { kernelsFor, useBackend, ways } from "./backends.ts";
import { KeepingRecorder, pass, state } from "./support.ts";

const samples = 2;
const timesteps = 7;
const features = 2;
const units = 3;

type Kind = "simpleRNN" | "gru" | "lstm";
interface State {
  readonly h: readonly number[];
  readonly c: readonly number[];
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Mean squared distance of the outputs from 1. Weights are flat, in tfjs's layout. */
class Net {
  readonly kind: Kind;
  readonly sequences: boolean;
  constructor(kind: Kind, sequences: boolean) {
    this.kind = kind;
    this.sequences = sequences;
  }

  /**
   * The states of each sample after each timestep are written to `seen`; those of the `held` timesteps replace the
   * computed ones.
   */
  loss(
    weights: readonly number[][],
    x: number[][][],
    held: ReadonlyMap<number, State[]>,
    seen: State[][] = [],
  ): number {
    const [kernel, recurrent, bias, denseKernel, denseBias] = weights as [
      number[],
      number[],
      number[],
      number[],
      number[],
    ];
    const gates = bias.length / units;
    let sum = 0;
    let count = 0;
    for (const [b, sample] of x.entries()) {
      let h: readonly number[] = new Array<number>(units).fill(0);
      let c: readonly number[] = h;
      for (const [index, input] of sample.entries()) {
        const part = (gate: number, from: readonly number[]): number[] =>
          h.map((_, u) => {
            const column = gate * units + u;
            const wx = input.reduce((s, v, i) => s + v * kernel[i * gates * units + column]!, 0);
            return from.reduce((s, v, i) => s + v * recurrent[i * gates * units + column]!, wx + bias[column]!);
          });
        if (this.kind === "simpleRNN") h = part(0, h).map(Math.tanh);
        else if (this.kind === "gru") {
          const z = part(0, h).map(sigmoid);
          const r = part(1, h).map(sigmoid);
          const candidate = part(
            2,
            h.map((v, u) => v * r[u]!),
          ).map(Math.tanh);
          h = h.map((v, u) => z[u]! * v + (1 - z[u]!) * candidate[u]!);
        } else {
          const [i, f, g, o] = [part(0, h), part(1, h), part(2, h), part(3, h)] as const;
          c = c.map((v, u) => sigmoid(f[u]!) * v + sigmoid(i[u]!) * Math.tanh(g[u]!));
          h = c.map((v, u) => sigmoid(o[u]!) * Math.tanh(v));
        }
        const atTimestep = seen[index] ?? [];
        atTimestep[b] = { h, c };
        seen[index] = atTimestep;
        if (this.sequences || index === sample.length - 1) {
          sum += (h.reduce((s, v, u) => s + v * denseKernel[u]!, denseBias[0]!) - 1) ** 2;
          count++;
        }
        // Only the state that the next timestep takes is held, not the one that the output sees.
        const kept = held.get(index + 1)?.[b];
        if (kept) ({ h, c } = kept);
      }
    }
    return sum / count;
  }
}

function build(kind: Kind, returnSequences: boolean): LayersModel {
  const model = sequential();
  const args = {
    units,
    returnSequences,
    inputShape: [timesteps, features],
    recurrentInitializer: "glorotUniform" as const,
  };
  const gated = { ...args, recurrentActivation: "sigmoid" as const };
  model.add(kind === "simpleRNN" ? layers.simpleRNN(args) : kind === "gru" ? layers.gru(gated) : layers.lstm(gated));
  model.add(layers.dense({ units: 1 }));
  model.setWeights(model.getWeights().map((w, i) => tf.randomNormal(w.shape, 0, 0.7, "float32", 5 + i)));
  return model;
}

describe.each(ways.map((way, i) => [...way, i] as const))("%s on %s", (way, backend, at) => {
  let kernels: KernelSource | null = null;
  beforeAll(async () => {
    await useBackend(backend);
    kernels = await kernelsFor(way);
  });

  const kinds: readonly Kind[] = ["simpleRNN", "gru", "lstm"];
  describe.each(kinds)("%s", (kind) => {
    const cases = [
      ["last output", false, 3],
      ["sequence", true, 3],
      ["sequence, every timestep by itself", true, 1],
      ["last output, longer than the sequence", false, 8],
    ] as const;
    it.each(sampled(cases, 4, at + kinds.indexOf(kind)))("%s", (_, returnSequences, truncate) => {
      const model = build(kind, returnSequences);
      const x = tf.randomNormal([samples, timesteps, features], 0, 1, "float32", 3);
      const error = (y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(y, 1)));
      const recorder = new KeepingRecorder();
      const instrumentation = instrument(model, recorder, { kernels, truncate });
      const { gradients, loss } = pass(model, error, x, instrumentation);
      instrumentation.remove();
      const silent = instrument(model, null, { kernels, truncate });
      const unmeasured = pass(model, error, x, silent).gradients;
      silent.remove();

      const net = new Net(kind, returnSequences);
      const weights = model.getWeights().map((w) => Array.from(w.dataSync()));
      const inputs = x.arraySync() as number[][][];
      const states: State[][] = [];
      expect(net.loss(weights, inputs, new Map(), states)).toBeCloseTo(loss, 5);
      const held = new Map<number, State[]>();
      for (let t = timesteps - truncate; t >= 1; t -= truncate) held.set(t, states[t - 1]!);
      for (const [k, gradient] of gradients.entries()) {
        const expected = gradient.map((_, i) => {
          const at = (amount: number): number =>
            net.loss(
              weights.map((w, j) => (j === k ? w.map((v, n) => (n === i ? v + amount : v)) : w)),
              inputs,
              held,
            );
          return (at(1e-5) - at(-1e-5)) / 2e-5;
        });
        for (const [i, value] of expected.entries()) {
          expect(gradient[i], `weight ${k}, entry ${i}`).toBeCloseTo(value, 5);
          expect(unmeasured[k]![i]).toBeCloseTo(value, 5);
        }
      }
      for (const { name, gain, logNorm } of recorder.only().states) {
        for (let t = 1; t <= timesteps; t++) {
          if (held.has(t - 1))
            expect(gain[t - 1], `${name}, edge ${t}`).toBe(logNorm[t - 1] === -Infinity ? Number.NaN : 0);
          else if (logNorm[t - 1]! > -Infinity) expect(gain[t - 1], `${name}, edge ${t}`).toBeGreaterThan(0);
        }
        if (!returnSequences) {
          const reached = [...logNorm].map((v) => v > -Infinity);
          expect(reached).toEqual(reached.map((_, i) => i >= timesteps - truncate));
        }
      }
      expect(state(recorder.only(), "h").gain).toHaveLength(timesteps);
      x.dispose();
      model.dispose();
    });
  });

  it("also cuts what a masked timestep passes through", () => {
    const model = sequential();
    model.add(layers.masking({ maskValue: 0, inputShape: [timesteps, features] }));
    model.add(layers.lstm({ units, recurrentInitializer: "glorotUniform" }));
    const recorder = new KeepingRecorder();
    const instrumentation = instrument(model, recorder, { kernels, truncate: 2 });
    const x = tf.tidy(() =>
      tf.mul(tf.ones([samples, timesteps, features]), tf.tensor3d([1, 1, 1, 0, 0, 0, 1], [1, timesteps, 1])),
    );
    pass(model, (y) => tf.sum(y), x, instrumentation);
    const { gain, logNorm } = state(recorder.only(), "c");
    // Four timesteps are real. Back from the end: 7, the fourth, is real; 6 (masked) passes its gradient on, but not
    // into 5.
    expect(recorder.only().end).toBe(4);
    expect(logNorm[3]).toBeGreaterThan(-10);
    expect(gain[3]).toBe(0);
    expect([...logNorm.subarray(0, 3)]).toEqual([-Infinity, -Infinity, -Infinity]);
    expect(gain[2]).toBeNaN();
    instrumentation.remove();
    x.dispose();
    model.dispose();
  });
});

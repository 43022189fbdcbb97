/**
 * Made-up runs with the shape of real ones: a state gradient that decays by a gain per timestep, with noise over the
 * batch, and a horizon that grows (or not) while the loss falls (or not). For tests of the page only.
 */

import { defaultRules } from "../../../../src/config/resolveDiagnosis.ts";
import type { JsonPath } from "../../../../src/config/resolved.ts";
import type { Channel, Frame, Profile } from "../../../../src/protocol/frame.ts";
import type { Quantity } from "../../../../src/protocol/quantities.ts";
import {
  layerQuantities,
  modelQuantities,
  stateQuantities,
  weightQuantities,
} from "../../../../src/protocol/quantities.ts";
import type { Column, LayerInfo, RunInfo, StateName } from "../../../../src/protocol/run.ts";

export interface DemoOptions {
  readonly runId: string;
  readonly timesteps: number;
  /** Number of recurrent layers. */
  readonly recurrent: number;
  readonly type: "simpleRNN" | "lstm" | "externalMemory";
  readonly plannedSteps: number | null;
  /** Gain per timestep at the first step, and its limit. */
  readonly gain: readonly [number, number];
  /** Steps over which gain and loss change by half. */
  readonly halfLife: number;
  readonly clip: number | null;
  /** From this step on some of the values are NaN, infinite and zero. */
  readonly brokenFrom: number | null;
  /** Steps of an epoch. The model is tested after each epoch; null if nothing is kept for testing. */
  readonly testEvery: number | null;
  /** What measures the recurrent layers. */
  readonly method: "kernel" | "taps" | "own";
}

export const vanishingTanh: DemoOptions = {
  runId: "demo-1",
  timesteps: 100,
  recurrent: 1,
  type: "simpleRNN",
  plannedSteps: 2000,
  gain: [0.87, 0.962],
  halfLife: 350,
  clip: 1,
  brokenFrom: null,
  testEvery: null,
  method: "kernel",
};

/** Same numbers in every test. Mulberry32, as published by Tommy Ettinger in the public domain. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

function layersOf(o: DemoOptions): readonly LayerInfo[] {
  const lstm = o.type !== "simpleRNN";
  const base = { simpleRNN: "simple_rnn", lstm: "lstm", externalMemory: "external_memory" }[o.type];
  const byType: { readonly [T in DemoOptions["type"]]: readonly StateName[] } = {
    simpleRNN: ["h"],
    lstm: ["h", "c"],
    externalMemory: ["h", "c", "m"],
  };
  const states = byType[o.type];
  const path = (i: number): JsonPath => ["models", "tanh", "layers", i];
  const recurrent = Array.from(
    { length: o.recurrent },
    (_, i): LayerInfo => ({
      name: i === 0 ? base : `${base}_${i}`,
      type: o.type,
      path: path(i),
      weights: ["kernel", "recurrent_kernel", "bias"],
      activation: null,
      gateActivation: null,
      width: null,
      symmetry: null,
      recurrent: {
        timesteps: o.timesteps,
        units: 64,
        states,
        gates: lstm ? ["input", "forget", "output"] : [],
        reversed: false,
        method: o.method,
        floor: null,
      },
    }),
  );
  return [
    ...recurrent,
    {
      name: "dense",
      type: "dense",
      path: path(o.recurrent),
      weights: ["kernel", "bias"],
      activation: null,
      gateActivation: null,
      width: null,
      symmetry: null,
      recurrent: null,
    },
  ];
}

function columnsOf(layers: readonly LayerInfo[], tested: boolean): readonly Column[] {
  const model: readonly Quantity[] = tested ? [...modelQuantities, "testLoss"] : modelQuantities;
  const columns: Column[] = model.map((quantity) => ({ quantity, layer: null, name: null }));
  layers.forEach((info, layer) => {
    for (const quantity of layerQuantities) columns.push({ quantity, layer, name: null });
    for (const name of info.weights) for (const quantity of weightQuantities) columns.push({ quantity, layer, name });
    for (const name of info.recurrent?.states ?? [])
      for (const quantity of stateQuantities) columns.push({ quantity, layer, name });
  });
  return columns;
}

export function demoInfo(o: DemoOptions): RunInfo {
  const layers = layersOf(o);
  return {
    runId: o.runId,
    kind: o.plannedSteps === null ? "probe" : "train",
    config: "/workspace/adding-problem/gradlens.json",
    model: "tanh",
    modelPath: ["models", "tanh"],
    layers,
    columns: columnsOf(layers, o.testEvery !== null),
    plannedSteps: o.plannedSteps,
    batchSize: 32,
    parameters: 4353,
    backend: {
      name: "wasm",
      label: "WASM, 2 threads",
      rejected: [{ name: "tensorflow", reason: "tfjs-node is not installed" }],
    },
    dataWarnings: [],
    fromLogits: false,
    baselineLoss: 0.167,
    requiredLag: o.timesteps - 1,
    requiredLagSource: "task",
    data: null,
    diagnosis: {
      requiredLag: null,
      rules: defaultRules,
    },
    clip: { value: null, norm: null, globalNorm: o.clip },
    trainingPath: ["training"],
  };
}

/** Share of the logarithm of h's gain that a state has: c and M carry the gradient farther. */
const endurance: { readonly [S in StateName]: number } = { h: 1, c: 0.6, m: 0.1 };

/** Frames of a run, one step each. */
export class DemoRun {
  readonly info: RunInfo;
  readonly #options: DemoOptions;
  readonly #random = randomNumbers(7);
  #step = 0;
  #seq = 0;

  constructor(options: DemoOptions) {
    this.#options = options;
    this.info = demoInfo(options);
  }

  #noise(size: number): number {
    return (this.#random() + this.#random() + this.#random() - 1.5) * size;
  }

  /** The next `steps` steps in one frame, as the engine coalesces them. */
  frame(steps = 1): Frame {
    const width = this.info.columns.length;
    const rows = new Float64Array(steps * width);
    const numbers = new Float64Array(steps);
    let profiles: readonly Profile[] = [];
    for (let i = 0; i < steps; i++) {
      this.#step++;
      numbers[i] = this.#step;
      const learnt = 1 - 0.5 ** (this.#step / this.#options.halfLife);
      rows.set(this.#row(learnt), i * width);
      if (i === steps - 1) profiles = this.#profiles(learnt);
    }
    this.#seq++;
    return { runId: this.info.runId, seq: this.#seq, steps: numbers, rows, profiles };
  }

  #gain(learnt: number, layer: number): number {
    const [from, to] = this.#options.gain;
    return (from + (to - from) * learnt) ** (1 + 0.35 * layer);
  }

  #row(learnt: number): Float64Array {
    const { timesteps, clip, brokenFrom, testEvery } = this.#options;
    const norm = 0.9 * 10 ** (this.#noise(0.35) - learnt * 0.4 + (this.#step % 97 === 0 ? 0.9 : 0));
    const clipped = clip === null ? norm : Math.min(norm, clip);
    const broken = brokenFrom !== null && this.#step >= brokenFrom && this.#step % 11 === 0;
    const value = (c: Column): number => {
      const layer = c.layer ?? 0;
      const share = { kernel: 0.3, recurrent_kernel: 0.9, bias: 0.2 }[c.name ?? ""] ?? 1;
      const gain = this.#gain(learnt, layer) ** (c.name === "c" || c.name === "m" ? endurance[c.name] : 1);
      const byQuantity: { readonly [Q in Quantity]: () => number } = {
        loss: () =>
          broken
            ? Number.NaN
            : 0.167 + 0.3 * 0.5 ** (this.#step / 12) - 0.16 * Math.max(0, learnt - 0.4) + this.#noise(0.02),
        gradientNorm: () => norm,
        clippedGradientNorm: () => clipped,
        milliseconds: () => 4.9 + this.#noise(0.4),
        learningRate: () => 0.001,
        testLoss: () => (this.#step % (testEvery ?? Number.NaN) === 0 ? 0.25 + this.#step / 10_000 : Number.NaN),
        testAccuracy: () => Number.NaN,
        metric: () => Number.NaN,
        testMetric: () => Number.NaN,
        stableRate: () => Number.NaN,
        penalty: () => Number.NaN,
        weightNorm: () => 8 * share,
        weightGradientNorm: () => norm * share,
        weightClippedGradientNorm: () => clipped * share,
        weightUpdateRatio: () => 1.3e-3 * 10 ** this.#noise(0.2) * (1 - 0.5 * learnt),
        weightGradientZeros: () => 0,
        weightNonFinite: () => 0,
        outputGradientNorm: () => norm / (layer + 1),
        activationMean: () => this.#noise(0.01),
        activationStd: () => 0.4,
        activationDead: () => 0,
        activationSaturated: () =>
          this.info.layers[layer]?.recurrent === null ? Number.NaN : 0.04 + 0.1 * learnt + this.#noise(0.01),
        activationNonFinite: () => 0,
        stateNonFiniteFrom: () => 0,
        horizon: () => Math.min(timesteps - 1, Math.floor(-2 / Math.log10(gain) + this.#noise(3))),
        survival: () => timesteps * Math.log10(gain),
        attenuation: () => timesteps * Math.log10(gain),
        meanGain: () => gain,
        stateNonFinite: () => 0,
      };
      return byQuantity[c.quantity]();
    };
    return Float64Array.from(this.info.columns, value);
  }

  #profiles(learnt: number): readonly Profile[] {
    const profiles: Profile[] = [];
    const { timesteps, brokenFrom } = this.#options;
    const add = (layer: number, channel: Channel, at: (t: number) => number): void => {
      const values = Float64Array.from({ length: timesteps }, (_, i) => at(i + 1));
      profiles.push({ layer, channel, values, max: values });
    };
    const broken = brokenFrom !== null && this.#step >= brokenFrom;
    this.info.layers.forEach((info, layer) => {
      if (info.recurrent === null) return;
      for (const state of info.recurrent.states) {
        const gain = this.#gain(learnt, layer) ** endurance[state];
        const slope = Math.log10(gain);
        const level = -1.2 - layer * 0.6 + this.#noise(0.15);
        const wave = this.#noise(0.4);
        const curve = Float64Array.from({ length: timesteps }, (_, i) => {
          const back = timesteps - 1 - i;
          return level + slope * back + wave * Math.sin(back / 13) + this.#noise(0.12);
        });
        add(layer, `${state}.logNorm`, (t) => {
          if (broken && t <= timesteps * 0.2) return Number.NEGATIVE_INFINITY;
          if (broken && t <= timesteps * 0.4) return Number.NaN;
          if (broken && t <= timesteps * 0.5) return Number.POSITIVE_INFINITY;
          return curve[t - 1]!;
        });
        add(layer, `${state}.p10`, (t) => curve[t - 1]! - 1.3 - 0.006 * (timesteps - t));
        add(layer, `${state}.p50`, (t) => curve[t - 1]! - 0.8);
        add(layer, `${state}.p90`, (t) => curve[t - 1]! - 0.35 + 0.003 * (timesteps - t));
        add(layer, `${state}.gain`, () => gain * 10 ** this.#noise(0.04));
        add(layer, `${state}.nonFinite`, () => 0);
      }
      add(layer, "logContribution", (t) => -2 - (timesteps - t) * 0.06 + this.#noise(0.2));
      for (const gate of info.recurrent.gates) {
        add(layer, `gate.${gate}.low`, (t) => 0.2 + 0.15 * Math.sin(t / 9) + this.#noise(0.04));
        add(layer, `gate.${gate}.high`, (t) => 0.4 + 0.3 * learnt + 0.1 * Math.cos(t / 11) + this.#noise(0.04));
      }
      if (info.recurrent.gates.length > 0) add(layer, "timescale", () => 3 + 12 * learnt + this.#noise(0.5));
    });
    return profiles;
  }
}

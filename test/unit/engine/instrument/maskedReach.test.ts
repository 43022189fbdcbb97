/** The gradient has no path through padding: figures of masked sequences are those of their real timesteps. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { reduceState } from "../../../../src/diagnosis/throughTime.ts";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { type KernelSource, kernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { RealTimesteps } from "../../../../src/engine/instrument/realTimesteps.ts";
import { mergePasses } from "../../../../src/engine/measure/sequences.ts";
import type { SequenceMeasurement } from "../../../../src/engine/recording/recorder.ts";
import { sampled } from "../../../budget.ts";
import { useBackend } from "./backends.ts";
import { KeepingRecorder, pass, state } from "./support.ts";

const features = 2;
const real = 12;
const padded = 60;

type Kind = "simpleRNN" | "gru" | "lstm";
interface Net {
  readonly kind: Kind;
  readonly returnSequences: boolean;
  readonly goBackwards?: boolean;
}

const plain = { recurrentInitializer: "glorotUniform", kernelInitializer: "glorotUniform" } as const;
/** What currently runs the layers; null: tfjs's loop, with taps. */
let source: KernelSource | null = null;
const weightsOf = new Map<string, tf.Tensor[]>();

/** A net with one recurrent layer, always with the same weights; masked or not. */
function netOf({ kind, returnSequences, goBackwards = false }: Net, timesteps: number, masked: boolean): LayersModel {
  const model = sequential();
  if (masked) model.add(layers.masking({ maskValue: 0, inputShape: [timesteps, features] }));
  const args = { ...plain, units: 5, returnSequences, goBackwards };
  model.add(layers[kind](masked ? args : { ...args, inputShape: [timesteps, features] }));
  const known = weightsOf.get(kind);
  if (known) model.setWeights(known);
  else
    weightsOf.set(
      kind,
      model.getWeights().map((w) => tf.keep(w.clone())),
    );
  return model;
}

function measured(model: LayersModel, x: tf.Tensor, lossOf: (y: tf.Tensor) => tf.Scalar): SequenceMeasurement {
  const recorder = new KeepingRecorder();
  const instrumentation = instrument(model, recorder, { kernels: source });
  pass(model, lossOf, x, instrumentation);
  instrumentation.remove();
  return recorder.only();
}

const random = createRandom(3);
const sequence = (n: number): number[][] =>
  Array.from({ length: n }, () => Array.from({ length: features }, () => random.normal()));
const zeros = (n: number): number[][] => Array.from({ length: n }, () => new Array<number>(features).fill(0));
const tensor = (samples: number[][][]): tf.Tensor => tf.tensor3d(samples);

function alike(actual: Float64Array, expected: Float64Array, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  for (const [i, v] of expected.entries()) {
    if (Number.isFinite(v)) expect(Math.abs(actual[i]! - v), `${what}, ${i}`).toBeLessThan(1e-4 * (1 + Math.abs(v)));
    else expect(actual[i], `${what}, ${i}`).toEqual(v);
  }
}

const nets: readonly (readonly [string, Net])[] = (["simpleRNN", "gru", "lstm"] as const).flatMap((kind) => [
  [`${kind}, last output`, { kind, returnSequences: false }],
  [`${kind}, every output`, { kind, returnSequences: true }],
  [`${kind}, read backwards`, { kind, returnSequences: false, goBackwards: true }],
]);

const methods = ["taps", "kernels"] as const;
const cases = methods.flatMap((method) => nets.map(([name, net]) => [`${name}, ${method}`, net, method] as const));

// In CI each kind of layer and each kind of output, in one of the two ways; in the quick tier, half of these.
const some = sampled(cases, 8, 0, 4).map((each, i) => [...each, i] as const);
describe.each(some)("%s", (_, net, method, at) => {
  beforeAll(async () => {
    await useBackend("wasm");
    const loaded = method === "kernels" ? await kernelSource() : null;
    if (loaded && "reason" in loaded) throw new Error(loaded.reason);
    source = loaded;
  });

  /** A loss over real timesteps only, like a masked loss: those of `x`, whatever surrounds them. */
  const lossOver = (from: number, to: number) => (y: tf.Tensor) =>
    tf.sum<tf.Scalar>(tf.square(y.rank === 2 ? y : tf.slice(y, [0, from], [-1, to - from])));

  const places = [
    ["at the end", 0],
    ["at the start", padded - real],
    ["at both ends", 20],
  ] as const;
  it.each(sampled(places, 3, at))("12 timesteps padded to 60 %s have the same figures as the 12", (_, before) => {
    const samples = [sequence(real), sequence(real), sequence(real)];
    const bare = measured(netOf(net, real, false), tensor(samples), lossOver(0, real));
    const from = net.goBackwards && net.returnSequences ? padded - before - real : before;
    const whole = measured(
      netOf(net, padded, true),
      tensor(samples.map((s) => [...zeros(before), ...s, ...zeros(padded - real - before)])),
      lossOver(from, from + real),
    );
    expect([whole.timesteps, whole.end]).toEqual([padded, real]);
    const cut = mergePasses([whole], real)!;
    for (const { name } of bare.states) {
      const [a, b] = [state(cut, name), state(bare, name)];
      alike(a.logNorm, b.logNorm, `${name}.logNorm`);
      alike(a.gain, b.gain, `${name}.gain`);
      const [reduced, expected] = [reduceState(a.logNorm, a.gain, 0.01), reduceState(b.logNorm, b.gain, 0.01)];
      expect(reduced.horizon).toBe(expected.horizon);
      expect(reduced.survival).toBeCloseTo(expected.survival, 4);
      // The unshortened profile with its empty end says the same.
      const long = state(whole, name);
      expect(reduceState(long.logNorm, long.gain, 0.01).horizon).toBe(expected.horizon);
    }
    alike(cut.logContribution!, bare.logContribution!, "contribution");
    for (const [g, gate] of bare.gates.entries()) {
      alike(cut.gates[g]!.low, gate.low, `${gate.name} low`);
      alike(cut.gates[g]!.high, gate.high, `${gate.name} high`);
    }
    if (bare.timescale) alike(cut.timescale!, bare.timescale, "timescale");
  });

  it("sequences of several lengths are aligned at their ends", () => {
    const lengths = [9, 4, 12, 1];
    const samples = lengths.map(sequence);
    const parts = samples.map((s) => measured(netOf(net, s.length, false), tensor([s]), lossOver(0, s.length)));
    const x = tensor(samples.map((s) => [...s, ...zeros(padded - s.length)]));
    const mask = tf.tensor2d(lengths.map((n) => Array.from({ length: padded }, (_, t) => (t < n ? 1 : 0))));
    const whole = measured(netOf(net, padded, true), x, (y) =>
      tf.sum<tf.Scalar>(tf.square(y.rank === 2 ? y : tf.mul(y, tf.expandDims(mask, -1)))),
    );
    const cut = mergePasses([whole], 12)!;
    for (const { name, logNorm, gain } of cut.states) {
      for (let k = 0; k < 12; k++) {
        const here = parts.flatMap((part, b) => {
          const t = k - (12 - lengths[b]!);
          const own = state(part, name);
          return t < 0
            ? []
            : [{ norm: 10 ** own.logNorm[t]!, sent: own.gain[t]! * 10 ** own.logNorm[t]!, first: t === 0 }];
        });
        expect(logNorm[k]).toBeCloseTo(Math.log10(Math.hypot(...here.map((h) => h.norm))), 4);
        const going = here.filter((h) => !h.first || k === 0);
        const expected = Math.hypot(...going.map((h) => h.sent)) / Math.hypot(...going.map((h) => h.norm));
        expect(gain[k]! / expected).toBeCloseTo(1, 3);
      }
    }
  });
});

describe("real timesteps", () => {
  it("follow one another, whatever is masked in between, and end together", () => {
    const mask = [1, 0, 1, 0, 1, 1, 1, 1];
    const places = new RealTimesteps(mask, 2, false);
    expect(places.longest).toBe(4);
    expect([1, 2, 3, 4].map((t) => places.place(t, 0))).toEqual([2, -1, 3, -1]);
    expect([1, 2, 3, 4].map((t) => places.place(t, 1))).toEqual([0, 1, 2, 3]);
    const backwards = new RealTimesteps(mask, 2, true);
    expect([1, 2, 3, 4].map((t) => backwards.place(t, 0))).toEqual([-1, 2, -1, 3]);
  });

  it("may be none", () => {
    const places = new RealTimesteps([0, 0], 1, false);
    expect([places.longest, places.placeInLongest(1)]).toEqual([0, -1]);
  });
});

/** Random recurrent layers: kernels against taps, and against tfjs's own loop on its CPU backend. */

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";
import fc from "fast-check";
import { beforeAll, expect, it, vi } from "vitest";
import { givesShares } from "../../../../src/config/activations.ts";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { type KernelSource, kernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { measuredLayers } from "../../../../src/engine/instrument/measuredLayers.ts";
import { ResetAfterGRU } from "../../../../src/engine/layers/resetAfterGru.ts";
import { profiles } from "../../../../src/engine/measure/sequences.ts";
import "../../../../src/engine/layers/activations.ts";
import { budget } from "../../../budget.ts";
import { alike, distance, tolerance } from "./alike.ts";
import { useBackend } from "./backends.ts";
import { KeepingRecorder, pass } from "./support.ts";

beforeAll(() => useBackend("cpu"));

const few = (max: number) => fc.integer({ min: 1, max });
const share = fc.constantFrom(0, 0, 0.3, 0.5);

const cases = fc
  .record({
    kind: fc.constantFrom("simpleRNN", "lstm", "gru", "resetAfter", "stack" as const),
    batch: few(10),
    timesteps: few(9),
    inputs: few(4),
    units: few(9),
    activation: fc.constantFrom(
      ...(["tanh", "relu", "sigmoid", "linear", "elu", "softsign", "softplus", "selu"] as const),
      ...(["gelu", "gelu_new", "swish", "mish", "hardSwish", "leakyRelu", "hardSigmoid6", "relu6"] as const),
    ),
    recurrentActivation: fc.constantFrom(
      ...(["sigmoid", "sigmoid", "hardSigmoid", "hardSigmoid6", "gelu", "swish", "hardSwish"] as const),
    ),
    useBias: fc.boolean(),
    dropout: share,
    recurrentDropout: share,
    returnSequences: fc.boolean(),
    direction: fc.constantFrom("forward" as const, "backward" as const, "concat" as const, "sum" as const),
    padding: fc.constantFrom(null, "behind" as const, "in front" as const, "anywhere" as const),
    // tfjs takes 0 for no seed.
    seed: fc.integer({ min: 1, max: 1e6 }),
  })
  // tfjs makes no bidirectional layer of a stack.
  .filter(({ kind, direction }) => kind !== "stack" || direction === "forward" || direction === "backward")
  // Gates without a limit amplify a state, and its rounding, at every timestep.
  .map((c) => (givesShares(c.recurrentActivation) ? c : { ...c, timesteps: Math.min(c.timesteps, 4) }));
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function model(c: Case): LayersModel {
  const { kind, direction, ...rest } = c;
  const recurrentActivation = c.recurrentActivation as "sigmoid";
  const { units, activation, useBias, dropout, recurrentDropout, returnSequences } = rest;
  const args = {
    ...{ units, useBias, dropout, recurrentDropout, returnSequences },
    activation: activation as "tanh",
    recurrentInitializer: "glorotUniform" as const,
    goBackwards: direction === "backward",
  };
  const made = {
    simpleRNN: () => layers.simpleRNN(args),
    lstm: () => layers.lstm({ ...args, recurrentActivation }),
    gru: () => layers.gru({ ...args, recurrentActivation }),
    resetAfter: () => new ResetAfterGRU({ ...args, recurrentActivation }),
    stack: () =>
      layers.rnn({
        ...{ returnSequences, goBackwards: args.goBackwards },
        cell: [
          layers.lstmCell({ ...args, recurrentActivation }),
          layers.simpleRNNCell({ ...args, units: units + 1 }),
          layers.gruCell({ ...args, recurrentActivation }),
        ],
      }),
  }[kind]();
  const result = sequential();
  // Without padding no value is zero, and the mask hides nothing.
  const inputShape = [c.timesteps, c.inputs];
  if (c.padding) result.add(layers.masking({ maskValue: 0, inputShape }));
  const both = direction === "concat" || direction === "sum";
  result.add(
    both
      ? layers.bidirectional({ layer: made, mergeMode: direction, ...(c.padding ? {} : { inputShape }) })
      : c.padding
        ? made
        : withShape(made, inputShape),
  );
  result.add(layers.dense({ units: 1 }));
  result.setWeights(
    result.getWeights().map((weight, i) => tf.randomUniform(weight.shape, -0.8, 0.8, "float32", c.seed + i)),
  );
  return result;
}

function withShape(layer: layers.Layer, inputShape: number[]): layers.Layer {
  layer.batchInputShape = [null, ...inputShape];
  return layer;
}

function inputs({ batch, timesteps, inputs: D, padding, seed }: Case): tf.Tensor {
  const { uniform } = createRandom(seed);
  const real = (b: number, t: number, length: number): boolean => {
    if (padding === "anywhere") return b === 0 || uniform() < 0.6;
    return padding === "behind" ? t < length : t >= timesteps - length;
  };
  const values = Array.from({ length: batch }, (_, b) => {
    const length = b === 0 || !padding ? timesteps : Math.floor(uniform() * (timesteps + 1));
    return Array.from({ length: timesteps }, (_, t) => {
      const here = !padding || real(b, t, length);
      return Array.from({ length: D }, () => (here ? 0.1 + uniform() : 0));
    });
  });
  return tf.tensor3d(values, [batch, timesteps, D]);
}

it("are the same in the kernels, through taps and in tfjs", async () => {
  const source = await kernelSource();
  if ("reason" in source) throw new Error(source.reason);
  fc.assert(
    fc.property(cases, (c) => {
      const built = model(c);
      const x = inputs(c);
      const loss = (y: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(y, 1)));
      const seeded = <T>(run: () => T): T => {
        const random = vi.spyOn(Math, "random").mockImplementation(createRandom(c.seed + 1).uniform);
        try {
          return run();
        } finally {
          random.mockRestore();
        }
      };
      const measure = (kernels: KernelSource | null) => {
        const recorder = new KeepingRecorder();
        const instrumentation = instrument(built, recorder, { kernels });
        const result = seeded(() => pass(built, loss, x, instrumentation));
        instrumentation.remove();
        return { ...result, sequences: recorder.sequences };
      };
      const fused = measure(source);
      const tapped = measure(null);
      // Gates without a limit may let the state grow beyond float32.
      const allFinite = ({ loss, gradients }: Pick<typeof tapped, "loss" | "gradients">): boolean =>
        Number.isFinite(loss) && gradients.every((values) => values.every(Number.isFinite));
      const finite = allFinite(tapped);
      if (!finite) {
        tf.dispose(x);
        built.dispose();
      }
      fc.pre(finite);
      expect(measuredLayers(built).filter(({ cell }) => cell && "reason" in cell.kernel)).toEqual([]);
      // tfjs's own gradients are not scaled, so they overflow first.
      const plain = c.padding ? [] : [seeded(() => pass(built, loss, x))].filter(allFinite);
      const references = [tapped, ...plain];
      for (const reference of references) {
        expect(Math.abs(fused.loss - reference.loss)).toBeLessThan(tolerance * Math.max(1e-3, reference.loss));
        const whole = Float32Array.from(reference.gradients.flatMap((gradient) => [...gradient]));
        const own = Float32Array.from(fused.gradients.flatMap((gradient) => [...gradient]));
        expect(distance(own, whole)).toBeLessThan(tolerance);
      }
      for (const [i, { layer, measurement }] of fused.sequences.entries()) {
        const expected = profiles(layer, tapped.sequences[i]!.measurement);
        for (const [k, { channel, values }] of profiles(layer, measurement).entries()) {
          // With masks, taps see one matrix for all samples, wherever a timestep is in their sequences.
          if (channel === "logContribution" && c.padding) continue;
          // A gate at its limit, or a gain of values that cancel, may lie on either side of it.
          if (/\.(low|high)$/.test(channel)) continue;
          const normsOf = (state: string) => expected.find((p) => p.channel === `${state}.logNorm`)?.values;
          const norms = normsOf(channel[0] ?? "");
          const sources = channel.startsWith("c.") ? normsOf("h") : undefined;
          if (norms && /\.p\d0$/.test(channel)) {
            // A sample's gradient may be a small rest of what cancels: it is compared with that of the whole batch.
            for (const [t, v] of values.entries()) {
              const apart = Math.abs(10 ** v - 10 ** expected[k]!.values[t]!);
              const size = Math.max(norms[t]!, sources?.[t] ?? -Infinity);
              if (apart > 0) expect(apart).toBeLessThan(tolerance * 10 ** size);
            }
            continue;
          }
          if (channel === "timescale") {
            // 1/(1 − f), whose f may be close to 1.
            const kept = (times: Float64Array) => times.map((time) => 1 / time);
            for (const [t, v] of kept(values).entries()) {
              const truth = kept(expected[k]!.values)[t]!;
              // A gate without limits that leaves 0 to 1 keeps no share, so there is no time-scale to compare.
              if (truth < 0 || truth > 1) continue;
              expect(Math.abs(v - truth)).toBeLessThan(tolerance);
            }
            continue;
          }
          alike(values, expected[k]!.values, channel, channel.endsWith(".gain") ? norms : undefined, sources);
        }
      }
      tf.dispose(x);
      built.dispose();
    }),
    { numRuns: budget(4, 1000, 10) },
  );
});

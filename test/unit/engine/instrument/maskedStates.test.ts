/** A masked layer that begins with another layer's states: kernels against taps in tfjs's own loop. */

import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { type KernelSource, kernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { profiles } from "../../../../src/engine/measure/sequences.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { type BuiltModel, weightsOf } from "../../../../src/engine/model/builtModel.ts";
import { forward, packed } from "../../../../src/engine/model/forward.ts";
import { budget } from "../../../budget.ts";
import { entries } from "../entries.ts";
import { alike, distance, tolerance } from "./alike.ts";
import { useBackend } from "./backends.ts";
import { KeepingRecorder } from "./support.ts";

beforeAll(() => useBackend("wasm"));

const [read, written, features, units] = [4, 6, 2, 3];

const cases = fc.record({
  kind: fc.constantFrom("simpleRNN", "lstm", "gru", "resetAfter" as const),
  batch: fc.integer({ min: 1, max: 10 }),
  returnSequences: fc.boolean(),
  recurrentDropout: fc.constantFrom(0, 0.3),
  padding: fc.constantFrom("behind" as const, "in front" as const, "anywhere" as const),
  // tfjs takes 0 for no seed.
  seed: fc.integer({ min: 1, max: 1e6 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

function build({ kind, returnSequences, recurrentDropout, seed }: Case): BuiltModel {
  const gates = { recurrentActivation: "sigmoid" };
  const layer = {
    simpleRNN: { type: "simpleRNN", units },
    lstm: { type: "lstm", units, ...gates },
    gru: { type: "gru", units, ...gates },
    resetAfter: { type: "gru", units, ...gates, resetAfter: true },
  }[kind];
  const states = kind === "lstm" ? ["encoder.h", "encoder.c"] : ["encoder.h"];
  const built = buildModel(
    entries(
      { ...layer, recurrentDropout, name: "encoder", inputs: ["source"] },
      { type: "masking", name: "hidden", inputs: ["words"] },
      { ...layer, recurrentDropout, name: "decoder", inputs: ["hidden"], initialState: states, returnSequences },
      { type: "dense", units: 1, name: "out", inputs: ["decoder"] },
      { type: "dense", units: 1, name: "more", inputs: ["encoder"] },
    ),
    [
      { name: "source", shape: [read, features] },
      { name: "words", shape: [written, features] },
    ],
    seed,
    ["out", "more"],
  );
  if (Array.isArray(built)) throw new Error(JSON.stringify(built));
  for (const [i, { variable }] of built.layers.flatMap(weightsOf).entries())
    tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 0.7, "float32", seed + i)));
  return built;
}

function words({ batch, padding, seed }: Case): tf.Tensor {
  const { uniform } = createRandom(seed);
  return tf.tensor3d(
    Array.from({ length: batch }, () => {
      const length = Math.floor(uniform() * (written + 1));
      return Array.from({ length: written }, (_, t) => {
        const real =
          padding === "anywhere" ? uniform() < 0.6 : padding === "behind" ? t < length : t >= written - length;
        return Array.from({ length: features }, () => (real ? 0.1 + uniform() : 0));
      });
    }),
    [batch, written, features],
  );
}

it("agree in losses, gradients and figures, wherever the padding is", async () => {
  const source = await kernelSource();
  if ("reason" in source) throw new Error(source.reason);
  fc.assert(
    fc.property(cases, (c) => {
      // Each in a fresh model, so that dropout repeats its draws.
      const measure = (kernels: KernelSource | null) => {
        const built = build(c);
        const xs = [tf.randomNormal([c.batch, read, features], 0, 1, "float32", c.seed), words(c)];
        const given = tf.tidy(() => packed(xs));
        const recorder = new KeepingRecorder();
        const instrumentation = instrument(built.model, recorder, { kernels });
        const variables = built.layers.flatMap(weightsOf).map(({ variable }) => variable);
        const { value, grads } = instrumentation.measure(() =>
          tf.variableGrads(
            () => tf.sum<tf.Scalar>(tf.square(forward(built.model, given, true))),
            [...variables, instrumentation.probe],
          ),
        );
        const result = {
          loss: value.dataSync()[0]!,
          gradients: Float32Array.from(variables.flatMap((v) => [...grads[v.name]!.dataSync()])),
          sequences: recorder.sequences.toSorted((a, b) => a.layer - b.layer),
        };
        instrumentation.remove();
        tf.dispose([value, grads, xs, given]);
        built.dispose();
        return result;
      };
      const [fused, tapped] = [measure(source), measure(null)];
      expect(Math.abs(fused.loss - tapped.loss)).toBeLessThan(tolerance * Math.max(1e-3, tapped.loss));
      expect(distance(fused.gradients, tapped.gradients)).toBeLessThan(tolerance);
      expect(fused.sequences.map(({ layer }) => layer)).toEqual(tapped.sequences.map(({ layer }) => layer));
      for (const [i, { layer, measurement }] of fused.sequences.entries()) {
        const expected = profiles(layer, tapped.sequences[i]!.measurement);
        for (const { channel, values } of profiles(layer, measurement)) {
          // The rest are compared for random layers (randomLayers.test.ts).
          if (!/\.(logNorm|gain)$/.test(channel)) continue;
          const norms = expected.find((p) => p.channel === `${channel[0]}.logNorm`)?.values;
          const truth = expected.find((p) => p.channel === channel)!.values;
          alike(values, truth, channel, channel.endsWith(".gain") ? norms : undefined);
        }
      }
    }),
    { numRuns: budget(3, 500, 8) },
  );
});

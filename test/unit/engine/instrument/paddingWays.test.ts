/**
 * The same sequences fed in several ways: as they are, padded behind, padded in front, and padded at both ends, each with
 * a mask. Every figure of every timestep is the same, in stacks, in both directions, and with dropout.
 */

import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { type KernelSource, kernelSource } from "../../../../src/engine/instrument/kernelSource.ts";
import { mergePasses, profiles } from "../../../../src/engine/measure/sequences.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { budget } from "../../../budget.ts";
import { entries, type LayerLine } from "../entries.ts";
import { alike, distance, tolerance } from "./alike.ts";
import { useBackend } from "./backends.ts";
import { KeepingRecorder, pass } from "./support.ts";

let source: KernelSource;
beforeAll(async () => {
  await useBackend("wasm");
  const loaded = await kernelSource();
  if ("reason" in loaded) throw new Error(loaded.reason);
  source = loaded;
});

const features = 2;
const few = (max: number) => fc.integer({ min: 1, max });
const kinds = ["simpleRNN", "lstm", "peepholes", "gru", "resetAfter"] as const;
const net = fc.record({
  kind: fc.constantFrom(...kinds),
  units: few(5),
  dropout: fc.constantFrom(0, 0.3),
  recurrentDropout: fc.constantFrom(0, 0.3),
  form: fc.constantFrom("plain", "backward", "bidirectional", "stacked cells" as const),
});

const cases = fc.record({
  /** From the input to the output. */
  nets: fc.array(net, { minLength: 1, maxLength: 2 }),
  batch: few(10),
  longest: fc.integer({ min: 2, max: 8 }),
  /** Whether all sequences are as long as the longest; only these can be fed without padding. */
  equal: fc.boolean(),
  before: few(4),
  behind: few(4),
  tapped: fc.boolean(),
  // tfjs takes 0 for no seed.
  seed: fc.integer({ min: 1, max: 1e6 }),
});
type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never;

/**
 * A layer that reads backwards gives its sequence in reading order, with the mask in the order of the data, as in Keras:
 * only the last layer may do that.
 */
function formOf(form: Case["nets"][number]["form"], last: boolean): Case["nets"][number]["form"] {
  return form === "backward" && !last ? "plain" : form;
}

function lineOf(
  { kind, units, dropout, recurrentDropout, form }: Case["nets"][number],
  returnSequences: boolean,
): LayerLine {
  const common = { units, dropout, recurrentDropout };
  const gates = { recurrentActivation: "sigmoid" };
  const [type, args] = {
    simpleRNN: ["simpleRNN", common] as const,
    lstm: ["lstm", { ...common, ...gates }] as const,
    peepholes: ["lstm", { ...common, ...gates, peepholes: true }] as const,
    gru: ["gru", { ...common, ...gates }] as const,
    resetAfter: ["gru", { ...common, ...gates, resetAfter: true }] as const,
  }[kind];
  if (form === "bidirectional") return { type: "bidirectional", layer: { type, ...args, returnSequences } };
  if (form === "plain" || form === "backward")
    return { type, ...args, returnSequences, goBackwards: form === "backward" };
  return {
    type: "rnn",
    returnSequences,
    cell: [
      { type: "lstmCell", units: 3 },
      { type: `${type}Cell`, ...args },
    ],
  };
}

interface Sequences {
  /** Values of each sample's real timesteps. */
  readonly rows: readonly (readonly number[][])[];
  readonly masked: boolean;
  /** Length of a sample, and the number of padded timesteps before its real ones. */
  readonly timesteps: number;
  before(sample: number): number;
}

function measure({ nets, longest, tapped, seed }: Case, { rows, masked, timesteps, before }: Sequences) {
  const lines = nets.map((each, i) => {
    const last = i === nets.length - 1;
    return lineOf({ ...each, form: formOf(each.form, last) }, !last);
  });
  const built = buildModel(
    // Equal seeds and places give equal dropout, whatever the length.
    entries(masked ? { type: "masking" } : { type: "activation", activation: "linear" }, ...lines, {
      type: "dense",
      units: 1,
    }),
    [timesteps, features],
    seed,
  );
  if (Array.isArray(built)) throw new Error(JSON.stringify(built));
  const { model } = built;
  model.setWeights(model.getWeights().map((w, i) => tf.randomUniform(w.shape, -0.8, 0.8, "float32", seed + i)));
  const empty = new Array<number>(features).fill(0);
  const x = tf.tensor3d(
    rows.map((own, b) => {
      const from = before(b);
      return Array.from({ length: timesteps }, (_, t) => own[t - from] ?? empty);
    }),
  );
  const recorder = new KeepingRecorder();
  const instrumentation = instrument(model, recorder, { kernels: tapped ? null : source });
  const { loss, gradients } = pass(model, (y) => tf.mean(tf.square(tf.sub(y, 1))), x, instrumentation);
  const figures = recorder.sequences
    .toSorted((a, b) => a.layer - b.layer)
    .flatMap(({ measurement }, i) => profiles(i, mergePasses([measurement], longest)!));
  instrumentation.remove();
  x.dispose();
  built.dispose();
  return { loss, gradients: Float32Array.from(gradients.flatMap((values) => [...values])), figures };
}

it("give the same loss, gradients and figures of every timestep", () => {
  fc.assert(
    fc.property(cases, (c) => {
      const { longest, equal, before, behind, seed } = c;
      const { uniform } = createRandom(seed);
      const lengths = Array.from({ length: c.batch }, (_, b) =>
        equal || b === 0 ? longest : 1 + Math.floor(uniform() * longest),
      );
      const rows = lengths.map((n) =>
        Array.from({ length: n }, () => Array.from({ length: features }, () => 0.1 + uniform())),
      );
      const padded = { rows, masked: true, timesteps: longest + before + behind };
      const whole = { rows, masked: false, timesteps: longest, before: () => 0 };
      const reference = measure(c, { ...padded, before: () => 0 });
      const others = [
        ...(equal ? [measure(c, whole)] : []),
        measure(c, { ...padded, before: (b) => padded.timesteps - lengths[b]! }),
        measure(c, { ...padded, before: () => before }),
      ];
      for (const { loss, gradients, figures } of others) {
        expect(Math.abs(loss - reference.loss)).toBeLessThan(tolerance * Math.max(1e-3, reference.loss));
        expect(distance(gradients, reference.gradients)).toBeLessThan(tolerance);
        expect(figures.map(({ channel }) => channel)).toEqual(reference.figures.map(({ channel }) => channel));
        for (const [i, { layer, channel, values }] of figures.entries()) {
          // Taps see one matrix for all samples, wherever a timestep is in their sequences.
          if (channel === "logContribution" && c.tapped && !equal) continue;
          const norms = reference.figures.find((p) => p.layer === layer && p.channel === `${channel[0]}.logNorm`);
          alike(values, reference.figures[i]!.values, channel, channel.endsWith(".gain") ? norms?.values : undefined);
        }
      }
    }),
    { numRuns: budget(2, 500, 6) },
  );
});

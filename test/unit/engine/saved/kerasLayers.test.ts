/**
 * Each kind of layer with each of its arguments, and random nets, give the outputs, the loss and the state gradients that
 * Keras 2 and Keras 3 recorded (test/fixtures/engine/saved/record_layers.py), or are refused with a reason.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs-core";
import { unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import type { LossName } from "../../../../src/config/resolved.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { argumentProblems } from "../../../../src/engine/model/argumentProblems.ts";
import { type BuiltModel, weightsOf } from "../../../../src/engine/model/builtModel.ts";
import { forward, packed, unpacked } from "../../../../src/engine/model/forward.ts";
import { outputLoss } from "../../../../src/engine/model/outputLoss.ts";
import { facing } from "../../../../src/engine/model/severalOutputs.ts";
import { type InputsFor, loadModel } from "../../../../src/engine/saved/loadModel.ts";
import { sampled } from "../../../budget.ts";
import { kernelsFor, useBackend } from "../instrument/backends.ts";
import { KeepingRecorder, state } from "../instrument/support.ts";
import { fixtures } from "./support.ts";

type Nested = (number | Nested)[];
const nested: z.ZodType<Nested> = z.lazy(() => z.array(z.union([z.number(), nested])));
const recordedSchema = z.record(
  z.string(),
  z.object({
    case: z.string(),
    inputs: z.record(z.string(), nested),
    outputs: z.array(nested),
    loss: z.number(),
    labels: z.record(z.string(), nested).optional(),
    losses: z.record(z.string(), z.number()).optional(),
    stateGradients: z.record(z.string(), z.array(z.array(z.number()))).optional(),
  }),
);
type Recorded = z.infer<typeof recordedSchema>[string];

const files = unzipSync(gunzipSync(fs.readFileSync(path.join(fixtures, "layers.zip.gz"))));
const recorded = recordedSchema.parse(JSON.parse(new TextDecoder().decode(files["recorded.json"])));

/** Cases that no layer here computes: what the author reads. */
const refused: readonly (readonly [which: RegExp, message: RegExp])[] = [
  [/^LayerNormalization rms$/, /with rms_scaling, .* Train the model with RMSNormalization in its place/],
  [/^mask_zero .* softmax$/, /leaves masked timesteps out of what it computes/],
  [/^function .*$|^negative$/, /contains code/],
];

let folder = "";
beforeAll(async () => {
  await useBackend("cpu");
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-layers-"));
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function shapeOf(values: Nested): number[] {
  const shape: number[] = [];
  for (let at: number | Nested | undefined = values; Array.isArray(at); at = at[0]) shape.push(at.length);
  return shape;
}

function tensorOf(values: Nested): tf.Tensor {
  return tf.tensor(values.flat(9).map(Number), shapeOf(values));
}

async function load(name: string, { inputs }: Recorded) {
  const shapes = Object.entries(inputs).map(([input, values]) => ({ name: input, shape: shapeOf(values).slice(1) }));
  const given: InputsFor = (ends) =>
    ends.inputs.length === 1
      ? shapes.map(({ shape }) => ({ name: ends.inputs[0] ?? "", shape }))
      : ends.inputs.flatMap((input) => shapes.find((each) => each.name === input) ?? []);
  return await loadModel({ name, path: ["models", "saved", "file"] }, folder, given, 1);
}

function inputsOf(built: BuiltModel, { inputs }: Recorded): tf.Tensor {
  const all = built.inputs.length === 1 ? Object.values(inputs) : built.inputs.map(({ name }) => inputs[name] ?? []);
  return packed(all.map(tensorOf));
}

function expectOutputs(built: BuiltModel, one: Recorded): void {
  if (built.outputs.length === 1) expect(built.outputShape).toEqual(shapeOf(one.outputs[0] ?? []).slice(1));
  const [own, wanted] = tf.tidy(() => [
    Array.from(forward(built.model, inputsOf(built, one), false).dataSync<"float32">()),
    Array.from(packed(one.outputs.map(tensorOf)).dataSync<"float32">()),
  ]);
  expect(own).toHaveLength(wanted.length);
  for (const [i, value] of own.entries())
    expect(Math.abs(value - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!))).toBeLessThan(1e-5);
}

/** The loss of each output, as the file was compiled. */
function expectLosses(built: BuiltModel, one: Recorded): void {
  for (const [i, output] of built.outputs.entries()) {
    const wanted = one.losses?.[output.name];
    if (wanted === undefined) continue;
    const loss: LossName = output.shape[0] === 1 ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
    const own = tf.tidy(() => {
      const { of } = outputLoss(facing(built, output), loss, built.logits.get(output.name) === loss);
      const all = forward(built.model, inputsOf(built, one), false);
      const part = unpacked(
        all,
        built.outputs.map(({ shape }) => shape),
      )[i]!;
      return of(tensorOf(one.labels?.[output.name] ?? []), part).dataSync()[0];
    });
    expect(own, output.name).toBeCloseTo(wanted, 5);
  }
}

async function expectStateGradients(built: BuiltModel, one: Recorded): Promise<void> {
  const recorder = new KeepingRecorder();
  const instrumentation = instrument(built.model, recorder, { kernels: await kernelsFor("taps") });
  const variables = built.layers.flatMap(weightsOf).map(({ variable }) => variable);
  const x = inputsOf(built, one);
  const { value, grads } = instrumentation.measure(() =>
    tf.variableGrads(() => tf.mean(tf.square(forward(built.model, x, false))), [...variables, instrumentation.probe]),
  );
  expect(Math.abs(value.dataSync()[0]! / one.loss - 1)).toBeLessThan(1e-5);
  for (const [layer, states] of Object.entries(one.stateGradients ?? {})) {
    const at = built.layers.findIndex(({ name }) => name === layer);
    const { measurement } = recorder.sequences.find((sequence) => sequence.layer === at)!;
    for (const [i, norms] of states.entries())
      for (const [t, norm] of norms.entries()) {
        const own = 10 ** state(measurement, i === 0 ? "h" : "c").logNorm[t]!;
        expect(Math.abs(own - norm), `${layer} ${i} ${t}`).toBeLessThan(1e-5 * Math.max(norm, 1e-6));
      }
  }
  tf.dispose([value, grads, x]);
  instrumentation.remove();
}

const byCase = new Map<string, [string, Recorded][]>();
for (const [file, one] of Object.entries(recorded))
  byCase.set(one.case, [...(byCase.get(one.case) ?? []), [file, one]]);

describe("a model of Keras computes the same here, or is refused with a reason", () => {
  // In CI, every fifth case, in one of its formats and versions, and a third of these in the quick tier; in the long run, all
  // in all of them.
  it.each(
    sampled(
      [...byCase.keys()].map((name, i) => [name, i] as const),
      15,
      0,
      5,
    ),
  )("%s", async (name, i) => {
    const saved = byCase.get(name) ?? [];
    for (const [file, one] of sampled(saved, saved.length, i)) {
      const built = await load(file, one);
      if (Array.isArray(built)) {
        const [problem] = built;
        expect(problem).toMatchObject({ severity: "error", path: ["models", "saved", "file"], on: "value" });
        const expected = refused.find(([which]) => which.test(name))?.[1] ?? /^it loads$/;
        expect(problem?.message, file).toMatch(expected);
        continue;
      }
      expect(argumentProblems(built), file).toEqual([]);
      expectOutputs(built, one);
      if (one.losses) expectLosses(built, one);
      if (one.stateGradients) await expectStateGradients(built, one);
      built.dispose();
    }
  });
});

it.each(["Attention scaled", "Attention concat", "AdditiveAttention"])("can be trained: %s", async (name) => {
  const saved = byCase.get(name) ?? [];
  expect(saved.length).toBeGreaterThan(0);
  for (const [file, one] of saved) {
    const built = await load(file, one);
    if (Array.isArray(built)) throw new Error(built[0]?.message);
    expect(argumentProblems(built), file).toEqual([]);
    built.dispose();
  }
});

it("takes an array of NumPy, which Keras 3 writes by another name than a constant tensor", async () => {
  const one = recorded["ops_table.keras"];
  const { "config.json": config, ...rest } = unzipSync(files["ops_table.keras"] ?? new Uint8Array(0));
  const text = new TextDecoder().decode(config);
  if (!one || !text.includes('"__tensor__"')) throw new Error("the recorded model has no constant");
  const renamed = new TextEncoder().encode(text.replaceAll('"__tensor__"', '"__numpy__"'));
  fs.writeFileSync(path.join(folder, "numpy.keras"), zipSync({ ...rest, "config.json": renamed }));
  const built = await load("numpy.keras", one);
  if (Array.isArray(built)) throw new Error(built[0]?.message);
  expectOutputs(built, one);
  built.dispose();
});

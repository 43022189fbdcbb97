/**
 * Models with several inputs and outputs, branches and handed-over states (test/fixtures/engine/saved/record_graphs.py)
 * give the outputs, the loss and the state gradients that Keras recorded.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import type { ModelFile } from "../../../../src/config/resolved.ts";
import { instrument } from "../../../../src/engine/instrument/instrument.ts";
import { type BuiltModel, entriesOf, weightsOf } from "../../../../src/engine/model/builtModel.ts";
import { forward, packed } from "../../../../src/engine/model/forward.ts";
import { type InputsFor, loadModel } from "../../../../src/engine/saved/loadModel.ts";
import { writeArtifacts } from "../../../../src/engine/training/checkpoint/writeArtifacts.ts";
import { SafeFolder } from "../../../../src/files/safeFolder.ts";
import { sampled } from "../../../budget.ts";
import { kernelsFor, useBackend } from "../instrument/backends.ts";
import { KeepingRecorder, state } from "../instrument/support.ts";
import { fixtures } from "./support.ts";

const folder = path.join(fixtures, "graphs");
type Nested = (number | Nested)[];
const nested: z.ZodType<Nested> = z.lazy(() => z.array(z.union([z.number(), nested])));
const recorded = z
  .record(
    z.string(),
    z.object({
      inputs: z.record(z.string(), nested),
      outputs: z.array(nested),
      outputs2: z.array(nested).optional(),
      labels: z.array(z.array(z.number())).optional(),
      loss: z.number().optional(),
      stateGradients: z
        .record(
          z.string(),
          z.object({ h: z.array(z.array(z.array(z.number()))), c: z.array(z.array(z.array(z.number()))) }),
        )
        .optional(),
    }),
  )
  .parse(JSON.parse(fs.readFileSync(path.join(folder, "recorded.json"), "utf8")));

function shapeOf(values: Nested): number[] {
  const shape: number[] = [];
  for (let at: number | Nested | undefined = values; Array.isArray(at); at = at[0]) shape.push(at.length);
  return shape;
}

function tensorOf(values: Nested): tf.Tensor {
  return tf.tensor(values.flat(9).map(Number), shapeOf(values));
}

function given(name: string): InputsFor {
  const { inputs } = recorded[name]!;
  const shapes = Object.entries(inputs).map(([each, values]) => ({ name: each, shape: shapeOf(values).slice(1) }));
  return (ends) => {
    if (ends.inputs.length === 1) return shapes.map(({ shape }) => ({ name: ends.inputs[0] ?? "", shape }));
    return ends.inputs.flatMap((each) => shapes.find((shape) => shape.name === each) ?? []);
  };
}

const at = (name: string): ModelFile => ({ name, path: ["models", "saved", "file"] });

async function loaded(name: string, file: string): Promise<BuiltModel> {
  const built = await loadModel(at(file), folder, given(name), 1);
  if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
  return built;
}

/** The inputs of all ends as one tensor, in the order of the model. */
function packedInputs(name: string, { inputs }: BuiltModel): tf.Tensor {
  const { inputs: values } = recorded[name]!;
  const all = inputs.length === 1 ? Object.values(values) : inputs.map((each) => values[each.name]!);
  return packed(all.map(tensorOf));
}

function outputsOf(name: string, built: BuiltModel): readonly number[] {
  return tf.tidy(() => Array.from(forward(built.model, packedInputs(name, built), false).dataSync<"float32">()));
}

function wantedOf(outputs: readonly Nested[]): readonly number[] {
  return tf.tidy(() => Array.from(packed(outputs.map(tensorOf)).dataSync<"float32">()));
}

function largest(a: readonly number[], b: readonly number[]): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

beforeAll(() => useBackend("cpu"));

describe("a model that is a graph", () => {
  const files = fs.readdirSync(folder).filter((name) => name !== "recorded.json");
  it.each(sampled(files, 8, 0, 2))("%s gives Keras's outputs", async (entry) => {
    const name = entry.split(".")[0]!;
    const keras3 = /^\w+\.(keras|h5)$/.test(entry);
    const built = await loaded(name, entry.includes(".") ? entry : `${entry}/model.json`);
    const { outputs, outputs2 = outputs } = recorded[name]!;
    const unmasked = keras3 && outputs2 !== outputs;
    expect(largest(outputsOf(name, built), wantedOf(unmasked ? outputs : outputs2))).toBeLessThan(1e-5);
    expect(built.remarks.map(({ message }) => message)).toEqual(
      unmasked
        ? [
            'Its layer "decoder" begins with a state and therefore gets no mask from Keras 3: it reads masked timesteps like any other. It does so here, too.',
          ]
        : [],
    );
    built.dispose();
  });

  it.each(sampled(["seq2seq.keras", "seq2seq.h5", "seq2seq.2.h5", "seq2seq/model.json"], 4, 0, 1))(
    "%s has Keras's loss and state gradients",
    async (file) => {
      const { labels = [], loss = Number.NaN, stateGradients = {} } = recorded["seq2seq"]!;
      const built = await loaded("seq2seq", file);
      const recorder = new KeepingRecorder();
      const instrumentation = instrument(built.model, recorder, { kernels: await kernelsFor("taps") });
      const x = packedInputs("seq2seq", built);
      const variables = built.layers.flatMap(weightsOf).map(({ variable }) => variable);
      const { value, grads } = instrumentation.measure(() =>
        tf.variableGrads(() => {
          const p = forward(built.model, x, true);
          return tf.neg(tf.mean(tf.log(tf.sum(tf.mul(p, tf.oneHot(tf.tensor(labels, undefined, "int32"), 2)), -1))));
        }, [...variables, instrumentation.probe]),
      );
      expect(value.dataSync()[0]).toBeCloseTo(loss, 5);
      const names = built.layers.map((layer) => layer.name);
      for (const [layer, states] of Object.entries(stateGradients)) {
        const { measurement } = recorder.sequences.find((s) => s.layer === names.indexOf(layer))!;
        for (const name of ["h", "c"] as const)
          for (const [t, rows] of states[name].entries()) {
            const norm = Math.hypot(...rows.flat());
            expect(
              Math.abs(10 ** state(measurement, name).logNorm[t]! / norm - 1),
              `${layer} ${name} ${t}`,
            ).toBeLessThan(1e-5);
          }
      }
      tf.dispose([value, grads, x]);
      instrumentation.remove();
      built.dispose();
    },
  );

  it("keeps the places and names of its layers, and of models inside", async () => {
    const built = await loaded("nested", "nested.keras");
    expect(built.layers.map(({ name }) => name)).toEqual([
      "pair/lstm",
      "pair/dense",
      expect.stringMatching(/^pair\/concatenate/),
      "block/wide",
      "block/norm",
      "block/last",
      "out",
    ]);
    expect(built.layers.find(({ name }) => name === "block/last")?.layer.trainableWeights).toEqual([]);
    expect(new Set(built.layers.map((l) => l.path.join()))).toEqual(new Set(["models,saved,file"]));
    built.dispose();
  });

  it("is the same after it was kept as a checkpoint", async () => {
    const kept = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-graph-"));
    const place = SafeFolder.open(kept, ".");
    for (const name of ["decoder", "branches"]) {
      const built = await loaded(name, `${name}.keras`);
      await writeArtifacts(place, { runId: "r", step: 1 }, built, entriesOf(built), null);
      const again = await loadModel(at("model.json"), kept, given(name), 1);
      if (Array.isArray(again)) throw new Error(again.map((p) => p.message).join("\n"));
      expect([again.inputs, again.outputs]).toEqual([built.inputs, built.outputs]);
      expect(largest(outputsOf(name, again), outputsOf(name, built))).toBe(0);
      again.dispose();
      built.dispose();
    }
    place.close();
    fs.rmSync(kept, { recursive: true });
  });

  it("needs data with the names of its inputs and outputs", async () => {
    const inputsFor: InputsFor = ({ inputs, outputs }) => {
      expect([inputs, outputs]).toEqual([["encoder_inputs", "decoder_inputs"], ["out"]]);
      return [{ severity: "error", message: "no such array", path: ["data", "inputs"], on: "key" }];
    };
    const built = await loadModel(at("seq2seq.keras"), folder, inputsFor, 1);
    expect(built).toEqual([{ severity: "error", message: "no such array", path: ["data", "inputs"], on: "key" }]);
  });
});

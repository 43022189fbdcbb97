/** Common forms of models (test/fixtures/engine/saved/record_forms.py) give the outputs that Keras recorded. */

import fs from "node:fs";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import type { BuiltModel } from "../../../../src/engine/model/builtModel.ts";
import { outputLoss } from "../../../../src/engine/model/outputLoss.ts";
import { loadModel, loadWeights } from "../../../../src/engine/saved/loadModel.ts";
import { sampled } from "../../../budget.ts";
import { entries } from "../entries.ts";
import { useBackend } from "../instrument/backends.ts";
import { difference, fixtures, load, onlyShape, refusal } from "./support.ts";

const forms = path.join(fixtures, "forms");
const rows = z.array(z.array(z.union([z.number(), z.array(z.number())])));
const recorded = z
  .record(
    z.string(),
    z.object({ inputs: rows, outputs: rows, labels: z.array(z.number()).optional(), loss: z.number().optional() }),
  )
  .parse(JSON.parse(fs.readFileSync(path.join(forms, "recorded.json"), "utf8")));

function tensorOf(values: z.infer<typeof rows>): tf.Tensor {
  const [[first] = []] = values;
  const inner = Array.isArray(first) ? [first.length] : [];
  return tf.tensor(values.flat(2), [values.length, values[0]?.length ?? 0, ...inner]);
}

const weightsPlace = ["models", "saved", "weights"];
const at = (name: string) => ({ name, path: ["models", "saved", "file"] });
const never = new AbortController().signal;

/** The layers of `described` as config entries. */
function written(gru: number): BuiltModel {
  // Keras's default; tfjs's is hardSigmoid.
  const gates = { recurrentActivation: "sigmoid" };
  const lstm = { type: "lstm", units: 3, returnSequences: true, ...gates };
  const built = buildModel(
    entries(
      { type: "bidirectional", layer: lstm },
      { type: "gru", units: gru, resetAfter: true, ...gates },
      { type: "dense", units: 2 },
    ),
    [6, 2],
    1,
  );
  if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join());
  return built;
}

async function asRecorded(name: string, file: string): Promise<BuiltModel> {
  const { inputs, outputs } = recorded[name]!;
  const x = tensorOf(inputs);
  const built = await load(file, x.shape.slice(1), forms);
  expect(difference(built, x, tensorOf(outputs))).toBeLessThan(1e-5);
  return built;
}

beforeAll(() => useBackend("cpu"));

describe("a model of Keras", () => {
  const plain = [
    ["whose words mask their padding, functional", "maskZero", "maskZero.keras"],
    ["the same as HDF5", "maskZero", "maskZero.h5"],
    ["with a Masking layer, functional", "masking", "masking.keras"],
    ["of CuDNN's layers", "cudnn", "cudnn.h5"],
    ["converted to tfjs from Keras 3", "converted", "converted/model.json"],
    ["of TensorFlow 2.12 to 2.15", "old", "old.keras"],
  ] as const;
  it.each(sampled(plain, 4, 0, 1))("%s", async (_, name, file) => {
    const built = await asRecorded(name, file);
    expect(built.remarks).toEqual([]);
    expect([...built.logits]).toEqual([]);
    built.dispose();
  });

  it.each(sampled(["stateful.keras", "stateful.h5"], 2, 0, 1))(
    "with a state carried on is measured without: %s",
    async (file) => {
      const built = await asRecorded("stateful", file);
      expect(built.remarks.map(({ message, path: place }) => [message, place])).toEqual([
        [
          expect.stringMatching(/^Its layer "lstm_\d+" carried the state .*\(stateful\)\. .* a state of zero\.$/),
          ["models", "saved", "file"],
        ],
      ]);
      built.dispose();
    },
  );

  it.each(sampled(["mixed.keras", "mixed.h5"], 2, 0, 1))("of 16 bits is measured in 32: %s", async (file) => {
    const built = await asRecorded("mixed", file);
    expect(built.remarks.map(({ message }) => message)).toEqual([
      "It was trained in mixed_float16. It is measured in float32.",
    ]);
    built.dispose();
  });

  it.each(sampled(["logits.keras", "logits.h5"], 2, 0, 1))("whose loss takes logits: %s", async (file) => {
    const built = await asRecorded("logits", file);
    expect([...built.logits.values()]).toEqual(["sparseCategoricalCrossentropy"]);
    expect(built.remarks.map(({ message }) => message)).toEqual([
      'Its outputs are logits for "sparseCategoricalCrossentropy" (from_logits), and are treated as logits here.',
    ]);
    const { inputs, labels = [], loss = Number.NaN } = recorded["logits"]!;
    const own = tf.tidy(() => {
      const y = built.model.apply(tensorOf(inputs), { training: false });
      if (!(y instanceof tf.Tensor)) throw new Error("The model has several outputs.");
      const of = outputLoss(built, "sparseCategoricalCrossentropy", true).of;
      return tf.mean(of(tf.tensor(labels, [labels.length, 1]), y)).dataSync()[0];
    });
    expect(own).toBeCloseTo(loss, 5);
    built.dispose();
  });

  const apart = [
    ["described", "described.json", "described.weights.h5"],
    ["described2", "described2.json", "described2.h5"],
    ["described2", "described2.json", "old.keras"],
    ["described2", "old.keras", "described2.h5"],
  ] as const;
  it.each(sampled(apart, 4, 0, 1))(
    "described, with its weights in another file: %s, %s, %s",
    async (name, file, weights) => {
      const { inputs, outputs } = recorded[name]!;
      const x = tensorOf(inputs);
      const built = await loadModel(at(file), forms, onlyShape([6, 2]), 1, undefined, {
        name: weights,
        path: weightsPlace,
      });
      if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join());
      expect(difference(built, x, tensorOf(outputs))).toBeLessThan(1e-5);
      built.dispose();
    },
  );

  const alone = [
    ["described", "described.weights.h5"],
    ["described2", "described2.h5"],
    ["converted", "converted/model.json"],
    ["old", "old.keras"],
  ] as const;
  it.each(sampled(alone, 4, 3, 1))(
    "gives its weights to layers that the config writes: %s, %s",
    async (name, weights) => {
      const { inputs, outputs } = recorded[name]!;
      const built = written(4);
      const problems = await loadWeights(built, { name: weights, path: weightsPlace }, forms, never);
      expect(problems).toEqual([]);
      expect(difference(built, tensorOf(inputs), tensorOf(outputs))).toBeLessThan(1e-5);
      built.dispose();
    },
  );

  it("are refused with a reason at the file of the weights", async () => {
    const told = async (units: number, weights: string) => {
      const built = written(units);
      const [problem] = await loadWeights(built, { name: weights, path: weightsPlace }, forms, never);
      built.dispose();
      expect(problem).toMatchObject({ severity: "error", path: weightsPlace, on: "value" });
      return problem?.message;
    };
    expect(await told(5, "described2.h5")).toMatch(
      /^"described2\.h5": The kernel of its layer "gru_1" has shape \(6, 12\)/,
    );
    expect(await told(4, "logits.h5")).toMatch(
      /^"logits\.h5": It has weights of 2 layers \("lstm_\d+", "dense_\d+"\), but 3 layers of the model have weights \("bidirectional_0", "gru_1", "dense_2"\)\.$/,
    );
    expect(await told(4, "described.json")).toMatch(/describes the layers but has no weights/);
    expect(await told(4, "nowhere.h5")).toBe('"nowhere.h5": There is no such file.');
    expect(await refusal("described.json", [6, 2], forms)).toBe(
      'It describes the layers but has no weights. Name the file that has them as the model\'s "weights".',
    );
  });

  it("with a custom mask is refused", async () => {
    expect(await refusal("otherMask.keras", [6], forms)).toMatch(
      /^Its layer "lstm_\d+" takes a mask that no layer before it makes\. Only the masks of an Embedding/,
    );
  });
});

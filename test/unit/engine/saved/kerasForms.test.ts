/** Common forms of models (test/fixtures/engine/saved/record_forms.py) give the outputs that Keras recorded. */

import fs from "node:fs";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import type { BuiltModel } from "../../../../src/engine/model/builtModel.ts";
import { outputLoss } from "../../../../src/engine/model/outputLoss.ts";
import { useBackend } from "../instrument/backends.ts";
import { difference, fixtures, load, refusal } from "./support.ts";

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

async function asRecorded(name: string, file: string): Promise<BuiltModel> {
  const { inputs, outputs } = recorded[name]!;
  const x = tensorOf(inputs);
  const built = await load(file, x.shape.slice(1), forms);
  expect(difference(built, x, tensorOf(outputs))).toBeLessThan(1e-5);
  return built;
}

beforeAll(() => useBackend("cpu"));

describe("a model of Keras", () => {
  it.each([
    ["whose words mask their padding, functional", "maskZero", "maskZero.keras"],
    ["the same as HDF5", "maskZero", "maskZero.h5"],
    ["with a Masking layer, functional", "masking", "masking.keras"],
    ["of CuDNN's layers", "cudnn", "cudnn.h5"],
    ["converted to tfjs from Keras 3", "converted", "converted/model.json"],
  ])("%s", async (_, name, file) => {
    const built = await asRecorded(name, file);
    expect(built.remarks).toEqual([]);
    expect(built.logits).toBeNull();
    built.dispose();
  });

  it.each(["stateful.keras", "stateful.h5"])("with a state carried on is measured without: %s", async (file) => {
    const built = await asRecorded("stateful", file);
    expect(built.remarks.map(({ message, path: place }) => [message, place])).toEqual([
      [
        expect.stringMatching(/^Its layer "lstm_\d+" carried the state .*\(stateful\)\. .* a state of zero\.$/),
        ["models", "saved", "file"],
      ],
    ]);
    built.dispose();
  });

  it.each(["mixed.keras", "mixed.h5"])("of 16 bits is measured in 32: %s", async (file) => {
    const built = await asRecorded("mixed", file);
    expect(built.remarks.map(({ message }) => message)).toEqual([
      "It was trained in mixed_float16. It is measured in float32.",
    ]);
    built.dispose();
  });

  it.each(["logits.keras", "logits.h5"])("whose loss takes logits: %s", async (file) => {
    const built = await asRecorded("logits", file);
    expect(built.logits).toBe("sparseCategoricalCrossentropy");
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

  it("with a custom mask is refused", async () => {
    expect(await refusal("otherMask.keras", [6], forms)).toMatch(
      /^Its layer "lstm_\d+" takes a mask that no layer before it makes\. Only the masks of an Embedding/,
    );
  });
});

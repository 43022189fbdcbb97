/** For any layers of a model, its checkpoint restores the model. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { createRandom } from "../../../../src/engine/data/random.ts";
import { ownTypes } from "../../../../src/engine/layers/factories.ts";
import { buildModel } from "../../../../src/engine/model/buildModel.ts";
import { loadModel } from "../../../../src/engine/saved/loadModel.ts";
import { writeArtifacts } from "../../../../src/engine/training/checkpoint/writeArtifacts.ts";
import { SafeFolder } from "../../../../src/files/safeFolder.ts";
import { sampled } from "../../../budget.ts";
import { entries } from "../entries.ts";
import { useBackend } from "../instrument/backends.ts";
import { cases } from "../layerCases.ts";
import { difference, load, onlyShape } from "./support.ts";

let root = "";
beforeAll(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-layers-"));
  await useBackend("cpu");
});
afterAll(() => fs.rmSync(root, { recursive: true }));

/**
 * Our own layers, and layers that tfjs describes wrongly: those that prepare data change their input's shape, and one
 * lacks an argument.
 */
const refusedTypes = [
  ...ownTypes,
  "peepholes",
  "resetAfter",
  "resizing",
  "centerCrop",
  "categoryEncoding",
  "separableConv2d",
  "negativeSlope",
  "alpha",
  "hardSigmoid6",
  "centeredBilinear",
];

/** Arguments of variants of tfjs's layers, which have classes of their own. */
const ownVariants = ["softmax over time", "rescaling of each feature", "rescaling of each position"];

// In CI, every second of them (test/unit/engine/backend/layerTypes.test.ts has the others), and half of these in the
// quick tier.
it.each(sampled(Object.entries(cases), 4, 0, 2))("%s", async (name, { input, layers }) => {
  const lines = entries(...layers);
  const built = buildModel(lines, input, 11);
  if (Array.isArray(built)) throw new Error(built.map((p) => p.message).join("\n"));
  const random = createRandom(3);
  // Far from every initializer's values.
  for (const weight of built.model.weights) {
    const values = Float32Array.from({ length: tf.util.sizeFromShape(weight.shape.map(Number)) }, () =>
      random.uniform(),
    );
    tf.tidy(() => {
      weight.write(tf.tensor(values, weight.shape.map(Number)));
    });
  }
  const folder = path.join(root, name);
  const place = SafeFolder.open(root, name);
  await writeArtifacts(place, { runId: "r", step: 1 }, built, lines, null);
  place.close();
  const integers = layers[0]?.type === "embedding" || layers[0]?.type === "categoryEncoding";
  const x = tf.tensor(
    Float32Array.from({ length: 2 * tf.util.sizeFromShape([...input]) }, () =>
      integers ? random.integer(3) : random.normal(),
    ),
    [2, ...input],
  );
  const wanted = built.model.apply(x, { training: false });
  if (!(wanted instanceof tf.Tensor)) throw new Error("The model has several outputs.");
  const own = await load("model.json", input, folder);
  expect(difference(own, x, wanted)).toBe(0);

  // Without our additions, the file is an ordinary tfjs model: it is translated or refused, but never changed.
  const file = path.join(folder, "model.json");
  const { userDefinedMetadata: _, ...plain } = z.looseObject({}).parse(JSON.parse(fs.readFileSync(file, "utf8")));
  fs.writeFileSync(file, JSON.stringify(plain));
  const translated = await loadModel(
    { name: "model.json", path: ["models", "m", "file"] },
    folder,
    onlyShape(input),
    1,
  );
  if (Array.isArray(translated)) {
    expect(translated[0]?.message).toMatch(/cannot be translated|but the layer needs|It takes samples/);
    const own = ownVariants.includes(name) || refusedTypes.some((type) => JSON.stringify(layers).includes(`"${type}"`));
    expect(own).toBe(true);
  } else {
    expect(difference(translated, x, wanted)).toBe(0);
    translated.dispose();
  }
  tf.dispose([x, wanted]);
  own.dispose();
  built.dispose();
});

/** Saved models: Keras's in HDF5 and in zips, tfjs's model.json, and our checkpoints; changed inside their containers. */

import fs from "node:fs";
import path from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { unzipSync, zipSync } from "fflate";
import * as z from "zod";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { initBackend } from "../../../src/engine/backend/ladder.ts";
import { loadModel } from "../../../src/engine/saved/loadModel.ts";
import { recordedFiles } from "../corpus.ts";
import { mutatedH5 } from "../h5.ts";
import { mutatedBytes, mutatedTree } from "../mutate.ts";
import { checkMessage, Fault, type Taken, type Target, target } from "../target.ts";
import { trainedCheckpoint } from "./trainedCheckpoint.ts";

interface Input {
  readonly name: string;
  readonly files: { readonly [name: string]: Uint8Array };
}

/** Arguments of layers and keys of descriptions: a change that uses one goes deeper than one that does not. */
const wise = ["class_name", "config", "units", "activation", "inbound_nodes", "dtype", "batch_input_shape", "name"];

const json = z.json();

function treeOf(bytes: Uint8Array): JsonValue {
  return json.parse(JSON.parse(Buffer.from(bytes).toString()));
}

function bytesOf(tree: JsonValue): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(tree)));
}

/** A zip whose description is changed as a tree, or whose weights are changed as bytes; then packed anew. */
function kerasZips(): Arbitrary<Input> {
  const zips = recordedFiles("engine/saved", /\.keras$/).map((bytes) => unzipSync(bytes));
  return fc.constantFrom(...zips).chain((files) => {
    const config = files["config.json"] ?? new Uint8Array(0);
    const weights = files["model.weights.h5"] ?? new Uint8Array(0);
    return fc.oneof(
      {
        weight: 3,
        arbitrary: mutatedTree([treeOf(config)], 3, wise).map((tree) =>
          packed({ ...files, "config.json": bytesOf(tree) }),
        ),
      },
      mutatedBytes([weights], 3).map((changed) => packed({ ...files, "model.weights.h5": changed })),
      mutatedH5([weights], wise).map((changed) => packed({ ...files, "model.weights.h5": changed })),
    );
  });
}

function packed(files: { readonly [name: string]: Uint8Array }): Input {
  return { name: "m.keras", files: { "m.keras": zipSync(files, { level: 0 }) } };
}

const single =
  (name: string) =>
  (bytes: Uint8Array): Input => ({ name, files: { [name]: bytes } });

/** A checkpoint of ours is a model.json of tfjs with more in it. */
function checkpoints(files: Input["files"]): Arbitrary<Input> {
  const description = treeOf(files["model.json"] ?? new Uint8Array(0));
  const others = Object.entries(files).filter(([name]) => name !== "model.json");
  return fc
    .oneof(
      {
        weight: 3,
        arbitrary: mutatedTree([description], 3, wise).map((tree) => ({ ...files, "model.json": bytesOf(tree) })),
      },
      ...others.map(([name, bytes]) => mutatedBytes([bytes], 2).map((changed) => ({ ...files, [name]: changed }))),
    )
    .map((all) => ({ name: "model.json", files: all }));
}

const place = ["models", "m", "file"];

export const models: Target = target({
  name: "saved models and checkpoints",
  share: 6,
  quick: 40,
  accepted: 0.15,
  inputs: async () =>
    fc.oneof(
      { weight: 3, arbitrary: kerasZips() },
      { weight: 1, arbitrary: mutatedBytes(recordedFiles("engine/saved", /\.h5$/), 3).map(single("m.h5")) },
      { weight: 3, arbitrary: mutatedH5(recordedFiles("engine/saved", /\.h5$/), wise).map(single("m.h5")) },
      { weight: 1, arbitrary: mutatedBytes(recordedFiles("engine/saved", /\.keras$/), 2).map(single("m.keras")) },
      { weight: 3, arbitrary: checkpoints(await trainedCheckpoint()) },
    ),
  open: async (folder) => {
    await initBackend("cpu");
    return {
      one: async ({ name, files }): Promise<Taken> => {
        for (const [file, bytes] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), bytes);
        const shapes = (names: readonly string[]) => names.map((input) => ({ name: input, shape: [6, 2] }));
        const built = await loadModel({ name, path: place }, folder, ({ inputs }) => shapes(inputs), 1);
        if (!("length" in built)) {
          built.model.dispose();
          return "accepted";
        }
        if (built.length === 0) throw new Fault("refused without a problem");
        for (const { message, path: at } of built) {
          checkMessage(message, name);
          if (at[0] !== "models") throw new Fault(`"${message}" is placed at ${at.join(".")}`);
        }
        return "refused";
      },
    };
  },
  shown: ({ name, files }) => files[name] ?? "",
});

/** Checkpoints of our own, changed by somebody between the run that wrote them and the one that resumes from them. */

import fs from "node:fs";
import path from "node:path";
import fc, { type Arbitrary } from "fast-check";
import * as z from "zod";
import type { JsonObject } from "../../../src/config/merge.ts";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { mutatedBytes, mutatedTree } from "../mutate.ts";
import { Fault, type Target, target } from "../target.ts";
import { trainedCheckpoint } from "./trainedCheckpoint.ts";
import { trainOutcome } from "./trainOutcome.ts";

/** A net with everything that a checkpoint keeps: masks, random numbers, carried states, epochs, an optimizer with moments. */
export const resumedConfig: JsonObject = {
  data: { task: "addingProblem", length: 6, samples: 32 },
  training: { batchSize: 16, epochs: 2, checkpoint: { folder: "kept", every: 1 } },
  models: {
    m: {
      layers: [
        { type: "lstm", units: 2, dropout: 0.2 },
        { type: "dense", units: 1 },
      ],
    },
  },
};

type Files = { readonly [name: string]: Uint8Array };

const described = z.looseObject({
  userDefinedMetadata: z.looseObject({ gradlens: z.looseObject({ resume: z.json() }) }),
});

/** Changes what says where the training stopped, the whole description, or the values. */
function changedFiles(files: Files): Arbitrary<Files> {
  const whole = described.parse(JSON.parse(Buffer.from(files["model.json"] ?? []).toString()));
  const { resume } = whole.userDefinedMetadata.gradlens;
  const withResume = (changed: JsonValue): Files => {
    const { userDefinedMetadata: metadata } = whole;
    const gradlens = { ...metadata.gradlens, resume: changed };
    return { ...files, "model.json": jsonBytes({ ...whole, userDefinedMetadata: { ...metadata, gradlens } }) };
  };
  const others = Object.entries(files).filter(([name]) => name !== "model.json");
  return fc.oneof(
    { weight: 4, arbitrary: mutatedTree([resume], 2).map(withResume) },
    mutatedTree([z.json().parse(whole)], 2).map((tree) => ({ ...files, "model.json": jsonBytes(tree) })),
    ...others.map(([name, bytes]) => mutatedBytes([bytes], 2).map((changed) => ({ ...files, [name]: changed }))),
  );
}

function jsonBytes(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(value)));
}

export const resumedCheckpoints: Target = target<Files>({
  name: "checkpoints to resume from",
  share: 3,
  quick: 10,
  accepted: 0.15,
  inputs: async () => changedFiles(await trainedCheckpoint(resumedConfig)),
  open: (folder) => {
    fs.writeFileSync(path.join(folder, "gradlens.json"), JSON.stringify(longer(resumedConfig)));
    const last = path.join(folder, "kept/m/last");
    return {
      one: async (files) => {
        fs.rmSync(path.join(folder, "kept"), { recursive: true, force: true });
        fs.mkdirSync(last, { recursive: true });
        for (const [name, bytes] of Object.entries(files)) fs.writeFileSync(path.join(last, name), bytes);
        const { taken } = await trainOutcome(folder, ["--backend", "cpu", "--resume"]);
        if (taken === "refused") checkUntouched(last, files);
        return taken;
      },
    };
  },
  shown: (files) => files["model.json"] ?? "",
});

/** One more epoch than the checkpoint has. */
function longer(config: JsonObject): JsonObject {
  const { training, ...rest } = config;
  return { ...rest, training: { ...z.record(z.string(), z.json()).parse(training), epochs: 3 } };
}

/** A refused checkpoint stays as it is: somebody may mend it. */
function checkUntouched(last: string, files: Files): void {
  for (const [name, bytes] of Object.entries(files))
    if (!Buffer.from(bytes).equals(fs.readFileSync(path.join(last, name)))) throw new Fault(`${name} was changed`);
}

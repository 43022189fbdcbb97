/** A checkpoint as the command line writes it. */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { JsonObject } from "../../../src/config/merge.ts";
import { called } from "../../called.ts";

/** A small net that is quick to train. */
const small: JsonObject = {
  data: { task: "addingProblem", length: 6, samples: 32 },
  training: { batchSize: 16, steps: 2, checkpoint: { folder: "kept" } },
  models: {
    m: {
      layers: [
        { type: "lstm", units: 2 },
        { type: "dense", units: 1 },
      ],
    },
  },
};

/** The files of the last checkpoint of a config's model `m`, by name. */
export async function trainedCheckpoint(config = small): Promise<{ readonly [name: string]: Uint8Array }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-fuzz-"));
  try {
    fs.writeFileSync(path.join(folder, "gradlens.json"), JSON.stringify(config));
    const { code, err } = await called(folder, ["train", "--backend", "cpu"]);
    const last = path.join(folder, "kept/m/last");
    if (code !== 0 || !fs.existsSync(last)) throw new Error(`no checkpoint: ${err}`);
    return Object.fromEntries(
      fs.readdirSync(last).map((name) => [name, new Uint8Array(fs.readFileSync(path.join(last, name)))]),
    );
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

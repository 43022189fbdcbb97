/** The index of kept runs, damaged or written by somebody else: a cache that may cost time, but must not change a list. */

import fs from "node:fs";
import path from "node:path";
import fc, { type Arbitrary } from "fast-check";
import * as z from "zod";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { cardOfFolder } from "../../../src/host/store/cardOfFolder.ts";
import { runCardSchema } from "../../../src/host/store/runCard.ts";
import { RunIndex } from "../../../src/host/store/runIndex.ts";
import { recordedFiles } from "../corpus.ts";
import { mutatedBytes, mutatedTree } from "../mutate.ts";
import { Fault, type Target, target } from "../target.ts";

const runs = ["probe-1764410000000-1", "train-1764410000000-2", "others"];

const uriOf = (file: string): string => `file://${file}`;

/** Stands for the folder of the runs, whose path differs from process to process. */
const here = "ROOT";

/** Seconds since 1970 of the files' and folders' times, so that an index can agree with them. */
const written = 1000;

/** The index of the runs as it is written. @param bytes size of each run's file. */
function sound(bytes: number): JsonValue {
  const card = (runId: string) =>
    runCardSchema.parse({
      runId,
      kind: "train",
      model: "m",
      config: "/p/gradlens.json",
      own: true,
      external: false,
      checkpoints: false,
      backend: "cpu",
      startedAt: 1_764_410_000_000,
      duration: 10,
      steps: 3,
      loss: 0.5,
      verdict: "v",
      severity: null,
      findings: [],
      end: { kind: "completed" },
      interrupted: false,
      label: { name: null, note: null, pinned: false },
    });
  const entries = runs.map((name) => ({
    folder: `${here}/${name}`,
    changed: 1000 * written,
    touched: 1000 * written,
    bytes,
    card: card(name),
  }));
  return z.json().parse({ version: 1, entries });
}

function recorded(): Uint8Array {
  return recordedFiles("tensorboard", /^one-process\.tfevents$/)[0] ?? new Uint8Array(0);
}

/** Ids and folders that a forged index may name. */
const wise = [...runs, "__proto__", "../..", "/etc", `${here}/${runs[0]}`, "card", "runId", "folder"];

function inputsFor(index: JsonValue): Arbitrary<Uint8Array> {
  const text = JSON.stringify(index);
  const bytesOf = (changed: string) => new Uint8Array(Buffer.from(changed));
  const name = fc.constantFrom(...runs);
  return fc.oneof(
    { weight: 4, arbitrary: mutatedTree([index], 4, wise).map((tree) => bytesOf(JSON.stringify(tree))) },
    // One run under the name of another one.
    fc.tuple(name, name).map(([one, other]) => bytesOf(text.replaceAll(`"runId":"${one}"`, `"runId":"${other}"`))),
    mutatedBytes([bytesOf(text)], 3),
  );
}

export const runIndexes: Target = target<Uint8Array>({
  name: "indexes of runs",
  share: 3,
  quick: 30,
  accepted: 0.3,
  inputs: () => inputsFor(sound(recorded().length)),
  open: (folder) => {
    const root = path.join(folder, "runs");
    for (const name of runs) {
      const file = path.join(root, name, "events.out.tfevents.1.h.1.gradlens");
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, recorded());
      for (const one of [file, path.dirname(file)]) fs.utimesSync(one, written, written);
    }
    return {
      one: async (input) => {
        const text = Buffer.from(input).toString("latin1").replaceAll(here, root);
        fs.writeFileSync(path.join(root, "index.json"), Buffer.from(text, "latin1"));
        const reported: string[] = [];
        const index = new RunIndex({
          roots: () => [root],
          read: (place, runId) => cardOfFolder(place, runId, { uriOf }),
          isOwn: () => false,
          report: (what) => reported.push(what),
        });
        try {
          await index.open();
          const known = index.entries.length;
          await index.refresh();
          const listed = index.entries.map((entry) => `${path.relative(root, entry.folder)} as ${entry.card.runId}`);
          const truth = runs.map((name) => `${name} as ${name}`);
          if (listed.sort().join() !== [...truth].sort().join()) throw new Fault(`the list has ${listed.join(", ")}`);
          if (reported.length > 0) throw new Fault(`reported: ${reported.join()}`);
          return known > 0 ? "accepted" : "refused";
        } finally {
          index.dispose();
        }
      },
    };
  },
  shown: (input) => input,
});

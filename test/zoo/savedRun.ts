/**
 * The saved part of an entry's runs, to which the rules can be applied again without training: snapshots of the
 * histories at the steps that the tables use. What is known before the first step is not saved but determined again
 * (`freshInfo.ts`), so that facts which the engine has since learnt to measure are included.
 */

import fs from "node:fs";
import path from "node:path";
import v8 from "node:v8";
import zlib from "node:zlib";
import { z } from "zod";
import type { Immutable } from "../../src/config/immutable.ts";
import { runEndSchema } from "../../src/protocol/engineMessages.ts";
import { restoreHistory } from "../../src/protocol/history/store.ts";
import { channelMapSchema, type HistorySnapshot, type RunHistory } from "../../src/protocol/history.ts";
import { float64Schema } from "../../src/protocol/numbers.ts";
import { columnSchema, type RunInfo } from "../../src/protocol/run.ts";
import { slugOf } from "./dataFolder.ts";

/** Version of this file's format; entries in another version are trained again. */
const version = 1;

const lookSchema = z.strictObject({
  step: z.int().nonnegative(),
  lastSeq: z.int().nonnegative(),
  steps: float64Schema,
  rows: float64Schema,
  maps: z.array(channelMapSchema),
});
/** The history after a step. */
export type Look = Immutable<z.infer<typeof lookSchema>>;

const runSchema = z.strictObject({
  end: runEndSchema,
  plannedSteps: z.int().positive().nullable(),
  columns: z.array(columnSchema),
  layers: z.array(z.string()),
  /** In the order of the steps; the last is the run's end. Empty: refused before its first step. */
  looks: z.array(lookSchema),
});
export type SavedRun = Immutable<z.infer<typeof runSchema>>;

const savedSchema = z.strictObject({
  version: z.literal(version),
  name: z.string(),
  config: z.string(),
  train: runSchema,
  probe: runSchema,
  /** Which rules of other engines fired, by name. */
  rivals: z.record(z.string(), z.boolean()),
});
export type SavedEntry = Immutable<z.infer<typeof savedSchema>>;

export function lookAt(history: RunHistory): Look {
  const { lastSeq, lastStep, steps, rows, maps } = history.snapshot();
  return { step: lastStep, lastSeq, steps, rows, maps };
}

/** The history of a run that begins with `info`. */
export function restored(run: SavedRun, { step, ...look }: Look, info: RunInfo): RunHistory {
  const names = info.layers.map(({ name }) => name);
  if (JSON.stringify(names) !== JSON.stringify(run.layers))
    throw new Error(`saved with the layers ${run.layers.join(", ")}, not ${names.join(", ")}: save the run again`);
  const snapshot: HistorySnapshot = {
    ...look,
    info: { ...info, columns: run.columns, plannedSteps: run.plannedSteps },
    lastStep: step,
    need: null,
  };
  return restoreHistory(snapshot);
}

function fileOf(folder: string, name: string): string {
  return path.join(folder, `${slugOf(name)}.run`);
}

export function save(folder: string, entry: Omit<SavedEntry, "version">): void {
  fs.mkdirSync(folder, { recursive: true });
  const bytes = zlib.gzipSync(v8.serialize({ version, ...entry }), { level: 1 });
  // Written under another name first: a partial file would look like a complete run.
  const file = fileOf(folder, entry.name);
  fs.writeFileSync(`${file}.part`, bytes);
  fs.renameSync(`${file}.part`, file);
}

/** Undefined if nothing in this format is saved under the entry's name and for its config. */
export function load(folder: string, { name, config }: { name: string; config: string }): SavedEntry | undefined {
  const file = fileOf(folder, name);
  if (!fs.existsSync(file)) return undefined;
  const saved = savedSchema.safeParse(v8.deserialize(zlib.gunzipSync(fs.readFileSync(file))));
  return saved.success && saved.data.name === name && saved.data.config === config ? saved.data : undefined;
}

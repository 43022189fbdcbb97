/**
 * Runs of verifications and of fixes trained to the end, stored by what was run: repeated runs, for other rules or in
 * another order, are not trained again.
 */

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import v8 from "node:v8";
import zlib from "node:zlib";
import { z } from "zod";
import type { DiagnosisConfig, ResolvedModel } from "../../src/config/resolved.ts";
import type { RecordedRun } from "../../src/engine/training/recordedRun.ts";
import { runEndSchema } from "../../src/protocol/engineMessages.ts";
import { restoreHistory } from "../../src/protocol/history/store.ts";
import { historySnapshotSchema } from "../../src/protocol/history.ts";

/** Everything that determines a run. The model includes the seed. */
export interface Made {
  /** Name of the entry whose data files the run reads. */
  readonly entry: string;
  readonly model: ResolvedModel;
  readonly steps: number;
}

const runSchema = z.strictObject({ end: runEndSchema, history: historySnapshotSchema.nullable() });

const begunSchema = z.looseObject({ history: z.looseObject({ info: z.looseObject({}) }) });

/** A history with the present diagnosis settings. */
function askedAs(diagnosis: DiagnosisConfig): z.ZodType<z.infer<typeof runSchema>> {
  return z.preprocess((kept) => {
    const begun = begunSchema.safeParse(kept);
    if (!begun.success) return kept;
    const { history } = begun.data;
    return { ...begun.data, history: { ...history, info: { ...history.info, diagnosis } } };
  }, runSchema);
}

const shareSchema = z.number().nullable();

/** Without a folder, nothing is stored. */
export class RunStore {
  readonly #folder: string | null;

  constructor(folder: string | null) {
    this.#folder = folder;
    if (folder !== null) fs.mkdirSync(folder, { recursive: true });
  }

  /** A run with its whole history. Cancelled runs are not stored. */
  async run(made: Made, make: () => Promise<RecordedRun>): Promise<RecordedRun> {
    const kept = this.#read(made, "run", askedAs(made.model.diagnosis));
    if (kept) return { end: kept.end, history: kept.history && restoreHistory(kept.history) };
    const ran = await make();
    if (ran.end.kind !== "cancelled")
      this.#write(made, "run", { end: ran.end, history: ran.history?.snapshot() ?? null });
    return ran;
  }

  /** Loss as a share of its baseline at the end of training; null: diverged or refused. */
  async lossShare(made: Made, make: () => Promise<number | null>): Promise<number | null> {
    const kept = this.#read(made, "share", z.strictObject({ lossShare: shareSchema }));
    if (kept) return kept.lossShare;
    const lossShare = await make();
    this.#write(made, "share", { lossShare });
    return lossShare;
  }

  #fileOf(made: Made, kind: "run" | "share"): string | null {
    if (this.#folder === null) return null;
    // Diagnosis settings do not change a run, so they are not part of its key.
    const { diagnosis: _, ...model } = made.model;
    const digest = createHash("sha256")
      .update(JSON.stringify({ ...made, model }))
      .digest("hex")
      .slice(0, 32);
    return path.join(this.#folder, `${digest}.${kind}`);
  }

  #read<T>(made: Made, kind: "run" | "share", schema: z.ZodType<T>): T | undefined {
    const file = this.#fileOf(made, kind);
    if (file === null || !fs.existsSync(file)) return undefined;
    const kept = schema.safeParse(v8.deserialize(zlib.gunzipSync(fs.readFileSync(file))));
    return kept.success ? kept.data : undefined;
  }

  #write(made: Made, kind: "run" | "share", value: unknown): void {
    const file = this.#fileOf(made, kind);
    if (file === null) return;
    // Written under another name first: a partial file would look like a complete run.
    fs.writeFileSync(`${file}.part`, zlib.gzipSync(v8.serialize(value), { level: 1 }));
    fs.renameSync(`${file}.part`, file);
  }
}

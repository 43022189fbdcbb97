/**
 * Keeps the window's runs across reloads, crashes and days: says where the engine writes them, reads them again, and
 * removes the oldest. Independent of VS Code.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { makeFolders, SafeFolder } from "../../files/safeFolder.ts";
import { createFile } from "../../files/writeSafely.ts";
import type { RunKind } from "../../protocol/run.ts";
import { textRecord } from "../../tensorboard/runEncoder.ts";
import type { StoredRun } from "../../tensorboard/storedRun.ts";
import { versionRecord } from "../../tensorboard/summary.ts";
import { tags } from "../../tensorboard/tags.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import type { VerificationJob, VerificationService } from "../verify/verificationService.ts";
import { restoredRun } from "./restoredRun.ts";
import { isEventFile, listRunFolders, outdated, readRunFolder, removeRunFolder } from "./runFolders.ts";

export interface RunStoreOptions {
  /** Absolute; null: runs are not kept, because there is no folder for them. */
  readonly root: () => string | null;
  /** Bytes of all runs together, and milliseconds after which a run goes. */
  readonly limits: () => { readonly bytes: number; readonly age: number };
  /** Most runs that are shown again. */
  readonly keep: () => number;
  readonly uriOf: (configPath: string) => string;
  readonly log: (level: "info" | "warning" | "error", message: string) => void;
  readonly now?: () => number;
}

/** Bytes of one run's file: a probe is short, and there are many. */
const bounds: { readonly [kind in RunKind]: number } = { probe: 4 * 2 ** 20, train: 32 * 2 ** 20 };

/** Milliseconds that a window waits for an engine of its predecessor to end. */
const patience = 5000;
const pause = 250;

export class RunStore {
  readonly #options: RunStoreOptions;
  readonly #now: () => number;

  constructor(options: RunStoreOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Where a new run is written; undefined: nowhere. */
  place(kind: RunKind, runId: string): { root: string; folder: string; bound: number } | undefined {
    const root = this.#options.root();
    if (root === null) return undefined;
    try {
      makeFolders(root);
      // The runs lie within a project, perhaps, whose history they do not belong to.
      const folder = SafeFolder.open(root, root);
      try {
        if (folder.look(".gitignore") === "nothing") createFile(folder, ".gitignore", Buffer.from("*\n"));
      } finally {
        folder.close();
      }
      return { root, folder: runId, bound: Math.min(bounds[kind], this.#options.limits().bytes / 4) };
    } catch (error) {
      this.#report("Runs are not kept", error);
      return undefined;
    }
  }

  /** Adds the newest kept runs and their verifications to those of the window, and removes outdated ones. */
  async restore(runs: RunService, verifications: VerificationService): Promise<void> {
    const root = this.#options.root();
    if (root === null) return;
    try {
      const folders = await listRunFolders(root);
      const gone = new Set(outdated(folders, this.#options.limits(), this.#now()));
      for (const name of gone) removeRunFolder(root, name);
      const kept = folders.map(({ name }) => name).filter((name) => !gone.has(name) && !runs.get(name));
      const restored: Run[] = [];
      for (const name of kept.slice(-this.#options.keep())) {
        const stored = await this.#read(root, name);
        const run = stored && restoredRun(stored, this.#options.uriOf);
        if (!run) continue;
        restored.push(run);
        if (stored.verification) verifications.restore({ uri: run.uri, model: run.model.name }, stored.verification);
      }
      runs.restore(restored);
    } catch (error) {
      this.#report("Earlier runs cannot be shown", error);
    }
  }

  /** Writes a finished verification beside the newest run of its model. */
  keepVerification({ uri, model, key, findingId, outcome }: VerificationJob, runs: RunService): void {
    const root = this.#options.root();
    const run = runs.runs.findLast((r) => r.uri === uri && r.model.name === model);
    if (root === null || outcome?.kind !== "verified" || !run) return;
    try {
      const seconds = this.#now() / 1000;
      const content = { key, findingId, verification: outcome.verification };
      const folder = SafeFolder.open(root, run.runId);
      try {
        const bytes = Buffer.concat([versionRecord(seconds), textRecord(tags.verification, content, 0, seconds)]);
        createFile(folder, `events.out.tfevents.${this.#now()}.verification.gradlens`, bytes);
      } finally {
        folder.close();
      }
    } catch (error) {
      this.#report("The verification is not kept", error);
    }
  }

  /** Deletes a run for good. */
  remove({ runId }: Run): void {
    const root = this.#options.root();
    if (root === null) return;
    try {
      removeRunFolder(root, runId);
    } catch (error) {
      this.#report("The run's folder stays", error);
    }
  }

  /** Null: nothing to show, or an engine still writes it. */
  async #read(root: string, name: string): Promise<StoredRun | null> {
    const folder = path.join(root, name);
    for (let waited = 0; ; waited += pause) {
      const stored = await readRunFolder(folder, name);
      if (!stored || stored.end !== null || !(await isBeingWritten(folder))) return stored;
      if (waited >= patience) return null;
      await setTimeout(pause);
    }
  }

  #report(what: string, error: unknown): void {
    this.#options.log("warning", `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Whether a process of this machine that is named in a file's name still exists. */
async function isBeingWritten(folder: string): Promise<boolean> {
  const host = os.hostname().replaceAll(/[^\w.-]/g, "_");
  const names = (await fs.promises.readdir(folder).catch(() => [])).filter(isEventFile);
  return names.some((name) => {
    const pid = /\.(\d+)\.gradlens$/.exec(name)?.[1];
    if (pid === undefined || !name.includes(`.${host}.`)) return false;
    try {
      return process.kill(Number(pid), 0);
    } catch {
      return false;
    }
  });
}

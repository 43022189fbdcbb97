/**
 * Keeps the window's runs across reloads, crashes and days: says where the engine writes them, lists them, reads them
 * when they are looked at, and removes the oldest. Independent of VS Code.
 */

import fs from "node:fs";
import path from "node:path";
import { SafeFolder } from "../../files/safeFolder.ts";
import { createFile } from "../../files/writeSafely.ts";
import type { RunKind } from "../../protocol/run.ts";
import { textRecord } from "../../tensorboard/runEncoder.ts";
import { noLabel, type RunLabel } from "../../tensorboard/storedRun.ts";
import { versionRecord } from "../../tensorboard/summary.ts";
import { type TextTag, tags } from "../../tensorboard/tags.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import { byStart } from "../runs/startOrder.ts";
import type { VerificationJob, VerificationService } from "../verify/verificationService.ts";
import { type ConfigPlaces, cardOfFolder, ownRun } from "./cardOfFolder.ts";
import { hideFolder, removeFolder, removeHidden, removeOldHidden, restoreFolder } from "./deletedRuns.ts";
import { outdated, type StoreLimits } from "./outdated.ts";
import { foreignRun } from "./restoredRun.ts";
import { cardOfRun, type RunCard } from "./runCard.ts";
import { isBeingWritten, isOwnFolder, readRunFolder } from "./runFolders.ts";
import { RunIndex } from "./runIndex.ts";
import { makeStoreRoot } from "./storeRoot.ts";

export interface RunStoreOptions extends ConfigPlaces {
  /** Absolute; null: runs are not kept, because there is no folder for them. */
  readonly root: () => string | null;
  /** Further folders with runs, of other programs; absolute. */
  readonly others?: () => readonly string[];
  readonly limits: () => StoreLimits;
  /** Most runs that are read when a window opens. */
  readonly keep: () => number;
  readonly log: (level: "info" | "warning" | "error", message: string) => void;
  readonly now?: () => number;
}

/** Bytes of one run's file: a probe is short, and there are many. */
const bounds: { readonly [kind in RunKind]: number } = { probe: 4 * 2 ** 20, train: 32 * 2 ** 20 };

export class RunStore {
  readonly #options: RunStoreOptions;
  readonly #runs: RunService;
  readonly #verifications: VerificationService;
  readonly #now: () => number;
  /** Labels of runs that have no folder yet. */
  readonly #labels = new Map<string, RunLabel>();
  readonly index: RunIndex;
  /** Whether the runs of before are there: what comes now is new. */
  #isRestored = false;

  constructor(options: RunStoreOptions, runs: RunService, verifications: VerificationService) {
    this.#options = options;
    this.#runs = runs;
    this.#verifications = verifications;
    this.#now = options.now ?? Date.now;
    this.index = new RunIndex({
      roots: () => this.#roots(),
      read: (folder, runId) => cardOfFolder(folder, runId, options, (run) => this.#follow(run)),
      isOwn: (runId) => runs.going.some((run) => run.runId === runId),
      report: (what, error) => this.#report(what, error),
    });
    this.index.onSettle(({ runId, own, external }) => {
      if (external) void this.#settleProgram(runId);
      else if (own) void this.#readRuns([runId]);
    });
  }

  /** Where a new run is written; undefined: nowhere. */
  place(kind: RunKind, runId: string): { root: string; folder: string; bound: number } | undefined {
    const root = this.#options.root();
    if (root === null) return undefined;
    try {
      makeStoreRoot(root);
      return { root, folder: runId, bound: Math.min(bounds[kind], this.#options.limits().bytes / 4) };
    } catch (error) {
      this.#report("Runs are not kept", error);
      return undefined;
    }
  }

  /** Lists all kept runs, reads the newest ones and their verifications, and removes outdated ones. */
  async restore(): Promise<void> {
    try {
      await this.index.open();
      const newest = this.#ownCards().slice(-this.#options.keep());
      await this.#readRuns(newest.map(({ runId }) => runId));
      const before = new Set(this.index.entries.map(({ card }) => card.runId));
      await this.index.refresh();
      // Runs that the index did not know, perhaps because the former window was killed.
      const found = this.#ownCards().slice(-this.#options.keep());
      await this.#readRuns(found.map(({ runId }) => runId).filter((id) => !before.has(id)));
      this.#removeOutdated();
      this.#isRestored = true;
    } catch (error) {
      this.#report("Earlier runs cannot be shown", error);
    }
  }

  /** The run of a card, read if it is not in memory; undefined if there is nothing to show yet. */
  async load(runId: string): Promise<Run | undefined> {
    if (!this.#runs.get(runId)) await this.#readRuns([runId]);
    return this.#runs.get(runId);
  }

  /**
   * Takes over what was read of a program's run. Those that ended before the window opened wait to be asked for, and so
   * do those that nobody describes.
   */
  #follow(run: Run): void {
    const known = this.#runs.get(run.runId) !== undefined;
    const isNew = run.program?.described !== false && (run.state !== "ended" || this.#isRestored);
    if (known || isNew) this.#runs.follow(run);
  }

  /** Reads a run whose process has ended once more, perhaps without an end. */
  async #settleProgram(runId: string): Promise<void> {
    const folder = this.index.get(runId)?.folder;
    if (folder !== undefined)
      await cardOfFolder(folder, runId, this.#options, (run) => this.#follow(run)).catch((error: unknown) =>
        this.#report("A run cannot be read", error),
      );
  }

  /** The folder of a run; undefined if it has none. */
  folderOf(runId: string): string | undefined {
    const known = this.index.get(runId)?.folder;
    const root = this.#options.root();
    if (known !== undefined || root === null || path.isAbsolute(runId)) return known;
    const folder = path.join(root, runId);
    return fs.existsSync(folder) ? folder : undefined;
  }

  /** The id of the run in a folder; undefined if it is not listed. */
  idOf(folder: string): string | undefined {
    return this.index.entries.find((entry) => entry.folder === folder)?.card.runId;
  }

  labelOf(runId: string): RunLabel {
    return this.#labels.get(runId) ?? this.index.get(runId)?.card.label ?? noLabel;
  }

  /** Gives a run a name, a note or a pin. */
  async label(runId: string, change: Partial<RunLabel>): Promise<void> {
    const label = { ...this.labelOf(runId), ...change };
    this.#labels.set(runId, label);
    const folder = this.folderOf(runId);
    const entry = this.index.get(runId);
    if (folder !== undefined && this.#write(folder, tags.label, label, "The label is not kept") && entry)
      await this.index.set(folder, { ...entry.card, label });
  }

  /** Keeps the card of an ended run. */
  async ended(run: Run): Promise<void> {
    const folder = this.folderOf(run.runId);
    const known = this.index.get(run.runId)?.card;
    if (known && (known.end !== null || known.interrupted)) return;
    if (folder !== undefined) await this.index.set(folder, cardOfRun(run, this.labelOf(run.runId)));
  }

  /** Writes a verification that ended in this window beside the newest run of its model. */
  keepVerification({ uri, model, key, findingId, outcome, restored }: VerificationJob): void {
    if (restored) return;
    const run = this.#runs.runs.findLast((r) => r.uri === uri && r.name === model);
    const folder = run && this.folderOf(run.runId);
    if (folder === undefined || outcome?.kind !== "verified") return;
    const content = { key, findingId, verification: outcome.verification };
    this.#write(folder, tags.verification, content, "The verification is not kept");
  }

  /** Deletes runs. The result brings them back, until it is told to remove them for good. */
  delete(runIds: readonly string[]): { readonly undo: () => Promise<void>; readonly forGood: () => void } {
    const gone = runIds.map((runId) => ({ runId, folder: this.folderOf(runId), run: this.#runs.get(runId) }));
    const hidden: string[] = [];
    for (const { runId, folder } of gone) {
      this.#runs.forget(runId);
      this.index.remove(runId);
      if (folder === undefined) continue;
      if (this.#attempt("The run's folder stays", () => hideFolder(folder))) hidden.push(folder);
    }
    return {
      undo: async () => {
        for (const folder of hidden) this.#attempt("The run does not come back", () => restoreFolder(folder));
        this.#runs.restore(gone.flatMap(({ run }) => (run?.state === "ended" ? run : [])));
        await this.index.refresh();
      },
      forGood: () => {
        for (const folder of hidden) this.#attempt("The run's folder stays", () => removeHidden(folder));
      },
    };
  }

  /** Removes runs of ours beyond the limits of size and age, once for each opening of the store. */
  #removeOutdated(): void {
    const [root] = this.#roots();
    if (root === undefined) return;
    this.#attempt("Deleted runs stay", () => removeOldHidden(root, this.#now()));
    const now = this.index.noteOpening(this.#now());
    const own = this.index.entries.filter(({ folder }) => path.dirname(folder) === root && isOwnFolder(folder));
    for (const { folder, card } of outdated(own, this.#options.limits(), now)) {
      this.#attempt("The run's folder stays", () => removeFolder(root, path.basename(folder)));
      this.index.remove(card.runId);
      this.#runs.forget(card.runId);
    }
  }

  dispose(): void {
    this.index.dispose();
  }

  #roots(): readonly string[] {
    const root = this.#options.root();
    return root === null ? [] : [...new Set([root, ...(this.#options.others?.() ?? [])])];
  }

  /** The oldest first. */
  #ownCards(): readonly RunCard[] {
    return this.index.entries
      .map(({ card }) => card)
      .filter(({ own }) => own)
      .sort(byStart);
  }

  async #readRuns(runIds: readonly string[]): Promise<void> {
    const restored: Run[] = [];
    for (const runId of runIds) {
      const folder = this.index.get(runId)?.folder;
      if (folder === undefined || this.#runs.get(runId)) continue;
      // A run that cannot be read must not hide the others.
      const stored = await readRunFolder(folder, runId).catch((error: unknown) => {
        this.#report("A run cannot be read", error);
        return null;
      });
      if (!stored) continue;
      const isWritten = stored.end === null && (await isBeingWritten(folder));
      const own = ownRun(stored, folder, this.#options);
      // A run of ours that another process still writes is read when the index says that it has ended.
      if (own && isWritten) continue;
      const run = own ?? foreignRun(stored, isWritten);
      restored.push(run);
      if (own && stored.verification)
        this.#verifications.restore({ uri: run.uri, model: run.name }, stored.verification);
    }
    this.#runs.restore(restored);
  }

  /** Adds a file with one text to a run's folder. @returns whether it could. */
  #write(folder: string, tag: TextTag, content: unknown, otherwise: string): boolean {
    return this.#attempt(otherwise, () => {
      const seconds = timeAfter(folder, this.#now()) / 1000;
      const bytes = Buffer.concat([versionRecord(seconds), textRecord(tag, content, 0, seconds)]);
      const safe = SafeFolder.open(path.dirname(folder), path.basename(folder), { make: false });
      try {
        createFile(safe, `events.out.tfevents.${Math.round(1000 * seconds)}.${nameOf(tag)}.gradlens`, bytes);
      } finally {
        safe.close();
      }
    });
  }

  #attempt(otherwise: string, act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.#report(otherwise, error);
      return false;
    }
  }

  #report(what: string, error: unknown): void {
    this.#options.log("warning", `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Now, or right after the newest text of the folder if the clock was set back since: the newest text counts. */
function timeAfter(folder: string, now: number): number {
  const times = fs.readdirSync(folder).flatMap((name) => {
    const time = Number(/^events\.out\.tfevents\.(\d{13,15})\.\w+\.gradlens$/.exec(name)?.[1]);
    return Number.isSafeInteger(time) ? [time] : [];
  });
  return times.reduce((latest, time) => Math.max(latest, time + 1), now);
}

/** `gradlens/label.1` → `label` */
function nameOf(tag: TextTag): string {
  return path.basename(tag).replace(/\.\d+$/, "");
}

/**
 * The runs of verifications that go on or ended early, on disk, so that a reload or a crash costs only the run that was
 * being made. Each verification has a hidden folder beside the runs, and in it a folder for each of its runs, which the
 * engine writes. A folder belongs to one window until the process of that window is gone.
 */

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as z from "zod";
import type { Immutable } from "../../config/immutable.ts";
import { SafeFolder } from "../../files/safeFolder.ts";
import { writeWhole } from "../../files/writeSafely.ts";
import { findingSchema } from "../../protocol/finding.ts";
import { readJson, writeJson } from "../../tensorboard/plainJson.ts";
import type { Made, MadeRequest, MadeRunsPlace } from "../verify/madeRuns.ts";
import { readRunFolder } from "./runFolders.ts";
import { makeStoreRoot } from "./storeRoot.ts";

/** Name of a verification's folder. */
const prefix = ".verifying-";
const aboutName = "about.json";

/** Bytes of a run's file, and of the text about the verification. */
const runBound = 8 * 2 ** 20;
const largestAbout = 2 ** 24;

/** Most verifications that are kept, and most runs of each; the oldest verifications go. */
const mostKept = 4;
const mostRuns = 500;

const aboutSchema = z.object({
  version: z.literal(1),
  configPath: z.string(),
  configText: z.string(),
  model: z.string(),
  /** Null for the gravest one. */
  finding: findingSchema.nullable(),
  /** The window that makes the runs. */
  owner: z.object({ host: z.string(), pid: z.int().positive() }),
});
type About = Immutable<z.infer<typeof aboutSchema>>;

/** What a verification is about. */
export type BegunVerification = Omit<About, "version" | "owner">;

export interface UnfinishedVerification {
  readonly begun: BegunVerification;
  /** In the order in which they were made. */
  readonly runs: readonly (Made & { readonly request: MadeRequest })[];
  readonly place: MadeRunsPlace;
}

export interface KeptVerificationsOptions {
  /** Absolute; null: nothing is kept. */
  readonly root: () => string | null;
  readonly log: (level: "warning", message: string) => void;
  readonly now?: () => number;
  /** Number of this process. Default: its own. */
  readonly pid?: number;
}

/** Milliseconds after which the folders of other windows are looked at again. */
const lookAgain = 2000;

const seedSchema = z.object({ training: z.object({ seed: z.int().nonnegative() }) });

export class KeptVerifications {
  readonly #options: KeptVerificationsOptions;
  readonly #pid: number;
  readonly #now: () => number;
  #count = 0;
  #looking: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(options: KeptVerificationsOptions) {
    this.#options = options;
    this.#pid = options.pid ?? process.pid;
    this.#now = options.now ?? Date.now;
  }

  /** Where the runs of a new verification are written. Nothing is written before its first run. */
  begin(begun: BegunVerification): MadeRunsPlace {
    const name = this.#newName();
    let begins = true;
    return this.#place(name, 0, () => {
      if (begins) this.#describe(name, begun);
      begins = false;
    });
  }

  /**
   * Hands over the verifications that closed windows left unfinished, each to one window alone: those that are found
   * now, and later those of a window that still makes its runs, once it has gone.
   */
  async follow(found: (one: UnfinishedVerification) => Promise<void>): Promise<void> {
    const root = this.#options.root();
    if (root === null || this.#disposed) return;
    const names = (await fs.promises.readdir(root).catch(() => [])).filter((name) => name.startsWith(prefix)).sort();
    const owners = names.map((name) => ({ name, pid: livingOwner(root, name) }));
    const orphans = owners.filter(({ pid }) => pid === null).map(({ name }) => name);
    for (const name of orphans.slice(0, -mostKept)) this.#remove(name);
    for (const name of orphans.slice(-mostKept)) {
      const one = await this.#takeOver(root, name);
      if (one) await found(one);
    }
    if (owners.some(({ pid }) => pid !== null && pid !== this.#pid) && !this.#disposed)
      this.#looking = setTimeout(() => void this.follow(found), lookAgain);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#looking);
  }

  async #takeOver(root: string, former: string): Promise<UnfinishedVerification | null> {
    try {
      const begun = readAbout(root, former);
      if (!begun) {
        this.#remove(former);
        return null;
      }
      const name = this.#newName();
      // If two windows try it, one renames the folder and the other finds nothing.
      within(root, (folder) => folder.rename(former, name));
      this.#describe(name, begun);
      const folders = (await fs.promises.readdir(path.join(root, name))).filter((run) => /^\d{1,6}$/.test(run));
      const runs = await Promise.all(
        folders
          .sort((a, b) => Number(a) - Number(b))
          .slice(0, mostRuns)
          .map((run) => readMade(path.join(root, name, run))),
      );
      const last = Math.max(0, ...folders.map(Number));
      return { begun, runs: runs.filter((run) => run !== null), place: this.#place(name, last, () => {}) };
    } catch (error) {
      if (fs.existsSync(path.join(root, former))) this.#report("A verification is not continued", error);
      return null;
    }
  }

  #place(name: string, last: number, begin: () => void): MadeRunsPlace {
    let count = last;
    return {
      next: () => {
        const root = this.#options.root();
        if (root === null) return undefined;
        try {
          begin();
          count += 1;
          return { root: path.join(root, name), folder: String(count), bound: runBound };
        } catch (error) {
          this.#report("The runs of a verification are not kept", error);
          return undefined;
        }
      },
      remove: () => this.#remove(name),
    };
  }

  /** Unique among all windows; their order is that of time. */
  #newName(): string {
    this.#count += 1;
    return `${prefix}${this.#now()}-${this.#pid}-${this.#count}`;
  }

  #describe(name: string, { configPath, configText, model, finding }: BegunVerification): void {
    const root = this.#options.root();
    if (root === null) return;
    const owner = { host: os.hostname(), pid: this.#pid };
    const about: About = { version: 1, configPath, configText, model, finding, owner };
    makeStoreRoot(root);
    within(root, (folder) => folder.inside(name).close());
    within(path.join(root, name), (folder) => writeWhole(folder, aboutName, Buffer.from(writeJson(about))));
  }

  #report(what: string, error: unknown): void {
    this.#options.log("warning", `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }

  #remove(name: string): void {
    const root = this.#options.root();
    if (root === null || !fs.existsSync(path.join(root, name))) return;
    try {
      within(path.join(root, name), (folder) => {
        for (const run of folder.names()) if (folder.look(run) === "folder") folder.removeFolder(run);
      });
      within(root, (folder) => folder.removeFolder(name));
    } catch (error) {
      this.#report("The runs of a verification stay", error);
    }
  }
}

/** The window that makes a verification's runs; null if it is gone. */
function livingOwner(root: string, name: string): number | null {
  const owner = readAbout(root, name)?.owner;
  return owner && owner.host === os.hostname() && exists(owner.pid) ? owner.pid : null;
}

/** Null if the folder does not say it. */
function readAbout(root: string, name: string): About | null {
  try {
    const bytes = within(path.join(root, name), (folder) => folder.read(aboutName, largestAbout));
    return bytes && (aboutSchema.safeParse(readJson(bytes.toString("utf8"))).data ?? null);
  } catch {
    return null;
  }
}

/** Null for a run that did not end. */
async function readMade(folder: string): Promise<(Made & { readonly request: MadeRequest }) | null> {
  const stored = await readRunFolder(folder, path.basename(folder)).catch(() => null);
  const seed = seedSchema.safeParse(stored?.model).data?.training.seed;
  const steps = stored?.history.info.plannedSteps;
  if (!stored?.end || !stored.config || seed === undefined || steps == null) return null;
  const { history, end, config } = stored;
  return {
    request: { configText: config.text, model: history.info.model, seed, steps },
    ran: { end, history },
    took: 1000 * Math.max(0, stored.last - stored.started),
  };
}

/** @param folder must exist */
function within<T>(folder: string, act: (folder: SafeFolder) => T): T {
  const open = SafeFolder.open(folder, folder, { make: false });
  try {
    return act(open);
  } finally {
    open.close();
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

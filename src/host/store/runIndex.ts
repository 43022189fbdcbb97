/**
 * The cards of all kept runs. They stand in one file, so that a window with thousands of runs lists them at once; what
 * changed since is read afterwards. The file is a cache: whatever is missing or damaged in it is read from the runs.
 */

import fs from "node:fs";
import path from "node:path";
import * as z from "zod";
import { SafeFolder } from "../../files/safeFolder.ts";
import { writeDurably } from "../../files/writeSafely.ts";
import { readJson, writeJson } from "../../tensorboard/plainJson.ts";
import { Emitter } from "../emitter.ts";
import { agesAt, withOpening } from "./openings.ts";
import { type RunCard, runCardSchema } from "./runCard.ts";
import { isBeingWritten, listFolders, measureFolder, type RunFolder } from "./runFolders.ts";

const indexName = "index.json";

/** Follows no link, and does not wait for the writer of a pipe; Windows has neither. */
const careful = (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);

/** Bytes of an index that is read. */
const largestIndex = 2 ** 26;

/** Milliseconds that changes wait to be written together. */
const saveDelay = 1000;

/** Runs that others write are read again after this many milliseconds, and after this many times what that took. */
const watchDelay = 2000;
const watchShare = 20;

/** Milliseconds after which the time of a folder changes with every file that comes: clocks of file systems are coarse. */
const settled = 10_000;

/** Folders whose times are asked for together: a system call each, made by a few threads. */
const atOnce = 128;

const entrySchema = z.object({
  /** Absolute. */
  folder: z.string(),
  /** Milliseconds since 1970 of the newest file, and of the folder itself. */
  changed: z.number(),
  touched: z.number(),
  bytes: z.number(),
  card: runCardSchema,
});
export type IndexEntry = Readonly<z.infer<typeof entrySchema>>;

const fileSchema = z.object({
  version: z.literal(1),
  entries: z.array(z.unknown()),
  /** When the store was opened, in milliseconds since 1970. */
  opened: z.array(z.number()).default([]),
});
type Stored = Pick<z.infer<typeof fileSchema>, "entries" | "opened">;

export interface RunIndexOptions {
  /** Absolute paths of the folders with runs; the first one is ours. */
  readonly roots: () => readonly string[];
  /** Reads the card of a folder; null if it holds no run. */
  readonly read: (folder: string, runId: string) => Promise<RunCard | null>;
  /** Runs that this window still writes: it knows more of them than their files say. */
  readonly isOwn: (runId: string) => boolean;
  readonly report: (what: string, error: unknown) => void;
}

export class RunIndex {
  readonly #options: RunIndexOptions;
  #entries = new Map<string, IndexEntry>();
  #opened: readonly number[] = [];
  /** When the folders without a run were touched, so that thousands of them are not read at each look. */
  #empty = new Map<string, number>();
  readonly #changed = new Emitter<void>();
  readonly #settled = new Emitter<RunCard>();
  #watching: NodeJS.Timeout | undefined;
  #saving: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  #disposed = false;

  /** Cards came, went or changed. */
  readonly onChange = this.#changed.on.bind(this.#changed);
  /** A run that another process wrote ended, or its process did. */
  readonly onSettle = this.#settled.on.bind(this.#settled);

  constructor(options: RunIndexOptions) {
    this.#options = options;
  }

  get entries(): readonly IndexEntry[] {
    return [...this.#entries.values()];
  }

  get(runId: string): IndexEntry | undefined {
    return this.#entries.get(runId);
  }

  /** Lists what the index file says and what still exists. */
  async open(): Promise<void> {
    const [own] = this.#options.roots();
    if (own === undefined) return;
    const [{ entries, opened }, folders] = await Promise.all([readIndex(path.join(own, indexName)), this.#folders()]);
    this.#opened = opened;
    for (const entry of entries.flatMap((one) => entrySchema.safeParse(one).data ?? [])) {
      const { folder, card } = entry;
      // A card under another run's name would hide that run.
      if (folders.has(folder) && card.runId === this.#idOf(folder) && !this.#entries.has(card.runId))
        this.#entries.set(card.runId, entry);
    }
    this.#changed.fire();
  }

  /** Notes that the store is opened. @returns the time by which the ages of runs are measured. */
  noteOpening(now: number): number {
    const before = this.#opened;
    this.#opened = withOpening(before, now);
    this.#saveLater();
    return agesAt(before, now);
  }

  /** Reads what is new or has changed since, and drops what is gone. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Takes the card of one of the window's own runs over. */
  async set(folder: string, card: RunCard): Promise<void> {
    const [measured, touched] = await Promise.all([measureFolder(folder), touchedAt(folder)]);
    if (!measured || touched === null) return;
    this.#put({ ...measured, touched, card });
  }

  /** Forgets a run whose folder is gone. */
  remove(runId: string): void {
    if (!this.#entries.delete(runId)) return;
    this.#changed.fire();
    this.#saveLater();
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#saving);
    clearTimeout(this.#watching);
    this.#changed.dispose();
    this.#settled.dispose();
  }

  async #folders(): Promise<ReadonlySet<string>> {
    const lists = await Promise.all(this.#options.roots().map((root) => listFolders(root)));
    return new Set(lists.flat());
  }

  async #refresh(): Promise<void> {
    const folders = await this.#folders();
    const known = new Map(this.entries.map((entry) => [entry.folder, entry]));
    for (const [folder, { card }] of known) if (!folders.has(folder)) this.remove(card.runId);
    for (const folder of this.#empty.keys()) if (!folders.has(folder)) this.#empty.delete(folder);
    const others = [...folders].filter((folder) => !this.#options.isOwn(this.#idOf(folder)));
    for (let at = 0; at < others.length && !this.#disposed; at += atOnce) {
      const some = others.slice(at, at + atOnce);
      const touched = await Promise.all(some.map(touchedAt));
      for (const [i, folder] of some.entries()) await this.#look(folder, known.get(folder), touched[i] ?? null);
    }
    this.#watch();
  }

  /** Reads a folder's card if anything changed in it. */
  async #look(folder: string, before: IndexEntry | undefined, touched: number | null): Promise<void> {
    if (this.#disposed || touched === null || (before && before.touched === touched && isSettled(before.card))) return;
    if (this.#empty.get(folder) === touched) return;
    const measured = await measureFolder(folder);
    if (!measured && Date.now() - touched > settled) this.#empty.set(folder, touched);
    if (!measured) return;
    if (before && isSame(before, measured) && before.touched === touched) {
      if (!(await isBeingWritten(folder))) this.#put({ ...before, card: { ...before.card, interrupted: true } });
      return;
    }
    const card = await this.#read(folder);
    if (card) this.#put({ ...measured, touched, card });
  }

  /** Follows the runs that other processes write. */
  #watch(): void {
    clearTimeout(this.#watching);
    const open = this.entries.filter(({ card }) => !isSettled(card));
    if (open.length === 0 || this.#disposed) return;
    const look = async (): Promise<void> => {
      const begun = performance.now();
      for (const entry of open) {
        await this.#look(entry.folder, entry, await touchedAt(entry.folder));
        const now = this.#entries.get(entry.card.runId)?.card;
        if (now && isSettled(now)) this.#settled.fire(now);
      }
      this.#watching = setTimeout(() => this.#watch(), watchShare * (performance.now() - begun));
    };
    this.#watching = setTimeout(() => void look(), watchDelay);
  }

  async #read(folder: string): Promise<RunCard | null> {
    try {
      const card = await this.#options.read(folder, this.#idOf(folder));
      return card?.end === null ? { ...card, interrupted: !(await isBeingWritten(folder)) } : card;
    } catch (error) {
      this.#options.report("A run cannot be listed", error);
      return null;
    }
  }

  /** Our own runs have the folder's name as their id, others its path. */
  #idOf(folder: string): string {
    const [own] = this.#options.roots();
    return own !== undefined && path.dirname(folder) === own ? path.basename(folder) : folder;
  }

  #put(entry: IndexEntry): void {
    this.#entries.set(entry.card.runId, entry);
    this.#changed.fire();
    this.#saveLater();
  }

  #saveLater(): void {
    this.#saving ??= setTimeout(() => {
      this.#saving = undefined;
      void this.#save();
    }, saveDelay);
  }

  async #save(): Promise<void> {
    const [own] = this.#options.roots();
    if (own === undefined || this.#disposed || !fs.existsSync(own)) return;
    try {
      const folder = SafeFolder.open(own, own);
      try {
        await writeDurably(folder, indexName, [
          Buffer.from(writeJson({ version: 1, opened: this.#opened, entries: this.entries })),
        ]);
      } finally {
        folder.close();
      }
    } catch (error) {
      this.#options.report("The list of runs is not kept", error);
    }
  }
}

async function readIndex(file: string): Promise<Stored> {
  const nothing = { entries: [], opened: [] };
  let handle: fs.promises.FileHandle | undefined;
  try {
    handle = await fs.promises.open(file, fs.constants.O_RDONLY | careful);
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > largestIndex) return nothing;
    return fileSchema.safeParse(readJson(await handle.readFile("utf8"))).data ?? nothing;
  } catch {
    return nothing;
  } finally {
    await handle?.close();
  }
}

async function touchedAt(folder: string): Promise<number | null> {
  return await fs.promises.stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

/** Nothing is appended to an ended run; what people add to it stands in new files, which change the folder's time. */
function isSettled({ end, interrupted }: RunCard): boolean {
  return end !== null || interrupted;
}

function isSame(before: IndexEntry, { changed, bytes }: RunFolder): boolean {
  return before.changed === changed && before.bytes === bytes;
}

/**
 * One owner per folder: a lock file that is created exclusively and says which process holds it.
 *
 * A lock of a process that is gone is stale, and removed. Two that find it at the same time must not remove each other's
 * new lock: a stale lock is removed only by who holds a lock of its own on exactly that one, and only after another look
 * at it. Such guards are locks like any other, so a guard of a process that was killed is removed the same way.
 */

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { codeOf, type SafeFolder } from "../safeFolder.ts";
import { createFile, createWhole } from "../writeSafely.ts";
import { type Owner, ownerSchema, ownerText, stateOf, thisProcess } from "./owner.ts";

export const lockName = ".gradlens.lock";

/** Longest lock file, in bytes: one of ours has about 300. */
const longest = 4096;
/** Milliseconds in which a lock without content may still be getting it. */
const writing = 2000;
const pause = 25;
/** Guards of guards that killed processes have left. */
const deepest = 8;

/** Why a folder could not be had, to be followed by what to do. */
export interface Taken {
  readonly message: string;
}

export interface TakeOptions {
  /** Milliseconds a holder is given to end; one that was told to is about to. */
  readonly patience?: number;
}

const held = new Set<FolderLock>();

export class FolderLock {
  readonly #folder: SafeFolder;
  readonly #name: string;
  readonly #id: string;
  #released = false;

  private constructor(folder: SafeFolder, name: string, id: string) {
    this.#folder = folder;
    this.#name = name;
    this.#id = id;
    // Whatever ends the process in order; one that is killed leaves a stale lock.
    if (held.size === 0) process.on("exit", releaseAll);
    held.add(this);
  }

  /** @param folder to be kept open until the lock is released. @throws what the system says, or UnsafePlace. */
  static async take(folder: SafeFolder, { patience = 1000 }: TakeOptions = {}): Promise<FolderLock | Taken> {
    return await FolderLock.#take(folder, lockName, patience, 0);
  }

  static async #take(folder: SafeFolder, name: string, patience: number, depth: number): Promise<FolderLock | Taken> {
    const until = performance.now() + patience;
    const file = path.join(folder.path, name);
    for (;;) {
      const owner = thisProcess();
      if (create(folder, name, owner) && readLock(folder, name)?.id === owner.id)
        return new FolderLock(folder, name, owner.id);
      const found = readLock(folder, name);
      const state = found === null ? "none" : found.owner ? stateOf(found.owner) : found.young ? "alive" : "gone";
      if (found && state === "gone") {
        if (depth === deepest) return { message: `its lock "${file}" is damaged; remove it` };
        await FolderLock.#break(folder, name, found.id, patience, depth);
      }
      if (performance.now() >= until && found && state !== "gone") return { message: takenText(found, state, file) };
      if (performance.now() >= until + writing) return { message: `its lock "${file}" does not come to rest` };
      if (state !== "none" && state !== "gone") await setTimeout(pause);
    }
  }

  /** Removes the lock `id`, whose owner is gone, unless somebody else has by now. */
  static async #break(folder: SafeFolder, name: string, id: string, patience: number, depth: number): Promise<void> {
    const guard = await FolderLock.#take(folder, `${lockName}-${id}`, patience, depth + 1);
    if (!(guard instanceof FolderLock)) return;
    try {
      if (readLock(folder, name)?.id === id) folder.remove(name);
    } finally {
      guard.release();
    }
  }

  /** Twice is fine. A lock that is somebody else's by now stays. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    held.delete(this);
    if (held.size === 0) process.off("exit", releaseAll);
    try {
      if (readLock(this.#folder, this.#name)?.id === this.#id) this.#folder.remove(this.#name);
    } catch {
      // The folder is gone, or not ours any more: so is the lock, and what ended well must not fail for it.
    }
  }
}

function releaseAll(): void {
  for (const lock of [...held]) lock.release();
}

interface Found {
  readonly id: string;
  /** Null: what stands there is no lock of ours, or none yet. */
  readonly owner: Owner | null;
  readonly young: boolean;
}

function create(folder: SafeFolder, name: string, owner: Owner): boolean {
  const bytes = new TextEncoder().encode(`${JSON.stringify(owner)}\n`);
  try {
    createWhole(folder, name, bytes);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(codeOf(error))) throw error;
  }
  // A file system that knows no second names of files.
  try {
    createFile(folder, name, bytes);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Null: there is none. @throws UnsafePlace for what is no plain file, or too long. */
function readLock(folder: SafeFolder, name: string): Found | null {
  const bytes = folder.read(name, longest);
  if (bytes === null) return null;
  const owner = ownerOf(bytes);
  if (owner) return { id: owner.id, owner, young: false };
  const stat = folder.act(name, (place) => fs.lstatSync(place, { bigint: true, throwIfNoEntry: false }));
  if (!stat) return null;
  const id = createHash("sha256").update(`${stat.ino} ${stat.mtimeNs}`).digest("hex").slice(0, 32);
  return { id, owner: null, young: Math.abs(Date.now() - Number(stat.mtimeMs)) < writing };
}

function ownerOf(bytes: Uint8Array): Owner | null {
  try {
    return ownerSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data ?? null;
  } catch {
    return null;
  }
}

function takenText({ owner }: Found, state: string, file: string): string {
  if (!owner) return `another run is taking it`;
  const hint = state === "elsewhere" ? `; if that process is gone, remove "${file}"` : "";
  return `another run writes there (${ownerText(owner)})${hint}`;
}

/**
 * One owner per folder: a lock file that is created exclusively and names the process that holds it.
 *
 * A lock of a process that is gone is stale, and is removed. Two processes that find it at the same time must not
 * remove each other's new lock. So a stale lock is removed only by a process that holds a guard lock on exactly that
 * lock, and only after checking it again. Guards are ordinary locks, so a guard of a killed process is removed the same
 * way.
 */

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { folderWords } from "../../messages/folders.ts";
import { codeOf, type SafeFolder } from "../safeFolder.ts";
import { createFile, createWhole } from "../writeSafely.ts";
import { type Owner, ownerSchema, ownerText, stateOf, thisProcess } from "./owner.ts";

export const lockName = ".gradlens.lock";

/** Longest lock file in bytes; ours have about 300. */
const longest = 4096;
/** Milliseconds for which an empty lock may still be in the process of being written. */
const writing = 2000;
const pause = 25;
/** Most levels of guards on guards left by killed processes. */
const deepest = 8;

/** Why a folder could not be locked; a remedy should follow. */
export interface Taken {
  readonly message: string;
}

export interface TakeOptions {
  /** Milliseconds for which to wait for the holder to end, in case it is about to. */
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
    // This runs whenever the process ends normally; a killed process leaves a stale lock.
    if (held.size === 0) process.on("exit", releaseAll);
    held.add(this);
  }

  /** @param folder must stay open until the lock is released. @throws the system's error, or UnsafePlace. */
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
        if (depth === deepest) return { message: folderWords().damagedLock(file) };
        await FolderLock.#break(folder, name, found.id, patience, depth);
      }
      if (performance.now() >= until && found && state !== "gone") return { message: takenText(found, state, file) };
      if (performance.now() >= until + writing) return { message: folderWords().changingLock(file) };
      if (state !== "none" && state !== "gone") await setTimeout(pause);
    }
  }

  /** Removes the lock `id`, whose owner is gone, unless another process has already done so. */
  static async #break(folder: SafeFolder, name: string, id: string, patience: number, depth: number): Promise<void> {
    const guard = await FolderLock.#take(folder, `${lockName}-${id}`, patience, depth + 1);
    if (!(guard instanceof FolderLock)) return;
    try {
      if (readLock(folder, name)?.id === id) folder.remove(name);
    } finally {
      guard.release();
    }
  }

  /** May be called twice. A lock that belongs to someone else by now stays. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    held.delete(this);
    if (held.size === 0) process.off("exit", releaseAll);
    try {
      if (readLock(this.#folder, this.#name)?.id === this.#id) this.#folder.remove(this.#name);
    } catch {
      // If the folder is gone or no longer ours, so is the lock; a run that ended well must not fail because of that.
    }
  }
}

function releaseAll(): void {
  for (const lock of [...held]) lock.release();
}

interface Found {
  readonly id: string;
  /** Null: the file is not a lock of ours, or has no content yet. */
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
  // For file systems without hard links.
  try {
    createFile(folder, name, bytes);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Null: there is no lock. @throws UnsafePlace if it is not a plain file, or too long. */
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
  if (!owner) return folderWords().beingTaken;
  return folderWords().taken({
    owner: ownerText(owner),
    remove: state === "elsewhere" || state === "unsure" ? file : null,
  });
}

/**
 * The only code that writes files: under a fresh, unpredictable name, opened exclusively and without following links,
 * then renamed over the target. A planted link, hard link or device at the target gains an attacker nothing: a link and
 * a device are refused, and another hard link keeps its content.
 */

import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { promisify } from "node:util";
import type { SafeFolder } from "./safeFolder.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = fs.constants;
// Windows has no O_NOFOLLOW; O_EXCL alone refuses an existing link.
const exclusively = O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0);

/** Fresh names, by which files left behind by a killed process are recognised. */
const freshName = /^\.gradlens-[0-9a-f]{32}\.tmp$/;

const syncFile = promisify(fs.fsync);

/** A file that is written under a fresh name until it is published under its own name. */
export class FreshFile {
  readonly #folder: SafeFolder;
  readonly #target: string;
  readonly #fresh = `.gradlens-${randomBytes(16).toString("hex")}.tmp`;
  readonly #descriptor: number;
  #published = false;
  #closed = false;

  /** @throws UnsafePlace if the target exists and is not a plain file, otherwise the system's error. */
  constructor(folder: SafeFolder, target: string) {
    folder.expectFile(target);
    this.#folder = folder;
    this.#target = target;
    this.#descriptor = folder.act(this.#fresh, (place) => fs.openSync(place, exclusively, 0o666));
  }

  /** Appends all of `bytes`, also after the file is published. */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.#descriptor, bytes, at);
  }

  async writeLater(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += await this.#writeSome(bytes, at);
  }

  #writeSome(bytes: Uint8Array, at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      fs.write(this.#descriptor, bytes, at, null, null, (error, count) => (error ? reject(error) : resolve(count)));
    });
  }

  /** Everything written is on the disk when this resolves. */
  async sync(): Promise<void> {
    await syncFile(this.#descriptor);
  }

  /** Replaces the target atomically. @throws like the constructor. */
  publish(): void {
    this.#folder.expectFile(this.#target);
    this.#folder.act(this.#fresh, (fresh) => fs.renameSync(fresh, this.#folder.at(this.#target)));
    this.#published = true;
  }

  /** Closes the file, and removes it if it was not published. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    fs.closeSync(this.#descriptor);
    if (!this.#published) this.#folder.remove(this.#fresh);
  }
}

/**
 * Writes a whole file, which is on the disk under its name when this resolves. At every moment either the former or the
 * new file exists, even if the power fails.
 */
export async function writeDurably(folder: SafeFolder, name: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const file = new FreshFile(folder, name);
  try {
    for (const piece of pieces) await file.writeLater(piece);
    await file.sync();
    file.publish();
    folder.sync();
  } finally {
    file.close();
  }
}

/** Writes a whole file; a reader sees either the former or the new one. */
export function writeWhole(folder: SafeFolder, name: string, bytes: Uint8Array): void {
  const file = new FreshFile(folder, name);
  try {
    file.write(bytes);
    file.publish();
  } finally {
    file.close();
  }
}

/**
 * Writes a file under an unused name; a link counts as used. If the disk is full, no part of it stays.
 *
 * @throws the system's EEXIST if the name is used.
 */
export function createFile(folder: SafeFolder, name: string, bytes: Uint8Array): void {
  const descriptor = folder.act(name, (place) => fs.openSync(place, exclusively, 0o666));
  let whole = false;
  try {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(descriptor, bytes, at);
    whole = true;
  } finally {
    fs.closeSync(descriptor);
    if (!whole) folder.remove(name);
  }
}

/** Publishes a complete file under an unused name. @throws the system's EEXIST if the name is used. */
export function createWhole(folder: SafeFolder, name: string, bytes: Uint8Array): void {
  const fresh = `.gradlens-${randomBytes(16).toString("hex")}.tmp`;
  createFile(folder, fresh, bytes);
  try {
    folder.act(name, (place) => fs.linkSync(folder.at(fresh), place));
  } finally {
    folder.remove(fresh);
  }
}

/** Removes files left behind by killed processes; only for the sole owner of a folder. */
export function removeLeftovers(folder: SafeFolder): void {
  for (const name of folder.names()) if (freshName.test(name)) folder.remove(name);
}

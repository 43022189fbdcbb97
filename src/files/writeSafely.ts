/**
 * All that writes files: under a fresh name that nobody can foresee, opened exclusively and without following links, and
 * then renamed over the target. Whatever has planted a link, a further name of a file or a device at the target gains
 * nothing: a link and a device are refused, a further name keeps what it had.
 */

import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { promisify } from "node:util";
import type { SafeFolder } from "./safeFolder.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = fs.constants;
// Windows has no O_NOFOLLOW; O_EXCL alone refuses a link that exists.
const exclusively = O_WRONLY | O_CREAT | O_EXCL | (O_NOFOLLOW ?? 0);

/** Fresh names: what a killed process leaves behind is known by them. */
const freshName = /^\.gradlens-[0-9a-f]{32}\.tmp$/;

const writeSome = promisify(fs.write);
const syncFile = promisify(fs.fsync);

/** A file that is written under a fresh name until it is published under its own. */
export class FreshFile {
  readonly #folder: SafeFolder;
  readonly #target: string;
  readonly #fresh = `.gradlens-${randomBytes(16).toString("hex")}.tmp`;
  readonly #descriptor: number;
  #published = false;
  #closed = false;

  /** @throws UnsafePlace where there is something at the target that is no plain file, else what the system says. */
  constructor(folder: SafeFolder, target: string) {
    folder.expectFile(target);
    this.#folder = folder;
    this.#target = target;
    this.#descriptor = folder.act(this.#fresh, (place) => fs.openSync(place, exclusively, 0o666));
  }

  /** Adds all of `bytes`, also after the file is published. */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.#descriptor, bytes, at);
  }

  async writeLater(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await writeSome(this.#descriptor, bytes, at)).bytesWritten;
  }

  /** What was written is on the disk once it resolves. */
  async sync(): Promise<void> {
    await syncFile(this.#descriptor);
  }

  /** Takes the target's place in one go. @throws as the constructor does. */
  publish(): void {
    this.#folder.expectFile(this.#target);
    this.#folder.act(this.#fresh, (fresh) => fs.renameSync(fresh, this.#folder.at(this.#target)));
    this.#published = true;
  }

  /** What is not published by then is removed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    fs.closeSync(this.#descriptor);
    if (!this.#published) this.#folder.remove(this.#fresh);
  }
}

/**
 * Writes a whole file that is on the disk, with its name, once this resolves: there is the former one or the new at every
 * moment, also when the power fails.
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

/** Writes a whole file; a reader sees the former one or the new. */
export function writeWhole(folder: SafeFolder, name: string, bytes: Uint8Array): void {
  const file = new FreshFile(folder, name);
  try {
    file.write(bytes);
    file.publish();
  } finally {
    file.close();
  }
}

/** Writes a file under a name that nothing has, not even a link. @throws the system's EEXIST where something has. */
export function createFile(folder: SafeFolder, name: string, bytes: Uint8Array): void {
  const descriptor = folder.act(name, (place) => fs.openSync(place, exclusively, 0o666));
  try {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(descriptor, bytes, at);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Gives a file a name that nothing has, whole from its first moment. @throws the system's EEXIST where something has. */
export function createWhole(folder: SafeFolder, name: string, bytes: Uint8Array): void {
  const fresh = `.gradlens-${randomBytes(16).toString("hex")}.tmp`;
  createFile(folder, fresh, bytes);
  try {
    folder.act(name, (place) => fs.linkSync(folder.at(fresh), place));
  } finally {
    folder.remove(fresh);
  }
}

/** Removes what killed processes have left; only for the one owner of a folder. */
export function removeLeftovers(folder: SafeFolder): void {
  for (const name of folder.names()) if (freshName.test(name)) folder.remove(name);
}

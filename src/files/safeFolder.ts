/**
 * A folder below a root, held open while files are written into it.
 *
 * Linux keeps a descriptor of the folder and reaches its entries through `/proc/self/fd` (proc(5)), which serves the
 * purpose of openat(2), missing in Node: if the folder is replaced by a link in the meantime, the link is not followed.
 * Other systems therefore compare the folder's identity with the original one right before each use, which leaves a
 * short gap.
 */

import fs from "node:fs";
import path from "node:path";
import { folderWords } from "../messages/folders.ts";

/** Thrown for a place that must not be written to; the message is for people. */
export class UnsafePlace extends Error {}

export interface OpenOptions {
  /** Whether missing folders are made; default: true. */
  readonly make?: boolean;
  /** Whether the folder is held by a descriptor; default: if the system can. */
  readonly hold?: boolean;
}

/** What exists under a name: the entry itself, not the target of a link. */
export type Entry = "nothing" | "file" | "link" | "folder" | "special";

const descriptors = "/proc/self/fd";
const canHold = process.platform === "linux" && fs.existsSync(descriptors);
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = fs.constants;
/** Windows has neither flag; there a link is detected by looking first. */
const unfollowed = (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);

export class SafeFolder {
  /** Real path, without links. */
  readonly path: string;
  readonly #root: string;
  /** Null if the folder's identity is compared instead. */
  #descriptor: number | null;
  readonly #identity: string;

  private constructor(root: string, real: string, descriptor: number | null) {
    this.path = real;
    this.#root = root;
    this.#descriptor = descriptor;
    this.#identity = descriptor === null ? identityOf(real) : "";
  }

  /**
   * Opens `folder`, which is relative to `root` or an absolute path below it. Links on the way are judged by their
   * targets.
   *
   * @param root must exist; links that lead to it are followed.
   * @throws UnsafePlace if the folder is not below the root, otherwise the system's error.
   */
  static open(root: string, folder: string, { make = true, hold = canHold }: OpenOptions = {}): SafeFolder {
    const relative = path.relative(path.resolve(root), path.resolve(root, folder));
    if (!isBelow(path.resolve(root), path.resolve(root, folder))) throw new UnsafePlace(folderWords().outside(folder));
    const real = fs.realpathSync(root);
    let here = new SafeFolder(real, real, hold ? fs.openSync(real, O_RDONLY | O_DIRECTORY) : null);
    for (const name of relative.split(path.sep).filter((part) => part !== "")) {
      try {
        const next = here.#enter(name, make);
        here.close();
        here = next;
      } catch (error) {
        here.close();
        throw error;
      }
    }
    return here;
  }

  /** A folder in this one. @throws as `open` does. */
  inside(name: string, { make = true }: Pick<OpenOptions, "make"> = {}): SafeFolder {
    return this.#enter(name, make);
  }

  /** The path to pass to the system for a name in this folder. @throws UnsafePlace */
  at(name: string): string {
    if (name === "" || name === "." || name === ".." || name !== path.basename(name) || name.includes("\0"))
      throw new UnsafePlace(folderWords().noName(name));
    return path.join(this.#place(), name);
  }

  /** Calls `work` with the path of a name. In the system's errors, the folder is given by its own path. */
  act<T>(name: string, work: (place: string) => T): T {
    try {
      return work(this.at(name));
    } catch (error) {
      throw this.#named(error);
    }
  }

  look(name: string): Entry {
    const stat = this.act(name, (place) => fs.lstatSync(place, { throwIfNoEntry: false }));
    if (!stat) return "nothing";
    if (stat.isSymbolicLink()) return "link";
    if (stat.isDirectory()) return "folder";
    return stat.isFile() ? "file" : "special";
  }

  /** @throws UnsafePlace if something other than a plain file exists there. */
  expectFile(name: string): void {
    const entry = this.look(name);
    if (entry !== "file" && entry !== "nothing")
      throw new UnsafePlace(folderWords().remove[entry](path.join(this.path, name)));
  }

  /**
   * The content of a plain file.
   *
   * @param limit in bytes
   * @returns null if there is none.
   * @throws UnsafePlace if it is not a plain file or exceeds the limit.
   */
  read(name: string, limit: number): Buffer | null {
    this.expectFile(name);
    return this.act(name, (place) => {
      let descriptor: number;
      try {
        descriptor = fs.openSync(place, O_RDONLY | unfollowed);
      } catch (error) {
        if (codeOf(error) === "ENOENT") return null;
        throw error;
      }
      try {
        const stat = fs.fstatSync(descriptor);
        if (!stat.isFile() || stat.size > limit)
          throw new UnsafePlace(folderWords().notOurs(path.join(this.path, name)));
        return fs.readFileSync(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
    });
  }

  names(): readonly string[] {
    return fs.readdirSync(this.#place());
  }

  /** Removes a file, or a link itself; does nothing if it does not exist. */
  remove(name: string): void {
    this.act(name, (place) => {
      try {
        fs.unlinkSync(place);
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw error;
      }
    });
  }

  /** Gives a file or a folder another name in this folder. @throws the system's error if a folder has that name. */
  rename(from: string, to: string): void {
    this.act(from, (place) => fs.renameSync(place, this.at(to)));
  }

  /** Removes a folder in this one, and the files in it; a folder within that one is not removed, and stops it. */
  removeFolder(name: string): void {
    const folder = this.inside(name, { make: false });
    try {
      for (const file of folder.names()) folder.remove(file);
    } finally {
      folder.close();
    }
    this.act(name, (place) => fs.rmdirSync(place));
  }

  /** Removes a folder in this one. @throws the system's error if anything is in it. */
  removeEmptyFolder(name: string): void {
    this.act(name, (place) => fs.rmdirSync(place));
  }

  /** Ensures that new names in the folder are on the disk when it returns, if the system supports that. */
  sync(): void {
    if (this.#descriptor !== null) fs.fsyncSync(this.#descriptor);
  }

  /** Whether the folder still exists where it was opened; it may have been moved or removed. */
  get present(): boolean {
    const own = this.#descriptor === null ? this.#identity : identity(fs.fstatSync(this.#descriptor, { bigint: true }));
    const there = fs.lstatSync(this.path, { bigint: true, throwIfNoEntry: false });
    return there !== undefined && identity(there) === own;
  }

  close(): void {
    if (this.#descriptor !== null) fs.closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #place(): string {
    if (this.#descriptor !== null) return `${descriptors}/${this.#descriptor}`;
    if (this.#identity === "") throw new Error("The folder is closed.");
    if (fs.realpathSync(this.path) !== this.path || identityOf(this.path) !== this.#identity)
      throw new UnsafePlace(folderWords().otherFolder(this.path));
    return this.path;
  }

  #enter(name: string, make: boolean): SafeFolder {
    return this.act(name, (place) => {
      if (make) makeFolder(place);
      const elsewhere = () => new UnsafePlace(folderWords().linkElsewhere(path.join(this.path, name)));
      let descriptor: number | null = null;
      try {
        // A link is followed, and then judged by its target.
        descriptor = this.#descriptor === null ? null : fs.openSync(place, O_RDONLY | O_DIRECTORY);
        const real = descriptor === null ? fs.realpathSync(place) : fs.readlinkSync(`${descriptors}/${descriptor}`);
        if (!isBelow(this.#root, real)) throw elsewhere();
        if (descriptor === null && !fs.lstatSync(real).isDirectory())
          throw Object.assign(new Error(`ENOTDIR: not a directory, open '${real}'`), { code: "ENOTDIR" });
        return new SafeFolder(this.#root, real, descriptor);
      } catch (error) {
        if (descriptor !== null) fs.closeSync(descriptor);
        // A link whose target does not exist, or that leads to itself.
        if (["ENOENT", "ELOOP"].includes(codeOf(error)) && this.look(name) === "link") throw elsewhere();
        throw error;
      }
    });
  }

  #named(error: unknown): unknown {
    if (error instanceof Error && this.#descriptor !== null)
      error.message = error.message.replaceAll(`${descriptors}/${this.#descriptor}/`, `${this.path}${path.sep}`);
    return error;
  }
}

/** Whether `target` is `root` or below it; both without links. */
export function isBelow(root: string, target: string): boolean {
  const relative = path.relative(root, target);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Makes a folder at any place, because the user chose the path. */
export function makeFolders(folder: string): void {
  fs.mkdirSync(folder, { recursive: true });
}

/** The code of a system error, such as `ENOENT`; empty for any other error. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function makeFolder(place: string): void {
  try {
    fs.mkdirSync(place);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

function identityOf(folder: string): string {
  return identity(fs.lstatSync(folder, { bigint: true }));
}

function identity({ dev, ino }: fs.BigIntStats): string {
  return `${dev}:${ino}`;
}

/**
 * The one place that reads a file that somebody else wrote: a regular file, never more of it than a limit, whatever its
 * size was said to be when it was opened.
 */

import fs from "node:fs";

/** Why there are no bytes. */
export type Unread =
  | { readonly unread: "missing" | "folder" | "irregular" | "denied" }
  | { readonly unread: "large"; readonly size: number }
  | { readonly unread: "other"; readonly code: string };

export interface Bytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A pipe would let the opening wait for a writer. Not everywhere there is such a flag. */
const unblocked = fs.constants.O_NONBLOCK ?? 0;
/** Bytes asked for at once: a signal to end is heard between two pieces. */
const pieceBytes = 8 * 2 ** 20;

/**
 * @param file where it is.
 * @param maxBytes a file above this is refused before its memory is taken.
 */
export async function readBounded(file: string, maxBytes: number): Promise<Bytes | Unread> {
  let handle: fs.promises.FileHandle | null = null;
  try {
    handle = await fs.promises.open(file, fs.constants.O_RDONLY | unblocked);
    const info = await handle.stat();
    const unfit = unfitness(info, maxBytes);
    if (unfit) return unfit;
    const bytes = new Uint8Array(info.size);
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, Math.min(pieceBytes, bytes.length - filled), filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { bytes: filled === bytes.length ? bytes : bytes.slice(0, filled) };
  } catch (error) {
    return reason(error);
  } finally {
    await handle?.close().catch(() => {});
  }
}

/** The same at once, for short files: `maxBytes` bounds the time as well. */
export function readBoundedSync(file: string, maxBytes: number): Bytes | Unread {
  let descriptor: number | null = null;
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | unblocked);
    const info = fs.fstatSync(descriptor);
    const unfit = unfitness(info, maxBytes);
    if (unfit) return unfit;
    const bytes = new Uint8Array(info.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = fs.readSync(descriptor, bytes, filled, bytes.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return { bytes: filled === bytes.length ? bytes : bytes.slice(0, filled) };
  } catch (error) {
    return reason(error);
  } finally {
    if (descriptor !== null) fs.closeSync(descriptor);
  }
}

/**
 * Whatever there is to read, a pipe included, which may make this wait.
 *
 * @returns null: it is more than `maxBytes`, or never ends.
 * @throws what the file system says
 */
export function readStreamUpTo(file: string, maxBytes: number): Uint8Array | null {
  const descriptor = fs.openSync(file, "r");
  try {
    const chunks: Buffer[] = [];
    for (let size = 0; size <= maxBytes; ) {
      const chunk = Buffer.alloc(2 ** 16);
      const count = fs.readSync(descriptor, chunk);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      size += count;
    }
    return null;
  } finally {
    fs.closeSync(descriptor);
  }
}

function unfitness(info: fs.Stats, maxBytes: number): Unread | null {
  if (info.isDirectory()) return { unread: "folder" };
  if (!info.isFile()) return { unread: "irregular" };
  return info.size > maxBytes ? { unread: "large", size: info.size } : null;
}

function reason(error: unknown): Unread {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return { unread: "missing" };
  if (code === "EACCES" || code === "EPERM") return { unread: "denied" };
  if (code === "EISDIR") return { unread: "folder" };
  if (code === "ENXIO") return { unread: "irregular" };
  return { unread: "other", code };
}

/**
 * The only place that reads files which others wrote: regular files only, and never more than a limit, whatever the
 * size was when the file was opened.
 */

import fs from "node:fs";

/** Why the file was not read. */
export type Unread =
  | { readonly unread: "missing" | "folder" | "irregular" | "denied" }
  | { readonly unread: "large"; readonly size: number }
  | { readonly unread: "other"; readonly code: string };

export interface Bytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Opening a pipe would wait for a writer. Not every platform has this flag. */
const unblocked = fs.constants.O_NONBLOCK ?? 0;
/** Number of bytes per read: a signal to end is handled between two reads. */
const pieceBytes = 8 * 2 ** 20;

/**
 * @param file path of the file.
 * @param maxBytes a larger file is refused before memory is allocated.
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

/** The same, synchronously, for short files: `maxBytes` also bounds the time. */
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
 * Reads anything, including a pipe, for which it may have to wait.
 *
 * @returns null: there are more than `maxBytes`, or it never ends.
 * @throws the file system's error
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

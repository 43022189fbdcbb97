/**
 * The one place that reads a file that somebody else wrote: a regular file, never more of it than a limit, whatever its
 * size was said to be when it was opened.
 */

import fs from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Why there are no bytes. */
export type Unread =
  | { readonly unread: "missing" | "folder" | "irregular" | "denied" }
  | { readonly unread: "large"; readonly size: number }
  | { readonly unread: "other"; readonly code: string };

export interface Bytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
}

// A pipe would let the opening wait for a writer.
const flags = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);
/** Bytes asked for at once: a signal to end is heard between two pieces. */
const pieceBytes = 8 * 2 ** 20;

/**
 * @param file where it is.
 * @param maxBytes a file above this is refused before its memory is taken.
 */
export async function readBounded(file: string, maxBytes: number): Promise<Bytes | Unread> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, flags);
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
    descriptor = fs.openSync(file, flags);
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

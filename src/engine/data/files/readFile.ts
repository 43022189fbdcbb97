/** The content of a data file, or, in words for its author, why there is none. */

import { readFile, stat } from "node:fs/promises";

/** A text file above this is refused before it is read. */
export const maxTextBytes = 64 * 2 ** 20;

export interface FileFault {
  readonly fault: string;
  /** The file is sound, but the array asked for is not in it. */
  readonly about?: "array";
}

/**
 * @param file where it is.
 * @param shown how its author calls it.
 * @param kind what it should be: `CSV`, `NPY`.
 */
export async function readBytes(
  file: string,
  shown: string,
  kind: string,
  maxBytes: number,
): Promise<{ readonly bytes: Uint8Array } | FileFault> {
  try {
    const info = await stat(file);
    if (info.isDirectory()) return { fault: `"${shown}" is a folder, not a ${kind} file.` };
    if (!info.isFile()) return { fault: `"${shown}" is not a regular file.` };
    if (info.size > maxBytes) {
      const fault = `"${shown}" has ${megabytes(info.size)} MB; the limit is ${megabytes(maxBytes)} MB. Use a part of it.`;
      return { fault };
    }
    return { bytes: await readFile(file) };
  } catch (error) {
    return { fault: cannotRead(shown, error) };
  }
}

/** The same for a text in UTF-8, without byte order mark. */
export async function readText(
  file: string,
  shown: string,
  kind: string,
): Promise<{ readonly text: string } | FileFault> {
  const read = await readBytes(file, shown, kind, maxTextBytes);
  if ("fault" in read) return read;
  const { bytes } = read;
  const advice = `Save it as ${kind} in UTF-8.`;
  if (bytes.includes(0)) return { fault: `"${shown}" is not a text file in UTF-8 (it has zero bytes). ${advice}` };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return { fault: `"${shown}" is not UTF-8 text${firstBadLine(bytes)}. ${advice}` };
  }
}

function cannotRead(shown: string, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return `There is no file "${shown}". Paths are relative to the config's folder.`;
  }
  if (code === "EACCES" || code === "EPERM") return `"${shown}" may not be read: permission denied.`;
  return `"${shown}" cannot be read${typeof code === "string" ? ` (${code})` : ""}.`;
}

function firstBadLine(bytes: Uint8Array): string {
  const lenient = new TextDecoder("utf-8").decode(bytes);
  const at = lenient.indexOf("\ufffd");
  return at < 0 ? "" : ` (line ${lenient.slice(0, at).split("\n").length})`;
}

function megabytes(bytes: number): string {
  return String(Math.ceil(bytes / 2 ** 20));
}

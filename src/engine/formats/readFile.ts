/** The content of a data file, or, in words for its author, why there is none. */

import { type Bytes, readBounded, type Unread } from "../reading/boundedFile.ts";
import { badUtf8Line } from "../reading/utf8.ts";

/** A text file above this is refused before it is read. */
export const maxTextBytes = 64 * 2 ** 20;

export interface FileFault {
  readonly fault: string;
  /** The file is sound, but the array asked for is not in it. */
  readonly about?: "array" | undefined;
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
): Promise<Bytes | FileFault> {
  const read = await readBounded(file, maxBytes);
  return "bytes" in read ? read : { fault: whyUnread(read, shown, kind, maxBytes) };
}

/** The same for a text in UTF-8; its byte order mark stays. */
export async function readTextBytes(file: string, shown: string, kind: string): Promise<Bytes | FileFault> {
  const read = await readBytes(file, shown, kind, maxTextBytes);
  if ("fault" in read) return read;
  if (read.bytes.includes(0)) return notText(`"${shown}"`, kind, "(it has zero bytes)");
  const line = badUtf8Line(read.bytes);
  return line === null ? read : notText(`"${shown}"`, kind, `(line ${line})`);
}

/** @param why in parentheses. */
export function notText(shown: string, kind: string, why: string): FileFault {
  const text = why.startsWith("(line") ? "UTF-8 text" : "a text file in UTF-8";
  return { fault: `${shown} is not ${text} ${why}. Save it as ${kind} in UTF-8.` };
}

function whyUnread(read: Unread, shown: string, kind: string, maxBytes: number): string {
  switch (read.unread) {
    case "missing":
      return `There is no file "${shown}". Paths are relative to the config's folder.`;
    case "folder":
      return `"${shown}" is a folder, not a ${kind} file.`;
    case "irregular":
      return `"${shown}" is not a regular file.`;
    case "denied":
      return `"${shown}" may not be read: permission denied.`;
    case "large":
      return `"${shown}" has ${megabytes(read.size)} MB; the limit is ${megabytes(maxBytes)} MB. Use a part of it.`;
    case "other":
      return `"${shown}" cannot be read${read.code === "" ? "" : ` (${read.code})`}.`;
  }
}

function megabytes(bytes: number): string {
  return String(Math.ceil(bytes / 2 ** 20));
}

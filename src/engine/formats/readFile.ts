/** Reads a data file, or says in words for its author why it cannot be read. */

import { type Bytes, readBounded, type Unread } from "../reading/boundedFile.ts";
import { badUtf8Line } from "../reading/utf8.ts";

/** A larger text file is refused before it is read. */
export const maxTextBytes = 64 * 2 ** 20;

export interface FileFault {
  readonly fault: string;
  /** Set if the file is sound but does not contain the requested array. */
  readonly about?: "array" | undefined;
}

/**
 * @param file path of the file.
 * @param shown the file's name as its author writes it.
 * @param kind the expected format: `CSV`, `NPY`.
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

/** The same for UTF-8 text; its byte order mark is kept. */
export async function readTextBytes(file: string, shown: string, kind: string): Promise<Bytes | FileFault> {
  const read = await readBytes(file, shown, kind, maxTextBytes);
  if ("fault" in read) return read;
  if (read.bytes.includes(0)) return notText(`"${shown}"`, kind, "(it has zero bytes)");
  const line = badUtf8Line(read.bytes);
  return line === null ? read : notText(`"${shown}"`, kind, `(line ${line})`);
}

/** @param why the reason, in parentheses. */
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
      return `"${shown}" cannot be read: permission denied.`;
    case "large":
      return `"${shown}" has ${megabytes(read.size)} MB; the limit is ${megabytes(maxBytes)} MB. Use a part of it.`;
    case "other":
      return `"${shown}" cannot be read${read.code === "" ? "" : ` (${read.code})`}.`;
  }
}

function megabytes(bytes: number): string {
  return String(Math.ceil(bytes / 2 ** 20));
}

/** Reads a data file, or says in words for its author why it cannot be read. */

import * as z from "zod";
import type { Immutable } from "../../config/immutable.ts";
import { fileWords } from "../../messages/files.ts";
import { type Bytes, readBounded, type Unread } from "../reading/boundedFile.ts";
import { likelyEncodings, markedEncoding, toUtf8 } from "../reading/decode.ts";

/** A larger text file is refused before it is read. */
export const maxTextBytes = 64 * 2 ** 20;

export const fileFaultSchema = z.object({
  fault: z.string(),
  /** Set if the file is sound but does not contain the requested array. */
  about: z.literal("array").optional(),
  /** Encodings in which the file may be read, if it is text in another encoding. */
  encodings: z.array(z.string()).optional(),
});
export type FileFault = Immutable<z.infer<typeof fileFaultSchema>>;

export interface Text {
  /** The text in UTF-8; a byte order mark is kept. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The encoding of the byte order mark, if it alone determined the encoding. */
  readonly marked: string | null;
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

/**
 * The same for a text.
 *
 * @param encoding null: UTF-8, or the encoding of the byte order mark.
 */
export async function readTextBytes(
  file: string,
  shown: string,
  kind: string,
  encoding: string | null,
): Promise<Text | FileFault> {
  const read = await readBytes(file, shown, kind, maxTextBytes);
  return "fault" in read ? read : textOf(read.bytes, `"${shown}"`, kind, encoding);
}

/** Converts bytes to a text, or says why they are not text. */
export function textOf(
  bytes: Uint8Array<ArrayBuffer>,
  shown: string,
  kind: string,
  encoding: string | null,
): Text | FileFault {
  const marked = encoding === null ? markedEncoding(bytes) : null;
  const taken = encoding ?? marked ?? "utf-8";
  if (!taken.startsWith("utf-16") && bytes.includes(0)) return notText(bytes, shown, kind, null);
  const text = toUtf8(bytes, taken);
  if (!("badLine" in text)) {
    if (!text.includes(0)) return { bytes: text, marked };
    return {
      fault: fileWords().zeroCharacters({ file: shown, encoding: taken, kind }),
    };
  }
  if (taken === "utf-8") return notText(bytes, shown, kind, text.badLine);
  return { fault: fileWords().notEncoding({ file: shown, encoding: taken, line: text.badLine }) };
}

/** @param line the first line that is not text; null: it has zero bytes. */
function notText(bytes: Uint8Array, shown: string, kind: string, line: number | null): FileFault {
  const encodings = likelyEncodings(bytes);
  const [first] = encodings;
  const remedy = first === undefined ? fileWords().saveAsUtf8(kind) : fileWords().nameEncoding(first);
  return { fault: fileWords().notText({ file: shown, line, remedy }), encodings };
}

function whyUnread(read: Unread, shown: string, kind: string, maxBytes: number): string {
  switch (read.unread) {
    case "missing":
      return fileWords().missing(shown);
    case "folder":
      return fileWords().folder({ file: shown, kind });
    case "irregular":
      return fileWords().irregular(shown);
    case "denied":
      return fileWords().denied(shown);
    case "large":
      return tooLarge(read.size, shown, maxBytes);
    case "other":
      return fileWords().unread({ file: shown, code: read.code });
  }
}

export function tooLarge(size: number, shown: string, maxBytes: number): string {
  return fileWords().tooLarge({ file: shown, size: String(megabytes(size)), most: String(megabytes(maxBytes)) });
}

function megabytes(bytes: number): string {
  return String(Math.ceil(bytes / 2 ** 20));
}

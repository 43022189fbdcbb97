/** Reads a text's characters as indices into its sorted vocabulary. */

import * as z from "zod";
import type { Immutable } from "../../config/immutable.ts";
import { float32 } from "../reading/float32.ts";
import { textStart } from "../reading/utf8.ts";
import { type FileFault, readTextBytes } from "./readFile.ts";

export const charactersSchema = z.object({
  indices: float32,
  /** Number of distinct characters. */
  vocabulary: z.number(),
});
export type Characters = Immutable<z.infer<typeof charactersSchema>>;

/** Number of bytes to decode at once. */
const pieceBytes = 65_536;
/** One more than the highest code point. */
const codePoints = 0x110000;

/**
 * Characters are Unicode code points; `shown` is the file's name as its author writes it.
 *
 * @param encoding null: UTF-8, or the encoding of its byte order mark.
 */
export async function readCharacters(
  file: string,
  shown: string,
  { encoding, lowerCase }: { readonly encoding: string | null; readonly lowerCase: boolean },
): Promise<Characters | FileFault> {
  const read = await readTextBytes(file, shown, "plain text", encoding);
  if ("fault" in read) return read;
  const { bytes } = read;
  const start = textStart(bytes);
  // Counts characters by their first bytes: every other byte of a character is 10xxxxxx.
  const count = bytes.reduce((sum, byte, i) => sum + (i >= start && (byte & 0xc0) !== 0x80 ? 1 : 0), 0);
  const codes = new Uint32Array(count);
  const places = new Uint32Array(codePoints);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let filled = 0;
  for (let from = start; from < bytes.length; from += pieceBytes) {
    for (const character of decoder.decode(bytes.subarray(from, from + pieceBytes), { stream: true })) {
      const small = lowerCase ? character.toLowerCase() : character;
      const code = (small.length === character.length ? small : character).codePointAt(0) ?? 0;
      places[code] = 1;
      codes[filled++] = code;
    }
  }
  let vocabulary = 0;
  for (let code = 0; code < codePoints; code++) if (places[code] === 1) places[code] = vocabulary++;
  // In place: an index takes the same bytes as its character.
  const indices = new Float32Array(codes.buffer);
  for (let i = 0; i < count; i++) indices[i] = places[codes[i]!]!;
  return { indices, vocabulary };
}

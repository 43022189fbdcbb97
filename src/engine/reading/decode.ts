/** Text in other encodings than UTF-8, as UTF-8. */

import { badUtf8Line, newlines } from "./utf8.ts";

/** Bytes that are decoded at once. */
const pieceBytes = 65_536;

/** Whose byte order mark a text begins with, but for UTF-8; null: none of them. */
export function markedEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
}

/** A line (from 1) that is not of the encoding. */
export interface BadLine {
  readonly badLine: number;
}

/**
 * The text in UTF-8; its byte order mark stays in UTF-8 and is left out of others.
 *
 * @param encoding a label of the Encoding Standard.
 */
export function toUtf8(bytes: Uint8Array<ArrayBuffer>, encoding: string): Uint8Array<ArrayBuffer> | BadLine {
  if (encoding === "utf-8") {
    const badLine = badUtf8Line(bytes);
    return badLine === null ? bytes : { badLine };
  }
  // Once to know how many bytes it takes: a text grown piece by piece would be held twice.
  let size = 0;
  const bad = eachPiece(bytes, encoding, (text) => {
    size += Buffer.byteLength(text);
  });
  if (bad !== null) return { badLine: 1 + newlines(bytes, 0, bad) };
  const result = new Uint8Array(size);
  let filled = 0;
  const encoder = new TextEncoder();
  eachPiece(bytes, encoding, (text) => {
    filled += encoder.encodeInto(text, result.subarray(filled)).written;
  });
  return result;
}

/** @returns where a piece begins that is not of the encoding; null: all are. */
function eachPiece(bytes: Uint8Array, encoding: string, visit: (text: string) => void): number | null {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const to = Math.min(bytes.length, from + pieceBytes);
    try {
      visit(decoder.decode(bytes.subarray(from, to), { stream: to < bytes.length }));
    } catch {
      return from;
    }
  }
  return null;
}

/** Bytes that are looked at to guess an encoding. */
const guessBytes = 2 ** 20;

/** In which encodings a text that is not UTF-8 may be, the likelier one first. */
export function likelyEncodings(bytes: Uint8Array): readonly string[] {
  const head = bytes.subarray(0, guessBytes);
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) if (head[i] === 0) zeros[i % 2]!++;
  const [even = 0, odd = 0] = zeros;
  if (even + odd > 0) {
    // Latin letters in UTF-16: every other byte is 0.
    if (odd > head.length / 8 && even < odd / 8) return ["utf-16le"];
    return even > head.length / 8 && odd < even / 8 ? ["utf-16be"] : [];
  }
  // Two bytes with their high bit for each character, as in GB 2312, against one here and there in Latin-1.
  let pairs = 0;
  let singles = 0;
  let run = 0;
  for (let i = 0; i <= head.length; i++) {
    if ((head[i] ?? 0) >= 0x80) run++;
    else if (run > 0) {
      if (run % 2 === 0) pairs++;
      else singles++;
      run = 0;
    }
  }
  return pairs > 9 * singles ? ["gb18030", "windows-1252"] : ["windows-1252", "gb18030"];
}

/** Converts text in other encodings to UTF-8. */

import { badUtf8Line, newlines } from "./utf8.ts";

/** Number of bytes to decode at once. */
const pieceBytes = 65_536;

/** The encoding of a text's byte order mark, except UTF-8; null: it has none. */
export function markedEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
}

/** A line (from 1) that is invalid in the encoding. */
export interface BadLine {
  readonly badLine: number;
}

/**
 * The text in UTF-8. A byte order mark is kept in UTF-8, and removed from other encodings.
 *
 * @param encoding a label of the Encoding Standard.
 */
export function toUtf8(bytes: Uint8Array<ArrayBuffer>, encoding: string): Uint8Array<ArrayBuffer> | BadLine {
  if (encoding === "utf-8") {
    const badLine = badUtf8Line(bytes);
    return badLine === null ? bytes : { badLine };
  }
  // A first pass determines the size, because a text that grows piece by piece would be held twice.
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

/** @returns offset of the first piece that is invalid in the encoding; null: all are valid. */
function eachPiece(bytes: Uint8Array, encoding: string, visit: (text: string) => void): number | null {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const western = decoder.encoding === "windows-1252";
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    const to = Math.min(bytes.length, from + pieceBytes);
    try {
      const text = decoder.decode(bytes.subarray(from, to), { stream: to < bytes.length });
      visit(western ? text.replace(/[\u0080-\u009f]/g, westernCharacter) : text);
    } catch {
      return from;
    }
  }
  return null;
}

/** The characters of the bytes 0x80 to 0x9F in windows-1252 (Encoding Standard, index-windows-1252). */
const westernCharacters = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** Some versions of Node (20, 22) decode these bytes as if the text were Latin-1. */
function westernCharacter(character: string): string {
  return westernCharacters[character.charCodeAt(0) - 0x80] ?? character;
}

/** Number of bytes examined to guess an encoding. */
const guessBytes = 2 ** 20;

/** The likely encodings of a text that is not UTF-8, the most likely first. */
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
  // Pairs of bytes with the high bit, as in GB 2312, against single ones, as in Latin-1.
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

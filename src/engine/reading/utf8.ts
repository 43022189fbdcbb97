/** Checks whether bytes are text, without making a string of them. */

/** Number of bytes to decode at once. */
const pieceBytes = 65_536;

/** @returns the line (from 1) of the first byte that is not UTF-8; null: all bytes are. */
export function badUtf8Line(bytes: Uint8Array): number | null {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let from = 0; from < bytes.length || from === 0; from += pieceBytes) {
    const to = Math.min(bytes.length, from + pieceBytes);
    try {
      decoder.decode(bytes.subarray(from, to), { stream: to < bytes.length });
    } catch {
      return badLineIn(bytes, from, to);
    }
  }
  return null;
}

/** `from` may lie inside a character that the previous piece began. */
function badLineIn(bytes: Uint8Array, from: number, to: number): number {
  const start = Math.max(0, from - 3);
  const lenient = new TextDecoder("utf-8").decode(bytes.subarray(start, to));
  const lead = start === 0 ? 0 : lenient.search(/[^\ufffd]/);
  const at = lenient.indexOf("\ufffd", Math.max(0, lead));
  const line = 1 + newlines(bytes, 0, start);
  return at < 0 ? line : line + lenient.slice(0, at).split("\n").length - 1;
}

/** Number of line feeds in `bytes` between two offsets. */
export function newlines(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) if (bytes[i] === 10) count++;
  return count;
}

/** Offset of the text: after a byte order mark. */
export function textStart(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

/**
 * TFRecord framing: a record is its length (uint64), the masked CRC-32C of those eight bytes, the data, and their masked
 * CRC-32C, all little-endian (tensorflow/core/lib/io/record_writer.h).
 */

import { maskedCrc32c } from "./crc32c.ts";

/** Bytes before a record's data, and in all. */
const headBytes = 12;
const frameBytes = headBytes + 4;

/** Largest data that a reader holds in memory; longer records are skipped and counted. */
export const largestRecord = 2 ** 26;

/** Puts data into a frame. */
export function frameRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + frameBytes);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, headBytes);
  view.setUint32(headBytes + data.length, maskedCrc32c(data), true);
  return record;
}

/**
 * Takes a file in pieces of any size and returns the data of its whole records. An incomplete record waits for more;
 * a damaged one is skipped and counted.
 */
export class RecordReader {
  #held = new Uint8Array(2 ** 16);
  #start = 0;
  #end = 0;
  /** Bytes of a record too large to hold that are still to come. */
  #skip = 0;
  /** The bytes before are damaged: searching for the next record. */
  #lost = false;
  #damaged = 0;

  /** Number of damaged places met so far. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Number of bytes after the last whole record: more than 0 at the end of a file means that its tail is torn. */
  get pending(): number {
    return this.#end - this.#start + (this.#skip > 0 ? 1 : 0);
  }

  /** The data of the records that the piece completes. They are copies, and stay valid. */
  push(piece: Uint8Array): readonly Uint8Array[] {
    const skipped = Math.min(this.#skip, piece.length);
    this.#skip -= skipped;
    this.#hold(piece.subarray(skipped));
    const records: Uint8Array[] = [];
    for (let next = this.#next(); next; next = this.#next()) if (next.data) records.push(next.data);
    return records;
  }

  /** Goes one step on: a record's data, or null data after a damaged place; undefined: more bytes are needed. */
  #next(): { readonly data: Uint8Array | null } | undefined {
    const available = this.#end - this.#start;
    if (available < headBytes) return undefined;
    const head = this.#held.subarray(this.#start, this.#start + headBytes);
    const view = new DataView(head.buffer, head.byteOffset, headBytes);
    if (view.getUint32(8, true) !== maskedCrc32c(head.subarray(0, 8))) return this.#search();
    const length = Number(view.getBigUint64(0, true));
    if (length > largestRecord) {
      this.#damage();
      this.#skip = Math.max(0, length + frameBytes - available);
      this.#start = Math.min(this.#end, this.#start + length + frameBytes);
      return { data: null };
    }
    if (available < length + frameBytes) return undefined;
    const from = this.#start + headBytes;
    const data = this.#held.slice(from, from + length);
    const sum = new DataView(this.#held.buffer, from + length, 4).getUint32(0, true);
    if (sum !== maskedCrc32c(data)) {
      // The length may be right by chance only in a damaged stretch; its checksum makes that unlikely (2⁻³²).
      this.#damage();
      this.#start = from + length + 4;
      this.#lost = false;
      return { data: null };
    }
    this.#start = from + length + 4;
    this.#lost = false;
    return { data };
  }

  /** Moves to the next place that may be a record's head. */
  #search(): { readonly data: null } | undefined {
    this.#damage();
    this.#lost = true;
    const last = this.#end - headBytes;
    for (let at = this.#start + 1; at <= last; at++) {
      const head = this.#held.subarray(at, at + headBytes);
      // A length of more than 2⁴⁰ is no length: this spares most checksums.
      if (head[5] !== 0 || head[6] !== 0 || head[7] !== 0) continue;
      if (new DataView(head.buffer, at + 8, 4).getUint32(0, true) !== maskedCrc32c(head.subarray(0, 8))) continue;
      this.#start = at;
      return { data: null };
    }
    this.#start = Math.max(this.#start, last + 1);
    return undefined;
  }

  /** Counts a damaged place once, however long the search takes. */
  #damage(): void {
    if (!this.#lost) this.#damaged += 1;
  }

  #hold(piece: Uint8Array): void {
    const used = this.#end - this.#start;
    if (this.#end + piece.length > this.#held.length) {
      const size = Math.max(this.#held.length, 2 ** Math.ceil(Math.log2(used + piece.length + 1)));
      const held = size === this.#held.length ? this.#held : new Uint8Array(size);
      held.set(this.#held.subarray(this.#start, this.#end));
      this.#held = held;
      this.#start = 0;
      this.#end = used;
    }
    this.#held.set(piece, this.#end);
    this.#end += piece.length;
  }
}

/**
 * Reads zip files (PKWARE, APPNOTE.TXT 6.3): the list of entries, and one entry at a time. Sizes are added up over the
 * entries before anything is unpacked, and an entry whose content has another size or checksum than declared is refused.
 */

import { createInflateRaw } from "node:zlib";
import { readingWords } from "../../messages/reading.ts";
import { crc32 } from "./crc32.ts";

export interface ZipEntry {
  readonly name: string;
  /** Declared size in bytes after unpacking. */
  readonly size: number;
  readonly packed: number;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  /** CRC-32 of the content. */
  readonly checksum: number;
  readonly at: number;
}

/** Why a file is not a zip file that can be unpacked. */
export class ZipFault extends Error {
  readonly kind: "damaged" | "twice" | "large";

  constructor(kind: ZipFault["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

export interface ZipLimits {
  /** Bytes of all entries after unpacking. */
  readonly total: number;
  readonly entries: number;
}

const [endMark, locatorMark, wideEndMark, entryMark, localMark] = [
  0x06054b50, 0x07064b50, 0x06064b50, 0x02014b50, 0x04034b50,
];
const endBytes = 22;
const maxComment = 65_535;
/** Marks a 32-bit size that is stored elsewhere, in 64 bits. */
const wide = 0xffffffff;
/** An entry above this size may not unpack to more than `maxRatio` times its packed size. */
const freeBytes = 64 * 2 ** 20;
const maxRatio = 100;

/** @throws ZipFault */
export function zipEntries(bytes: Uint8Array, limits: ZipLimits): readonly ZipEntry[] {
  const view = viewOf(bytes);
  const { count, start } = directory(view);
  if (count > limits.entries)
    throw new ZipFault("large", readingWords().zipManyEntries({ n: count, most: limits.entries }));
  const entries = new Map<string, ZipEntry>();
  let at = start;
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== entryMark) throw damaged();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const from = at + 46;
    const end = from + nameLength! + extraLength! + commentLength!;
    if (end > bytes.length) throw damaged();
    const name = new TextDecoder().decode(bytes.subarray(from, from + nameLength!));
    const sizes = sizesOf(view, at, from + nameLength!, extraLength!);
    if (entries.has(name)) throw new ZipFault("twice", readingWords().zipTwice(name.slice(0, 60)));
    total += sizes.size;
    if (!(total <= limits.total)) throw new ZipFault("large", readingWords().zipLarge(megabytes(limits.total)));
    entries.set(name, {
      name,
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      ...sizes,
    });
    at = end;
  }
  return [...entries.values()];
}

/**
 * The entry's bytes; those of a stored entry are the file's own.
 *
 * @throws ZipFault if the entry is damaged, or if very little unpacks to very much
 */
export async function unpacked(bytes: Uint8Array, entry: ZipEntry): Promise<Uint8Array> {
  const view = viewOf(bytes);
  const { at, size, packed, method, checksum } = entry;
  if (at + 30 > bytes.length || view.getUint32(at, true) !== localMark) throw damaged();
  const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (from + packed > bytes.length) throw damaged();
  const content = bytes.subarray(from, from + packed);
  if (method === 0) {
    if (packed !== size) throw damaged();
    return whole(content, checksum);
  }
  if (method !== 8) throw damaged();
  if (size > freeBytes && size > maxRatio * packed)
    throw new ZipFault(
      "large",
      readingWords().zipBomb({ size: megabytes(size), packed: megabytes(packed), ratio: maxRatio }),
    );
  return whole(await inflated(content, size), checksum);
}

/** The content, if its checksum is right: a changed byte may still unpack to the declared size. */
function whole(content: Uint8Array, checksum: number): Uint8Array {
  if (crc32(content) !== checksum) throw damaged();
  return content;
}

async function inflated(content: Uint8Array, size: number): Promise<Uint8Array> {
  const result = new Uint8Array(size);
  const inflate = createInflateRaw({ chunkSize: 2 ** 18 });
  inflate.end(content);
  let filled = 0;
  try {
    for await (const piece of inflate) {
      if (!(piece instanceof Uint8Array) || filled + piece.length > size) throw damaged();
      result.set(piece, filled);
      filled += piece.length;
    }
  } catch {
    throw damaged();
  } finally {
    inflate.destroy();
  }
  if (filled !== size) throw damaged();
  return result;
}

/** The number of entries and the offset of their list. */
function directory(view: DataView): { readonly count: number; readonly start: number } {
  const least = Math.max(0, view.byteLength - endBytes - maxComment);
  for (let at = view.byteLength - endBytes; at >= least; at--) {
    if (view.getUint32(at, true) !== endMark) continue;
    const count = view.getUint16(at + 10, true);
    const start = view.getUint32(at + 16, true);
    return count === 0xffff || start === wide ? wideDirectory(view, at - 20) : { count, start };
  }
  throw damaged();
}

function wideDirectory(view: DataView, locator: number): { readonly count: number; readonly start: number } {
  if (locator < 0 || view.getUint32(locator, true) !== locatorMark) throw damaged();
  const at = Number(view.getBigUint64(locator + 8, true));
  if (at + 56 > view.byteLength || view.getUint32(at, true) !== wideEndMark) throw damaged();
  return { count: Number(view.getBigUint64(at + 32, true)), start: Number(view.getBigUint64(at + 48, true)) };
}

function sizesOf(
  view: DataView,
  at: number,
  extra: number,
  length: number,
): { readonly size: number; readonly packed: number; readonly at: number } {
  const [packed, size, offset] = [20, 24, 42].map((place) => view.getUint32(at + place, true));
  const own = { size: size!, packed: packed!, at: offset! };
  if (size !== wide && packed !== wide && offset !== wide) return own;
  for (let from = extra; from + 4 <= extra + length; from += 4 + view.getUint16(from + 2, true)) {
    if (view.getUint16(from, true) !== 1) continue;
    let next = from + 4;
    const last = Math.min(next + view.getUint16(from + 2, true), extra + length);
    const take = (narrow: number) => {
      if (narrow !== wide) return narrow;
      if (next + 8 > last) throw damaged();
      next += 8;
      return Number(view.getBigUint64(next - 8, true));
    };
    return { size: take(own.size), packed: take(own.packed), at: take(own.at) };
  }
  throw damaged();
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function damaged(): ZipFault {
  return new ZipFault("damaged", readingWords().zipDamaged);
}

function megabytes(bytes: number): string {
  const size = bytes / 2 ** 20;
  return size < 10 ? size.toFixed(1) : Math.round(size).toLocaleString("en");
}

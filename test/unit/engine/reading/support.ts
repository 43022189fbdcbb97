/** Malformed zip files, and files in a temporary folder. */

import { deflateRawSync } from "node:zlib";
import { crc32 } from "../../../../src/engine/reading/crc32.ts";

interface Entry {
  readonly name: string;
  readonly content: Uint8Array;
  /** The size that it declares; default: its actual size. */
  readonly size?: number;
}

/** A zip of deflated entries in the given order, with any names. */
export function zipOf(entries: readonly Entry[]): Uint8Array {
  const locals: Buffer[] = [];
  const list: Buffer[] = [];
  // Large contents may occur several times.
  const known = new Map<Uint8Array, { readonly packed: Buffer; readonly check: number }>();
  let at = 0;
  for (const { name, content, size = content.length } of entries) {
    const made = known.get(content) ?? { packed: deflateRawSync(content), check: crc32(content) };
    known.set(content, made);
    const { packed, check } = made;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(check, 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(8, 10);
    entry.writeUInt32LE(check, 16);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), packed);
    list.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const length = list.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...locals, ...list, end]));
}

/** An NPY file of zeros. */
export function npyOf(count: number, code = "<f4"): Uint8Array {
  const text = `{'descr': '${code}', 'fortran_order': False, 'shape': (${count},), }`.padEnd(117);
  const bytes = new Uint8Array(128 + count * Number(code.slice(2)));
  bytes.set(Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"));
  bytes.set(Buffer.from(`${text}\n`), 10);
  return bytes;
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskedCrc32c } from "../../../src/tensorboard/crc32c.ts";
import { frameRecord, largestRecord, RecordReader } from "../../../src/tensorboard/record.ts";

const texts = ["one", "", "three, a longer one", "4"];
const records = texts.map((text) => frameRecord(Buffer.from(text)));
const file = Buffer.concat(records);

function read(bytes: Uint8Array, pieceSize = bytes.length): { texts: string[]; damaged: number; pending: number } {
  const reader = new RecordReader();
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceSize)
    found.push(...reader.push(bytes.subarray(at, at + pieceSize)).map((data) => Buffer.from(data).toString()));
  return { texts: found, damaged: reader.damaged, pending: reader.pending };
}

describe("a file of records", () => {
  it("is read in pieces of any size", () => {
    for (let size = 1; size <= file.length; size++) expect(read(file, size)).toEqual({ texts, damaged: 0, pending: 0 });
  });

  it("loses only its last record if it ends anywhere within it, and goes on when the rest is written", () => {
    const last = records.at(-1)!.length;
    for (let cut = 1; cut < last; cut++) {
      const end = file.length - cut;
      expect(read(file.subarray(0, end), 7)).toEqual({ texts: texts.slice(0, -1), damaged: 0, pending: last - cut });
      const reader = new RecordReader();
      reader.push(file.subarray(0, end));
      expect(reader.push(file.subarray(end)).map((data) => Buffer.from(data).toString())).toEqual(["4"]);
    }
  });

  it("loses only the record that a flipped bit damages, and counts it once", () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(7), fc.integer({ min: 1, max: 40 }), (at, bit, size) => {
        const damaged = Buffer.from(file);
        damaged[at] = damaged[at]! ^ (1 << bit);
        const hit = records.findIndex((_, i) => at < records.slice(0, i + 1).reduce((sum, r) => sum + r.length, 0));
        const { texts: found, damaged: count } = read(damaged, size);
        expect(found).toEqual(texts.filter((_, i) => i !== hit));
        expect(count).toBe(1);
      }),
    );
  });

  it("is read on after bytes that belong to no record", () => {
    const noise = new Uint8Array(100_000).fill(0);
    const { texts: found, damaged } = read(Buffer.concat([records[0]!, noise, file]), 4096);
    expect(found).toEqual([texts[0], ...texts]);
    expect(damaged).toBe(1);
  });

  it("may hold a record that is too large to be read", () => {
    const length = largestRecord + 1;
    const head = Buffer.alloc(12);
    head.writeBigUInt64LE(BigInt(length));
    head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
    const { texts: found, damaged } = read(Buffer.concat([head, Buffer.alloc(length + 4), file]), 2 ** 20);
    expect(found).toEqual(texts);
    expect(damaged).toBe(1);
  });
});

import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { parseNpz } from "../../../../src/engine/formats/arrays/npz.ts";
import { crc32 } from "../../../../src/engine/reading/crc32.ts";
import { unpacked, zipEntries } from "../../../../src/engine/reading/zip.ts";
import { npyOf, zipOf } from "./support.ts";

const limits = { total: 1e6, entries: 100 };

describe("a zip file", () => {
  it("gives its entries", async () => {
    const content = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    const zip = zipOf([
      { name: "a", content },
      { name: "b", content: new Uint8Array(0) },
    ]);
    const [a, b] = zipEntries(zip, limits);
    if (!a || !b) throw new Error("Entries are missing.");
    expect(await unpacked(zip, a)).toEqual(content);
    expect(await unpacked(zip, b)).toEqual(new Uint8Array(0));
  });

  it("with a changed byte is refused, also where it still unpacks to the declared size", async () => {
    // The check value of CRC-32.
    expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
    const content = Uint8Array.from({ length: 2000 }, (_, i) => 1e5 * Math.sin(i));
    for (const stored of [false, true]) {
      const zip = stored ? zipSync({ a: content }, { level: 0 }) : zipOf([{ name: "a", content }]);
      const outcomes = await Promise.all(
        [200, 700, 1200].map(async (at) => {
          const changed = zip.slice();
          changed[at]! ^= 1;
          const [entry] = zipEntries(changed, limits);
          return await unpacked(changed, entry!).then(
            () => "read",
            (error: unknown) => String(error),
          );
        }),
      );
      expect(outcomes).toEqual(Array(3).fill(expect.stringContaining("damaged")));
    }
  });

  it("with two entries of one name is refused, whatever they contain", () => {
    const content = new Uint8Array(10);
    const zip = zipOf(Array.from({ length: 50 }, () => ({ name: "a", content })));
    expect(() => zipEntries(zip, limits)).toThrow('two of its entries are named "a"');
  });

  it("is measured by all of its entries", () => {
    const zip = zipOf(Array.from({ length: 50 }, (_, i) => ({ name: `a${i}`, content: new Uint8Array(30_000) })));
    expect(() => zipEntries(zip, limits)).toThrow("unpack to more than");
    const many = zipOf(Array.from({ length: 101 }, (_, i) => ({ name: `a${i}`, content: new Uint8Array(1) })));
    expect(() => zipEntries(many, limits)).toThrow("101 entries");
  });

  it.each([10, 1000, 999_999])("that declares %d instead of 5000 bytes is refused", async (size) => {
    const zip = zipOf([{ name: "a", content: new Uint8Array(5000), size }]);
    const [entry] = zipEntries(zip, limits);
    if (!entry) throw new Error("The entry is missing.");
    await expect(unpacked(zip, entry)).rejects.toThrow("damaged");
  });

  it("with very little data that unpacks to very much is refused before unpacking", { tags: "thorough" }, async () => {
    const before = process.memoryUsage().arrayBuffers;
    const zip = zipOf([{ name: "x.npy", content: npyOf(20_000_000) }]);
    expect(zip.length).toBeLessThan(100_000);
    expect(await parseNpz(zip, "f", null, "x")).toMatchObject({
      fault: expect.stringContaining("without compression"),
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200e6);
  });

  it("with two arrays of one name is refused", async () => {
    const content = npyOf(1000);
    const zip = zipOf([
      { name: "x.npy", content },
      { name: "x.npy", content },
    ]);
    expect(await parseNpz(zip, "f", null, "x")).toMatchObject({ fault: expect.stringContaining('named "x.npy"') });
  });
});

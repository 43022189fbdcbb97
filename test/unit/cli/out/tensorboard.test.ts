import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32c, maskedCrc32c } from "../../../../src/tensorboard/crc32c.ts";
import { histogram } from "../../../../src/tensorboard/histogram.ts";
import { summaryRecord, versionRecord } from "../../../../src/tensorboard/summary.ts";
import { readEvents, slowCrc32c } from "./eventReader.ts";

/** The output of tensorboard 2.21's own RecordWriter for the same two events. */
const recorded =
  "GAAAAAAAAACjf0siCQAAAAAARI9AGg1icmFpbi5FdmVudDoyq6MzRYsAAAAAAAAAhS098QkAAAAAAEqPQBCsAip9CgsKBGxvc3MVzczMPQpuCglncsO2w59lL2gqYQkAAAAAAAD4vxEAAAAAAAAQQBkAAAAAAAAIQCEAAAAAAAAMQCkAAAAAAEAzQDIYAAAAAAAAAAAAAAAAAAAAQAAAAAAAABBAOhgAAAAAAADwPwAAAAAAAPA/AAAAAAAA8D+diwiA";

const version = versionRecord(1000.5);
const values = [
  { tag: "loss", scalar: 0.1 },
  {
    tag: "größe/h",
    histogram: { min: -1.5, max: 4, count: 3, sum: 3.5, sumOfSquares: 19.25, limits: [0, 2, 4], counts: [1, 1, 1] },
  },
] as const;
const summary = summaryRecord(1001.25, 300, values);

describe("TensorBoard's event files", () => {
  it("equal what TensorBoard itself writes, byte for byte", () => {
    expect(Buffer.concat([version, summary]).toString("base64")).toBe(recorded);
  });

  it("are read back by an independent reader, which detects a flipped bit", () => {
    const file = Buffer.concat([version, summary]);
    const [head, event] = readEvents(file);
    expect(head).toMatchObject({ wallTime: 1000.5, step: 0, version: "brain.Event:2" });
    expect(event).toMatchObject({ wallTime: 1001.25, step: 300 });
    expect(event?.scalars.get("loss")).toBe(Math.fround(0.1));
    expect(event?.histograms.get("größe/h")).toEqual({ limits: [0, 2, 4], counts: [1, 1, 1], num: 3 });
    for (const at of [0, 9, 20, file.length - 1]) {
      const damaged = Buffer.from(file);
      damaged[at] = damaged[at]! ^ 4;
      expect(() => readEvents(damaged)).toThrow();
    }
  });

  it("hold step numbers beyond 32 bits", () => {
    const [event] = readEvents(Buffer.from(summaryRecord(0, 2 ** 40 + 5, [])));
    expect(event?.step).toBe(2 ** 40 + 5);
  });
});

describe("CRC-32C", () => {
  it("has the published check value, and masks as TensorFlow does", () => {
    // RFC 3720, B.4: 32 bytes of zeros; the check value of the Castagnoli CRC catalogue.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    expect(maskedCrc32c(new Uint8Array(0))).toBe(0xa282ead8);
  });

  it("agrees with division bit by bit", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => crc32c(bytes) === slowCrc32c(bytes)));
  });
});

describe("histograms", () => {
  it("count every finite value once, between the smallest and the largest", () => {
    const values = fc.array(
      fc.oneof(fc.double({ min: -1e9, max: 1e9 }), fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY)),
    );
    fc.assert(
      fc.property(values, (all) => {
        const finite = all.filter(Number.isFinite);
        const spread = histogram(all);
        if (finite.length === 0) {
          expect(spread).toBeNull();
          return;
        }
        expect(spread?.counts.reduce((a, b) => a + b)).toBe(finite.length);
        expect([spread?.min, spread?.max, spread?.limits.at(-1)]).toEqual([
          Math.min(...finite),
          Math.max(...finite),
          Math.max(...finite),
        ]);
      }),
    );
  });

  it("put values where they belong", () => {
    const spread = histogram([0, 0.05, 1, 29.9, 30]);
    expect(spread?.counts.map((n, i) => [i, n]).filter(([, n]) => n !== 0)).toEqual([
      [0, 2],
      [1, 1],
      [29, 2],
    ]);
    expect(histogram([2, 2])).toMatchObject({ limits: [2], counts: [2] });
  });
});

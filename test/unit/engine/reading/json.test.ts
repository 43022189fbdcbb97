import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonArray } from "../../../../src/engine/formats/arrays/jsonArray.ts";
import { decimalAt } from "../../../../src/engine/reading/decimal.ts";
import { JsonFault, scanJson } from "../../../../src/engine/reading/scanJson.ts";
import { budget } from "../../../budget.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const limits = { depth: 64, values: 1e6, keys: 1000 };

function sound(text: string): boolean {
  try {
    scanJson(bytes(text), limits);
    return true;
  } catch (error) {
    if (error instanceof JsonFault) return false;
    throw error;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("scanning JSON", () => {
  it("accepts what JSON.parse accepts", () => {
    fc.assert(fc.property(fc.json({ maxDepth: 5 }), (text) => sound(text)));
  });

  it("refuses what JSON.parse refuses, for texts that are nearly JSON", () => {
    const piece = fc.constantFrom(...'[]{},:"-+.0123456789eE \n\\utrfn', "true", "null", '"a"', '"a":1');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        // Two keys with one name are valid JSON, but one of them would be lost.
        if (!sound(text) && parses(text)) expect(() => scanJson(bytes(text), limits)).toThrow("two keys");
        else expect(sound(text)).toBe(parses(text));
      }),
      { numRuns: budget(150, 20_000, 400) },
    );
  });

  it.each([
    ["depth", "[".repeat(65), "line 1, column 65", "nested more than 64"],
    ["depth, for a text of 10 MB", "[".repeat(1e7), "line 1, column 65", "nested more than 64"],
    ["count", `[\n${"1,".repeat(1e6)}1]`, "line 2, column ", "more than 1,000,000 values"],
    [
      "keys",
      `{${Array.from({ length: 1001 }, (_, i) => `"k${i}":1`).join()}}`,
      "line 1, column ",
      "more than 1000 keys",
    ],
  ])("ends at a limit of %s, and reports the place", (_, text, place, words) => {
    try {
      scanJson(bytes(text), limits);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      expect(`line ${error.line}, column ${error.column}`).toContain(place);
      expect(error.message).toContain(words);
    }
  });
});

describe("numbers from bytes", () => {
  it("equal those that JavaScript reads, to the bit", () => {
    const written = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc
        .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.nat(30), fc.integer({ min: -340, max: 310 }))
        .map(([whole, fraction, exponent]) => `${whole}.${fraction}e${exponent}`),
      fc.tuple(fc.integer(), fc.integer({ min: -30, max: 30 })).map(([m, e]) => `${m}e${e}`),
    );
    fc.assert(
      fc.property(written, (text) => {
        const number = text.replace("e+", "e");
        expect(decimalAt(bytes(`[${number}]`), 1, number.length + 1)).toBe(Number(number));
      }),
      { numRuns: budget(150, 20_000, 400) },
    );
  });

  it("form the arrays that JSON.parse makes", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.float({ noNaN: true, noDefaultInfinity: true })), (shape, stream) => {
        const values: number[] = [];
        const nest = (axis: number): unknown => {
          if (axis === shape.length) {
            // JSON.stringify writes −0 as 0.
            values.push(Number(stream.next().value) + 0);
            return values.at(-1);
          }
          return Array.from({ length: shape[axis] ?? 0 }, () => nest(axis + 1));
        };
        const text = JSON.stringify({ other: [[1], { a: ["]", {}] }], x: nest(0) }, null, 1);
        expect(parseJsonArray(bytes(text), "f", "x", "y", null)).toEqual({ shape, values: Float32Array.from(values) });
      }),
    );
  });

  it.each([
    ["[[[1], [2]], [[3]]]", "ragged: the list at [1] has 1, but those before it have 2"],
    ["[[1, 2], [3, 4, 5, 6]]", "ragged: the list at [1] has 4, but those before it have 2"],
    ["[[[1]], [[2], [3]], 4]", "ragged: the list at [1] has 2, but those before it have 1"],
    ["[[[1, 2]], [[3, [4]]]]", "has a list at [1, 0, 1], where a number is expected"],
    ["[[[1, 2]], [5]]", "has 5 at [1, 0], where a list of 2 is expected"],
    ['["a"]', 'has "a" at [0], where a number'],
    ["[[], [1]]", "ragged: the list at [1] has 1, but those before it have 0"],
  ])("%s is refused with its place", (text, words) => {
    expect(parseJsonArray(bytes(text), "f", null, "y", null)).toMatchObject({ fault: expect.stringContaining(words) });
  });
});

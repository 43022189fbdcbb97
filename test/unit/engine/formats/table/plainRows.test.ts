import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../../../../src/engine/data/random.ts";
import { isPlain, plainRows, quickDecimal } from "../../../../../src/engine/formats/table/plainRows.ts";

function plain(text: string): { line: number; cells: string[] }[] {
  const bytes = Buffer.from(text);
  const bounds: number[] = [];
  return Array.from(plainRows(bytes, { from: 0, separator: 44, maxBytes: 1000 }, bounds), ({ line, cells }) => ({
    line,
    cells: Array.from({ length: cells }, (_, i) => bytes.toString("utf8", bounds[2 * i], bounds[2 * i + 1])),
  }));
}

describe("a CSV file without quotes", () => {
  it("has the rows, cells and lines that the general CSV parser finds", { tags: "thorough" }, () => {
    const random = createRandom(7);
    const pieces = ["1", "-2.5", "é", " ", "\t", "\f", ",", ",", "\n", "\n\n", "x y"];
    for (let n = 0; n < 2000; n++) {
      const end = n % 2 === 0 ? "\n" : "\r\n";
      const text = Array.from({ length: 1 + random.integer(20) }, () => pieces[random.integer(pieces.length)])
        .join("")
        .replaceAll("\n", end);
      const expected: { line: number; cells: readonly string[] }[] = [];
      parse(text, {
        trim: true,
        skip_empty_lines: true,
        relax_column_count: true,
        record_delimiter: end,
        on_record: (cells: readonly string[], { lines }) => {
          expected.push({ line: lines, cells });
          return null;
        },
      });
      expect(
        plain(text).map(({ cells }) => cells),
        JSON.stringify(text),
      ).toEqual(expected.map(({ cells }) => cells));
    }
    expect(plain("a,b\n\n1,2\n3").map(({ line }) => line)).toEqual([1, 3, 4]);
  });

  it("is one whose lines end in a line feed", () => {
    const plainOf = (text: string) => isPlain(Buffer.from(text));
    expect([plainOf("a\n1\n"), plainOf("a\r\n1\r\n"), plainOf("a\r1\r"), plainOf('"a"\n1')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("is read up to the first row that is too long", () => {
    const rows = [
      ...plainRows(Buffer.from(`a\n${"1,".repeat(50)}\n2\n`), { from: 0, separator: 44, maxBytes: 20 }, []),
    ];
    expect(rows).toHaveLength(2);
    expect(rows.at(-1)).toMatchObject({ line: 2, long: true });
  });
});

describe("a short decimal", () => {
  const quick = (text: string) => quickDecimal(Buffer.from(text), 0, text.length, 46);

  it("equals the number that its text denotes", { tags: "thorough" }, () => {
    const random = createRandom(3);
    for (let n = 0; n < 20_000; n++) {
      const whole = String(random.integer(10 ** random.integer(9)));
      const text = `${["", "-", "+"][n % 3]}${whole}${n % 2 ? `.${"0".repeat(random.integer(4))}${random.integer(1000)}` : ""}`;
      expect(quick(text), text).toBe(Number(text));
    }
    for (const text of ["0", "-0", "1.", ".5", "999999999999999", "0.00000000000001"])
      expect(quick(text), text).toBe(Number(text));
  });

  it.each(["", "-", ".", "1e5", "1.2.3", "1 2", "0x1", "1234567890123456", "NaN"])(
    "is not recognised in %j",
    (text) => {
      expect(quick(text)).toBeNaN();
    },
  );
});

/** Quotes that nothing closes, and quotes that enclose rows: each is placed where it opens. */

import { describe, expect, test } from "vitest";
import { loadTable } from "./tableFile.ts";

describe("a quote that is never closed", () => {
  test.each([
    ["in a row", 'a,b\n1,2\n3,4\n"5,6\n7,8\n9,10\n', 4],
    ["in a row's second cell", 'a,b\n"1",2\n3,4\n5,"6\n7,8\n', 4],
    ["in the names", 'a,"b\n1,2\n3,4\n', 1],
    ["after a cell with a line break", 'a,b\r\n"1",2\r\n"3\r\n4",4\r\n5,"6\r\n7,8\r\n', 5],
    ["after quotes in quotes", 'a,b\n"1 ""x""",2\n3,4\n5,"6 ""\n7,8\n', 4],
    ["in a file with semicolons", 'a;b\n1;2\n3;"4\n5;6\n', 3],
  ])("is placed where it opens: %s", async (_, content, line) => {
    const { problems } = await loadTable(content);
    expect(problems[0]!.message).toContain(`line ${line}: a quoted cell begins here and is never closed`);
  });
});

describe("two quotes that belong to no cell", () => {
  const rows = Array.from({ length: 24 }, (_, i) => `${i},${2 * i},note`);
  const text = (lines: readonly string[]) => `a,b,note\n${lines.join("\n")}\n`;

  test("do not swallow the rows between them without a word", async () => {
    const stray = rows.map((row, i) => (i === 5 || i === 15 ? row.replace("note", '"6ft') : row));
    const { problems } = await loadTable(text(stray), { inputs: ["a"], targets: ["b"] });
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^"t\.csv", line 7: a quoted cell begins in this row, and the 9 lines within it look like rows/,
      ),
    ]);
  });

  test("may hold lines of text", async () => {
    const prose = rows.map((row, i) =>
      i === 5 ? row.replace("note", '"one, two, three\nfour, five, six\nseven"') : row,
    );
    const { problems, data } = await loadTable(text(prose), { inputs: ["a"], targets: ["b"] });
    expect([problems, data?.samples]).toEqual([[], 24]);
  });

  test.each([
    [0, /^"t\.csv", line 7: 1 cell, but the header has 3\. A quoted cell in it is not closed/],
    [2, /^"t\.csv", line 7: 5 cells, but the header has 3\. A quoted cell in it is not closed/],
  ])("do not swallow a single row from column %i on", async (column, message) => {
    const quoted = Array.from({ length: 24 }, (_, i) => [`"los angeles ${i}"`, i, `"new york ${i}"`]);
    quoted[5]![column] = String(quoted[5]![column]).slice(0, -1);
    const content = `city;a;b\n${quoted.map((cells) => cells.join(";")).join("\n")}\n`;
    const { problems } = await loadTable(content, { inputs: ["a"], targets: ["a"] });
    expect(problems.map((each) => each.message)).toEqual([expect.stringMatching(message)]);
  });

  test("do not swallow the ends of two rows", async () => {
    const quoted = Array.from({ length: 24 }, (_, i) => `${i};${2 * i};"new york ${i}${i === 5 ? "" : '"'}`);
    const { problems } = await loadTable(`a;b;city\n${quoted.join("\n")}\n`);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("line 7: a quoted cell begins in this row, and the line within it looks like a row"),
    ]);
  });

  test("may hold an address of several lines", async () => {
    const address = rows.map((row, i) => (i === 5 ? row.replace("note", '"12 Main Street\n10115 Berlin"') : row));
    const { problems, data } = await loadTable(text(address), { inputs: ["a"], targets: ["b"] });
    expect([problems, data?.samples]).toEqual([[], 24]);
  });
});

describe("a quote that is never closed beside cells with blanks", () => {
  const table = (separator: string, open: number, names = ["Date", "a", "b", "city"]) => {
    const rows = Array.from({ length: 12 }, (_, i) => [
      `2020-01-${10 + i}`,
      i,
      2 * i,
      `${i === open ? '"' : ""}new york`,
    ]);
    return [names, ...rows].map((cells) => cells.join(separator)).join("\n");
  };

  test.each([";", ",", "|", "\t"])("is placed, whatever separates the cells: %s", async (separator) => {
    for (const open of [0, 4, 11]) {
      const { problems } = await loadTable(table(separator, open));
      expect(problems).toEqual([
        expect.objectContaining({
          path: ["data", "file"],
          message: expect.stringContaining(`line ${open + 2}: a quoted cell begins here and is never closed`),
        }),
      ]);
      expect(problems[0]!.fixes ?? []).toEqual([]);
    }
  });

  test.each([
    ["among the names", table(";", -1, ["Date", "a", "b", '"the city']), 1],
    ["where the names have blanks", table(";", 3, ["Date", "a", "b", "the city"]), 5],
    ["where times follow dates", table(";", 3).replaceAll(/^(2020\S{6})/gm, "$1 12:00"), 5],
    ["where a column is called otherwise", table(";", 3, ["Date", "a", "c", "city"]), 5],
  ])("is placed %s", async (_, content, line) => {
    expect((await loadTable(content)).problems[0]!.message).toContain(`line ${line}: a quoted cell begins here`);
  });

  test("is an ordinary character where blanks separate the cells", async () => {
    const { data } = await loadTable('a b size\n1 2 3;"4\n5 6 7;"8 \n');
    expect(data?.samples).toBe(2);
  });
});

describe("blanks around a quoted cell", () => {
  test.each([
    ["before it", 'a, "b", "note, long"\n1, "2", "x, y"\n3, "4", "z"\n'],
    ["behind it", 'a,"b" ,"note" \n1,"2" ,"x, y"\n3,"4"  ,"z"\n'],
    ["on both sides", '"a" , "b" , "note"\n"1" , "2" , "the ""x"", y" \n"3" , "4" , "z"\n'],
    ["between tabs", '"a"\t "b" \t"note"\n"1"\t "2" \t"x, y"\n"3"\t "4" \t"z"\n'],
  ])("do not make its quotes a part of it: %s", async (_, content) => {
    const { data, problems } = await loadTable(content);
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect([...data!.inputs, ...data!.targets]).toEqual([1, 3, 2, 4]);
  });

  test("do not hide that it is never closed", async () => {
    const { problems } = await loadTable('a,b\n1, 2\n3,  "4\n5, 6\n');
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("line 3: a quoted cell begins here and is never closed. Close it, or write"),
    ]);
  });

  test("leave quotes within a cell as they are", async () => {
    const { data } = await loadTable('a,b,note\n1,2,about 6" wide\n3,4, 5" and 7"\n');
    expect(data?.samples).toBe(2);
  });
});

/** The page of promises: each has a test that exists, and a figure. */

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";

/** Cells of the rows below a header that ends in `Measured`. */
function promises(page: string): readonly (readonly string[])[] {
  return page
    .split(/\n\n/)
    .filter((block) => /^\|.*\| Measured \|\n/.test(block))
    .flatMap((block) => block.trim().split("\n").slice(2))
    .map((line) =>
      line
        .slice(1, -1)
        .split(" | ")
        .map((cell) => cell.trim()),
    );
}

/** What a row lacks; empty if it is complete. */
function lacks(cells: readonly string[]): readonly string[] {
  const [, promise = "", tests = "", figure = ""] = cells;
  const named = [...tests.matchAll(/`([\w./]+\.test\.ts)`/g)].map(([, file = ""]) => file);
  const exists = (file: string) =>
    ["", "test", "test/unit"].some((folder) => fs.existsSync(path.join(root, folder, file)));
  return [
    ...(cells.length === 4 ? [] : ["cells"]),
    ...(promise.length > 5 ? [] : ["a promise"]),
    ...(named.length > 0 || tests.includes("`npm run bench") ? [] : ["a test"]),
    ...named.filter((file) => !exists(file)),
    ...(/\d/.test(figure) ? [] : ["a figure"]),
  ];
}

describe("docs/reliability.md", () => {
  const rows = promises(fs.readFileSync(path.join(root, "docs/reliability.md"), "utf8"));

  it("has a promise, a test that exists and a figure in each row", () => {
    expect(rows.length).toBeGreaterThan(60);
    expect(
      rows.map((cells) => ({ fault: cells[0], lacks: lacks(cells) })).filter((row) => row.lacks.length > 0),
    ).toEqual([]);
  });

  it("would not pass with a gap", () => {
    expect(lacks(["a", "b is kept", "`host/inline.test.ts`", "3 of 3"])).toEqual([]);
    expect(lacks(["a", "b is kept", "`host/inline.test.ts`", "–"])).toEqual(["a figure"]);
    expect(lacks(["a", "b is kept", "the same", "1"])).toEqual(["a test"]);
    expect(lacks(["a", "b is kept", "`host/nothing.test.ts`", "1"])).toEqual(["host/nothing.test.ts"]);
  });
});

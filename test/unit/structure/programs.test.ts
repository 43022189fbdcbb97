import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";
import { importsOf } from "./importsOf.ts";

/** The folders that are not shipped, each with the folders of the checkout that it may import. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  tools: ["src"],
  scripts: ["src", "tools"],
  test: ["src", "webview", "tools"],
  src: [],
  webview: ["src"],
};

describe("the folders beside src", () => {
  it("import in one direction: code shared by scripts and tests is in tools, and the product needs none of them", () => {
    expect(Object.keys(MAY).flatMap((folder) => wrongImports(folder, sourcesBelow(folder)))).toEqual([]);
  });

  it.each([
    ["tools", "../test/zoo/entry.ts"],
    ["tools", "../scripts/demo.ts"],
    ["scripts", "../test/zoo/entry.ts"],
    ["test", "../scripts/demo.ts"],
    ["src", "../tools/root.ts"],
    ["webview", "../test/zoo/entry.ts"],
  ])("may not import backward: %s importing %s is reported", (folder, from) => {
    const file = `${folder}/probe.ts`;
    expect(wrongImports(folder, new Map([[file, `import { x } from "${from}";`]]))).toEqual([
      `${file} imports ${from}`,
    ]);
  });
});

/** Imports of `folder`'s files from folders that are not allowed. */
function wrongImports(folder: string, texts: ReadonlyMap<string, string>): string[] {
  const allowed = [folder, ...(MAY[folder] ?? [])];
  return [...texts].flatMap(([file, text]) =>
    importsOf(text)
      .filter((from) => from.startsWith("."))
      .filter((from) => {
        const [top = "", below] = path.posix.join(path.posix.dirname(file), from).split("/");
        // A top-level file, such as package.json, belongs to all.
        return below !== undefined && !allowed.includes(top);
      })
      .map((from) => `${file} imports ${from}`),
  );
}

function sourcesBelow(folder: string): ReadonlyMap<string, string> {
  const files = fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => path.posix.join(folder, file.split(path.sep).join("/")))
    .filter((file) => /\.m?ts$|\.mjs$/.test(file) && !file.startsWith("src/kernels/assembly"));
  expect(files.length).toBeGreaterThan(5);
  return new Map(files.map((file) => [file, fs.readFileSync(path.join(root, file), "utf8")]));
}

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";
import { longParts, mostLines } from "./lengths.ts";

const files = ["src", "webview", "scripts", "tools"].flatMap((top) =>
  fs
    .readdirSync(path.join(root, top), { recursive: true, encoding: "utf8" })
    .map((file) => path.posix.join(top, file.split(path.sep).join("/")))
    .filter((file) => /\.m?ts$/.test(file)),
);

describe("the limits of length", () => {
  const body = (lines: number) => "  a();\n".repeat(lines - 2);
  const long = mostLines.function + 1;

  it.each([
    ["a declaration", (lines: number) => `export function f(): void {\n${body(lines)}}\n`],
    ["an arrow", (lines: number) => `const f = (): void => {\n${body(lines)}};\n`],
    ["a method", (lines: number) => `class A {\n  #m<T>(x: T): void {\n${body(lines)}}\n}\n`],
    ["a constructor", (lines: number) => `class A {\n  constructor(readonly x: number) {\n${body(lines)}}\n}\n`],
    ["a getter", (lines: number) => `const a = {\n  get x() {\n${body(lines)}}\n};\n`],
    ["a callback", (lines: number) => `describe("a", () => {\n${body(lines)}});\n`],
    ["AssemblyScript", (lines: number) => `@inline\nexport function f(): void {\n${body(lines)}}\n`],
  ])("detect %s that is too long", (_, text) => {
    expect(longParts(text(mostLines.function))).toEqual([]);
    expect(longParts(text(long))).toEqual([{ what: "function", line: expect.any(Number), lines: long }]);
  });

  it("count the parameters of a function, and name the line where it begins", () => {
    const text = `a();\n\nfunction f(\n${"  a: number,\n".repeat(long - 3)}) {\n}\n`;
    expect(longParts(text)).toEqual([{ what: "function", line: 3, lines: long }]);
  });

  it("detect a file that is too long", () => {
    expect(longParts("a();\n".repeat(mostLines.file))).toEqual([]);
    expect(longParts("a();\n".repeat(mostLines.file + 1))).toEqual([{ what: "file", line: 1, lines: 301 }]);
  });
});

describe("files and functions of the program", () => {
  it("are short: at most 300 lines in a file, 80 in a function", () => {
    expect(files.length).toBeGreaterThan(500);
    const long = files.flatMap((file) =>
      longParts(fs.readFileSync(path.join(root, file), "utf8")).map(
        ({ what, line, lines }) => `${file}:${line}: a ${what} of ${lines} lines`,
      ),
    );
    expect(long).toEqual([]);
  });
});

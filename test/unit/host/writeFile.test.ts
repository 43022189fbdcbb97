import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newFile, replaceFile } from "../../../src/host/save/writeFile.ts";

let folder = "";
let outside = "";
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-save-"));
  outside = path.join(folder, "outside");
  fs.writeFileSync(outside, "precious");
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const bytes = new TextEncoder().encode("own");

describe("a file that the user has named", () => {
  it("is created, or replaced if that is intended", () => {
    const file = path.join(folder, "run.csv");
    newFile(file, bytes);
    expect(() => newFile(file, bytes)).toThrow(/EEXIST/);
    replaceFile(file, new TextEncoder().encode("again"));
    expect(fs.readFileSync(file, "utf8")).toBe("again");
    expect(fs.readdirSync(folder).sort()).toEqual(["outside", "run.csv"]);
  });

  it.each(["outside", "not-there"])("is not written through a link to %s", (target) => {
    const file = path.join(folder, "gradlens.json");
    fs.symlinkSync(path.join(folder, target), file);
    expect(() => newFile(file, bytes)).toThrow(/EEXIST/);
    expect(() => replaceFile(file, bytes)).toThrow(/is a link, which is never followed; remove it/);
    expect(fs.readFileSync(outside, "utf8")).toBe("precious");
    expect(fs.readdirSync(folder).sort()).toEqual(["gradlens.json", "outside"]);
  });

  it("keeps the content under other names of the same file", () => {
    const file = path.join(folder, "run.csv");
    fs.linkSync(outside, file);
    replaceFile(file, bytes);
    expect(fs.readFileSync(outside, "utf8")).toBe("precious");
  });
});

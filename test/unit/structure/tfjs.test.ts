/** Checks that one folder knows tfjs's internals, and that one table lists every patch. */

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { patches } from "../../../src/engine/tfjs/patches/patches.ts";
import { root } from "../../../tools/root.ts";
import { sourceTexts } from "./importGraph.ts";

/** Other modules that read or replace a property by name, and its owner. */
const OTHERS: Readonly<Record<string, string>> = {
  "src/engine/backend/confine.ts": "Node's module loader",
  "src/engine/backend/tensorflow.ts": "Node's util",
  "src/engine/formats/table/csvRows.ts": "an error of csv-parse",
};

const byName = (text: string): boolean => /\bReflect\.(?:get|set|has)\(/.test(text);

describe("tfjs's internals", () => {
  it("are read and replaced by one module alone", () => {
    const found = [...sourceTexts()]
      .filter(([file, text]) => file.startsWith("src/engine/") && byName(text))
      .map(([file]) => file);
    expect(found.sort()).toEqual(["src/engine/tfjs/internals.ts", ...Object.keys(OTHERS)].sort());
  });

  it("are detected where they are read", () => {
    expect(byName('const x = Reflect.get(layer, "units");')).toBe(true);
    expect(byName('const x = internal(layer, "units");')).toBe(false);
  });
});

describe("what all of the process shares", () => {
  it("is not replaced: tfjs gets its random numbers from the layers' own streams", () => {
    const replaced = /\bMath\.\w+\s*=[^=]/;
    expect(replaced.test("Math.random = uniform;")).toBe(true);
    expect([...sourceTexts()].filter(([, text]) => replaced.test(text)).map(([file]) => file)).toEqual([]);
  });
});

describe("the table of patches", () => {
  it("has a test and a place for each", () => {
    for (const { what, test, place, symptom, how } of patches) {
      expect(fs.existsSync(path.join(root, "test/unit/engine", test)), `${what}: ${test}`).toBe(true);
      if (typeof how === "string") expect(fs.existsSync(path.join(root, "src/engine", how)), what).toBe(true);
      expect(
        [place, symptom].every((words) => words.length > 20),
        what,
      ).toBe(true);
    }
  });

  it("refers to the installed version", () => {
    const file = createRequire(path.join(root, "package.json")).resolve("@tensorflow/tfjs-core/package.json");
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(fs.readFileSync(file, "utf8")));
    expect(new Set(patches.map(({ tfjs }) => tfjs))).toEqual(new Set([version.split(".").slice(0, 2).join(".")]));
  });

  it("has every module of its folder that registers something", () => {
    const listed = patches.map(({ how }) => (typeof how === "string" ? how : how.name));
    const missing = [...sourceTexts()].flatMap(([file, text]) => {
      const name = /export function (register\w+)/.exec(text)?.[1];
      if (name === undefined || !file.startsWith("src/engine/tfjs/patches/")) return [];
      return listed.includes(name) || listed.includes(file.replace("src/engine/", "")) ? [] : [file];
    });
    expect(missing).toEqual([]);
    expect(new Set(listed).size).toBe(patches.length);
  });
});

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FILE_PARTS, importOverrides, PARTS } from "../../../tools/importRules.ts";
import { root } from "../../../tools/root.ts";
import { sourceTexts } from "./importGraph.ts";
import { importsOf } from "./importsOf.ts";

const FOLDERS = Object.keys(PARTS).filter((part) => !FILE_PARTS.includes(part));
/** One import per line, so that the linter's line identifies it. */
const FORMS: ReadonlyArray<(from: string) => string> = [
  (from) => `import { x } from "${from}";`,
  (from) => `import type { X } from "${from}";`,
  (from) => `import "${from}";`,
  (from) => `export const x = import("${from}");`,
  (from) => `export { x } from "${from}";`,
  (from) => `export * from "${from}";`,
];

/** Places of a part's file: at its top and one folder down, or src/<part>.ts for single files. */
function placesOf(part: string): string[] {
  if (part === "webview") return ["webview/probe.ts", "webview/charts/probe.ts"];
  if (!FOLDERS.includes(part)) return [`src/${part}.ts`];
  return [`src/${part}/probe.ts`, `src/${part}/deep/probe.ts`, `src/${part}/deep/down/probe.ts`];
}

function specifier(fromFile: string, part: string): string {
  const target = part === "webview" ? "webview/x.ts" : FOLDERS.includes(part) ? `src/${part}/x.ts` : `src/${part}.ts`;
  const relative = path.posix.relative(path.posix.dirname(fromFile), target);
  return relative.startsWith(".") ? relative : `./${relative}`;
}

/** A module that matches a pattern of the rules. */
const moduleOf = (pattern: string) => pattern.replace("/**", "/tfjs-core").replace(":*", ":fs");

const lines = (specifiers: readonly string[]) => specifiers.flatMap((from) => FORMS.map((write) => write(from)));

describe("the linter's rule that imports point one way", () => {
  it("is the one written in tools/importRules.ts (else: npm run import-rules)", () => {
    const { overrides }: { overrides: unknown } = JSON.parse(fs.readFileSync(path.join(root, "biome.json"), "utf8"));
    expect(overrides).toEqual(importOverrides());
  });

  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "gradlens-imports-"));
  afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));
  const forbidden = new Map<string, string[]>();
  const allowed = new Map<string, string[]>();
  let rejected = new Set<string>();

  beforeAll(() => {
    for (const [part, { may, never }] of Object.entries(PARTS))
      for (const place of placesOf(part)) {
        const others = Object.keys(PARTS).filter((other) => other !== part && !may.includes(other));
        forbidden.set(place, lines([...others.map((other) => specifier(place, other)), ...never.map(moduleOf)]));
        const own = FOLDERS.includes(part) ? [specifier(place, part), "./beside.ts"] : [];
        allowed.set(place.replace(".ts", ".legal.ts"), lines([...may.map((m) => specifier(place, m)), ...own]));
      }
    rejected = lint(scratch, new Map([...forbidden, ...allowed]));
  });

  it.each(Object.keys(PARTS).flatMap(placesOf))("rejects forbidden imports at %s, in every form", (place) => {
    const text = forbidden.get(place) ?? [];
    expect(text.length).toBeGreaterThan(0);
    expect(text.filter((_, i) => !rejected.has(`${place}:${i + 1}`))).toEqual([]);
  });

  it.each(Object.keys(PARTS).flatMap(placesOf))("accepts allowed imports at %s", (place) => {
    const file = place.replace(".ts", ".legal.ts");
    expect((allowed.get(file) ?? []).filter((_, i) => rejected.has(`${file}:${i + 1}`))).toEqual([]);
  });
});

/**
 * Lints files of the given lines under the project's own rules, in a tree beside it; returns "file:line" of each error.
 */
function lint(dir: string, files: ReadonlyMap<string, readonly string[]>): Set<string> {
  for (const name of ["biome.json", ".gitignore"]) fs.copyFileSync(path.join(root, name), path.join(dir, name));
  for (const [file, text] of files) {
    fs.mkdirSync(path.join(dir, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(dir, file), `${text.join("\n")}\n`);
  }
  const args = ["lint", "--only=style/noRestrictedImports", "--reporter=github", "--max-diagnostics=none", "."];
  const run = spawnSync(path.join(root, "node_modules/.bin/biome"), args, { cwd: dir, encoding: "utf8" });
  const errors = run.stdout.matchAll(/title=lint\/style\/noRestrictedImports,file=([^,]+),line=(\d+)/g);
  return new Set([...errors].map(([, file = "", line]) => `${path.relative(fs.realpathSync(dir), file)}:${line}`));
}

describe("every import in the tree", () => {
  it("is found in every form, even in those that the linter does not know", () => {
    const text = `${lines(["./a.ts"]).join("\n")}
      const b = require("./a.ts");
      let c: import("./a.ts").C;
      import {
        d,
      } from "./a.ts";
      // import "./not.ts"
    `;
    expect(importsOf(text)).toEqual(Array(FORMS.length + 3).fill("./a.ts"));
  });

  it("obeys the rules, by an independent check", () => {
    const wrong: string[] = [];
    let seen = 0;
    for (const [file, text] of sourceTexts())
      for (const from of importsOf(text)) {
        seen++;
        const part = partOf(file);
        const imported = from.startsWith(".") ? path.posix.join(path.posix.dirname(file), from) : undefined;
        // All may import the manifest: name and version are written once.
        if (imported === "package.json") continue;
        const target = imported === undefined ? undefined : partOf(imported);
        const allowed = PARTS[part];
        if (!allowed) wrong.push(`${file} belongs to no part`);
        else if (target === undefined) {
          if (allowed.never.some((name) => samePackage(name, from))) wrong.push(`${file} imports ${from}`);
        } else if (target !== part && !allowed.may.includes(target)) wrong.push(`${file} imports ${from}`);
      }
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(10);
  });
});

function partOf(file: string): string {
  const [top, second = ""] = file.split("/");
  return top === "webview" ? "webview" : second.replace(/\.ts$/, "");
}

/** Whether a pattern of the rules matches a package. */
function samePackage(forbidden: string, imported: string): boolean {
  const start = forbidden.replace(/\*+$/, "");
  return start === forbidden ? imported === start || imported.startsWith(`${start}/`) : imported.startsWith(start);
}

import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { root } from "../../../tools/root.ts";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      link: z.boolean().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      inBundle: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

describe.each(["package-lock.json", "tools/vscode/server/package-lock.json"])("%s", (file) => {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const { packages } = lockSchema.parse(JSON.parse(text));

  it("names no host of a registry, so that any registry serves it", () => {
    expect(text.match(/"resolved": "(?!file:|stubs\/)[^"]*/g) ?? []).toEqual([]);
    expect(text).not.toMatch(/https?:\/\/[^"/]*(npmjs|registry)/);
  });

  it("knows the content of every package, so that no registry can serve another one", () => {
    const unknown = Object.entries(packages).filter(
      ([at, { link, resolved, integrity, inBundle }]) =>
        at.includes("node_modules/") &&
        link !== true &&
        inBundle !== true &&
        resolved?.startsWith("file:") !== true &&
        !/^sha512-/.test(integrity ?? ""),
    );
    expect(unknown.map(([at]) => at)).toEqual([]);
  });

  it("knows every package for every platform: npm ci refuses a lock that lacks one", () => {
    const missing = Object.entries(packages).flatMap(([at, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter((name) => lookUp(packages, at, name) === undefined),
    );
    expect(missing).toEqual([]);
  });
});

/** Node's resolution: the nearest node_modules upward from the package at `from`. */
function lookUp(packages: Readonly<Record<string, unknown>>, from: string, name: string): unknown {
  for (let at = from; ; at = at.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, "")) {
    const found = packages[`${at === "" ? "" : `${at}/`}node_modules/${name}`];
    if (found !== undefined || at === "") return found;
  }
}

/** Finds the regular expressions of a program by parsing it. */

import fs from "node:fs";
import path from "node:path";
import * as esbuild from "esbuild";
import { parseAst } from "vite";
import { z } from "zod";
import { root } from "../../../tools/root.ts";

export interface Expression {
  readonly file: string;
  readonly pattern: string;
  readonly flags: string;
}

const literal = z.object({ type: z.literal("Literal"), regex: z.object({ pattern: z.string(), flags: z.string() }) });
const constructed = z.object({
  type: z.enum(["NewExpression", "CallExpression"]),
  callee: z.object({ type: z.literal("Identifier"), name: z.literal("RegExp") }),
});

/** All literals below `folders`; `made` counts, by file, those built at run time. */
export async function expressionsOf(
  folders: readonly string[],
): Promise<{ readonly literals: readonly Expression[]; readonly made: readonly string[] }> {
  const literals: Expression[] = [];
  const made: string[] = [];
  for (const file of folders.flatMap((folder) => sources(path.join(root, folder)))) {
    const loader = file.endsWith(".mjs") ? "js" : "ts";
    const { code } = await esbuild.transform(fs.readFileSync(file, "utf8"), { loader, target: "es2022" });
    const name = path.relative(root, file);
    walk(parseAst(code), (node) => {
      const found = literal.safeParse(node);
      if (found.success) literals.push({ file: name, ...found.data.regex });
      if (constructed.safeParse(node).success) made.push(name);
    });
  }
  return { literals, made };
}

function sources(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    // Skips AssemblyScript, which has no regular expressions.
    if (entry.isDirectory()) return entry.name === "assembly" ? [] : sources(at);
    return /\.(ts|mjs)$/.test(entry.name) ? [at] : [];
  });
}

function walk(node: unknown, visit: (node: object) => void): void {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) visit(node);
  for (const inner of Object.values(node)) walk(inner, visit);
}

/** Finds the regular expressions of a program by parsing it. */

import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { root } from "../../../tools/root.ts";
import { parsed, walk } from "./syntax.ts";

export interface Expression {
  readonly file: string;
  readonly pattern: string;
  readonly flags: string;
}

/**
 * Found in every text with an expression: a slash where a value may begin. Parsing takes time, and most texts have none.
 */
const likely =
  /(?:[-=(),:[!&|?{};+>~^%*]|\b(?:return|typeof|case|in|of|void|throw|else|await|yield))\s*\/(?![/*])|RegExp/;

const literal = z.object({ regex: z.object({ pattern: z.string(), flags: z.string() }) });
const calls = ["NewExpression", "CallExpression"];
const constructed = z.object({
  callee: z.object({ type: z.literal("Identifier"), name: z.literal("RegExp") }),
});

/** All literals below `folders`; `made` counts, by file, those built at run time. */
export function expressionsOf(folders: readonly string[]): {
  readonly literals: readonly Expression[];
  readonly made: readonly string[];
} {
  const literals: Expression[] = [];
  const made: string[] = [];
  for (const file of folders.flatMap((folder) => sources(path.join(root, folder)))) {
    const name = path.relative(root, file);
    const text = fs.readFileSync(file, "utf8");
    if (!likely.test(text)) continue;
    walk(parsed(text), (node) => {
      if (node.type === "Literal" && "regex" in node) literals.push({ file: name, ...literal.parse(node).regex });
      if (calls.includes(node.type) && constructed.safeParse(node).success) made.push(name);
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

/** Measures how long the files and functions of the program are. */

import { parseAst } from "vite";
import { z } from "zod";

/** Lines that a file and a function may have. */
export const mostLines = { file: 300, function: 80 };

export interface LongPart {
  readonly what: "file" | "function";
  /** First line, from 1. */
  readonly line: number;
  readonly lines: number;
}

const functionNode = z.object({
  type: z.enum(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]),
  start: z.number(),
  end: z.number(),
});

/** AssemblyScript's decorators of functions, which TypeScript does not know. */
const decorator = /^@(?:inline|unmanaged|external.*)$/gm;

/** The file itself, if it is too long, and its functions that are. */
export function longParts(text: string): readonly LongPart[] {
  const found: LongPart[] = [];
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines > mostLines.file) found.push({ what: "file", line: 1, lines });
  // Parsing takes time, and a short file has no long function.
  if (lines <= mostLines.function) return found;
  const lineAt = (position: number): number => text.slice(0, position).split("\n").length;
  const withoutDecorators = text.replace(decorator, (name) => " ".repeat(name.length));
  walk(parseAst(withoutDecorators, { lang: "ts" }), (node) => {
    if (!("body" in node)) return;
    const parsed = functionNode.safeParse(node);
    if (!parsed.success) return;
    const [first, last] = [lineAt(parsed.data.start), lineAt(parsed.data.end)];
    if (last - first + 1 > mostLines.function) found.push({ what: "function", line: first, lines: last - first + 1 });
  });
  return found;
}

function walk(node: unknown, visit: (node: object) => void): void {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) visit(node);
  for (const inner of Object.values(node)) walk(inner, visit);
}

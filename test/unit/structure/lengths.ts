/** Measures how long the files and functions of the program are. */

import { z } from "zod";
import { parsed, walk } from "./syntax.ts";

/** Lines that a file and a function may have. */
export const mostLines = { file: 300, function: 80 };

export interface LongPart {
  readonly what: "file" | "function";
  /** First line, from 1. */
  readonly line: number;
  readonly lines: number;
}

const functions = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];
const positions = z.object({ start: z.number(), end: z.number() });

/** The file itself, if it is too long, and its functions that are. */
export function longParts(text: string): readonly LongPart[] {
  const found: LongPart[] = [];
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  if (lines > mostLines.file) found.push({ what: "file", line: 1, lines });
  // Parsing takes time, and a short file has no long function.
  if (lines <= mostLines.function) return found;
  const lineAt = (position: number): number => text.slice(0, position).split("\n").length;
  walk(parsed(text), (node) => {
    if (!functions.includes(node.type) || !("body" in node)) return;
    const { start, end } = positions.parse(node);
    const lines = text.slice(start, end).split("\n").length;
    if (lines > mostLines.function) found.push({ what: "function", line: lineAt(start), lines });
  });
  return found;
}

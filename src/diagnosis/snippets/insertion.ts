/** Where a suggestion goes in a program's text. */

import type { Snippet } from "./torchSnippets.ts";

/**
 * Null where its place is not certain: it replaces part of a loop, no name is given to the module, or no line makes an optimizer's step.
 *
 * @param made the expression that makes the module
 */
export function insertion(
  text: string,
  snippet: Snippet,
  made: { readonly offset: number; readonly length: number },
): { readonly offset: number; readonly text: string } | null {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  // It replaces lines that only the reader knows.
  if (snippet.where === "loop") return null;
  if (snippet.where === "step") {
    const steps = [...text.matchAll(/^([ \t]*)([\w.]+)\(/gm)].filter(
      ({ 2: called = "" }) => called.endsWith(".step") && called.includes("opt"),
    );
    const [step] = steps;
    if (steps.length !== 1 || !step) return null;
    const lines = snippet.code("model").map((line) => `${step[1]}${line}${newline}`);
    return { offset: step.index, text: lines.join("") };
  }
  const start = text.lastIndexOf("\n", made.offset - 1) + 1;
  const before = /^([ \t]*)([A-Za-z_][\w.]*)\s*(?::[^=\n]*)?=\s*$/.exec(text.slice(start, made.offset));
  const found = text.indexOf("\n", made.offset + made.length);
  const end = found < 0 ? text.length : found + 1;
  // Something follows the expression: the statement has not ended.
  const rest = text
    .slice(made.offset + made.length, end)
    .replace(/#.*/, "")
    .trim();
  if (!before || rest !== "") return null;
  const lines = snippet.code(before[2] ?? "").map((line) => `${before[1]}${line}${newline}`);
  return { offset: end, text: `${found < 0 ? newline : ""}${lines.join("")}` };
}

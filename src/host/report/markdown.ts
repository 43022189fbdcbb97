/** Writes a report as Markdown, with its pictures in it. */

import { escapeMarkdown, svgImage } from "../inline/markdown.ts";
import type { Part } from "./part.ts";

export function reportMarkdown(parts: readonly Part[]): string {
  return `${parts.map(block).join("\n\n")}\n`;
}

function block(part: Part): string {
  switch (part.kind) {
    case "heading":
      return `${"#".repeat(part.level)} ${escapeMarkdown(part.text)}`;
    case "paragraph":
      return escapeMarkdown(part.text);
    case "list":
      return part.items.map((item) => `- ${escapeMarkdown(item)}`).join("\n");
    case "table": {
      const row = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
      return [row(part.head), `|${"---|".repeat(part.head.length)}`, ...part.rows.map(row)].join("\n");
    }
    case "picture":
      return svgImage(part.svg, part.text);
    case "code":
      return fenced(part.text);
  }
}

/** A fence is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}jsonc\n${text.trimEnd()}\n${fence}`;
}

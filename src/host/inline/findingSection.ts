/** Cuts the section of one finding out of docs/findings.md, as a document that needs no other file. */

import type { FindingCode } from "../../protocol/finding.ts";

/**
 * @param file reads a file below `docs`; empty if there is none
 * @returns the section with its pictures in it; links within the document are plain text
 */
export function findingSection(document: string, code: FindingCode, file: (name: string) => string): string {
  const lines = document.split(/\r?\n/);
  const start = lines.findIndex((line) => line.trim() === `## ${code}`);
  if (start < 0) return `# ${code}\n`;
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  const section = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join("\n");
  const pictured = section.replaceAll(
    /\]\((findings\/[\w-]+\.svg)\)/g,
    (_, name: string) => `](data:image/svg+xml;base64,${Buffer.from(file(name)).toString("base64")})`,
  );
  return `# ${code}\n${pictured.replaceAll(/\[([^[\]]{1,200})\]\(#[^()\s]{1,100}\)/g, "$1")}\n`;
}

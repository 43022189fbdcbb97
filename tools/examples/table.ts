/** The README's table of examples. */

import { exampleNames } from "../../src/messages/exampleNames.ts";
import { galleryWords } from "../../src/messages/gallery.ts";
import { claimText } from "./claim.ts";
import { examples } from "./claims.ts";

const begin = "<!-- examples: written by `npm run docs` from tools/examples/claims.ts -->";
const end = "<!-- end of the examples -->";

/** @returns the table in Markdown, without a final line end */
export function examplesTable(): string {
  const rows = exampleNames.map((folder) => {
    const figures = examples[folder].claims.map(claimText).join("<br>");
    return `| [${folder}](examples/${folder}/gradlens.json) | ${galleryWords().shows(folder)} | ${figures} |`;
  });
  return ["| example | shows | models (after steps): figures |", "|---|---|---|", ...rows].join("\n");
}

/** The text between the README's two comments. @throws Error if they do not exist */
export function tableIn(readme: string): string {
  const [from, to] = place(readme);
  return readme.slice(from, to).trim();
}

/** @throws Error if the README has no place for the table */
export function withTable(readme: string): string {
  const [from, to] = place(readme);
  return `${readme.slice(0, from)}\n${examplesTable()}\n${readme.slice(to)}`;
}

function place(readme: string): readonly [number, number] {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md lacks "${begin}" and "${end}".`);
  return [from + begin.length, to];
}

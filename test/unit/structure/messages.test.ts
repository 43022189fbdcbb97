import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../../../tools/root.ts";
import { sourceTexts } from "./importGraph.ts";

/** Scripts for which the other language stands; the compiler already demands every message of both. */
const han = /\p{Script=Han}/u;

const folder = path.join(root, "src/messages");
const surfaces = fs
  .readdirSync(path.join(folder, "en"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => path.basename(file, ".ts"));

async function messagesOf(language: string, surface: string): Promise<Record<string, unknown>> {
  const module: Record<string, Record<string, unknown>> = await import(path.join(folder, language, `${surface}.ts`));
  return module[surface] ?? {};
}

const program = [...sourceTexts()].filter(([file]) => !/^src\/messages\/(?:en|zh|keys)\//.test(file));

/** Marks that differ between the languages, between or after parts that are put into a text. */
const marks = [/\}: \$\{/, / \(\$\{[^}]+\}\)/, /\}\.(?:`| \$\{)/, /\}, \$\{/];
/** Parts of the program that put texts for people together. */
const speaking = /^(?:src\/(?:host|diagnosis|cli)|webview)\//;
/** Written for programs, for a log or in English alone. */
const forPrograms =
  /^src\/(?:cli\/(?:sarif|export\/|out\/)|host\/(?:logEvents|commands\/doctor))|^webview\/(?:theme|state)\//;
const unspoken = /\b(?:Error|log|Refusal)\(|^\s*\*/;

function punctuatedLines(text: string): string[] {
  return text.split("\n").filter((line) => marks.some((mark) => mark.test(line)) && !unspoken.test(line));
}

describe("the catalogue of messages", () => {
  it("has the same surfaces in both languages", () => {
    const chinese = fs.readdirSync(path.join(folder, "zh")).filter((file) => file !== "glossary.md");
    expect(chinese.sort()).toEqual(surfaces.map((surface) => `${surface}.ts`).sort());
    expect(surfaces.length).toBeGreaterThan(5);
  });

  it.each(surfaces)("has every message of %s in both languages, in Chinese words", async (surface) => {
    const [en, zh] = [await messagesOf("en", surface), await messagesOf("zh", surface)];
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    const english = Object.entries(zh).filter(
      ([key, message]) => typeof message === "string" && message === en[key] && / [a-z]+ /.test(message),
    );
    expect(english).toEqual([]);
    const punctuated = Object.entries(zh).filter(
      ([, message]) => typeof message === "string" && /\p{Script=Han}[,;:!?]/u.test(message),
    );
    expect(punctuated).toEqual([]);
  });

  it.each(surfaces)("has no message of %s that nothing says", async (surface) => {
    const accessor = fs.readFileSync(path.join(folder, `${surface}.ts`), "utf8").match(/export const (\w+) =/)?.[1];
    const users = program.filter(([, text]) => text.includes(`${accessor}()`)).map(([, text]) => text);
    const unused = Object.keys(await messagesOf("en", surface)).filter(
      (key) => !users.some((text) => new RegExp(`\\b${accessor}\\(\\)\\s*\\.${key}\\b`).test(text)),
    );
    expect(unused).toEqual([]);
  });

  it("is the only place of Chinese words, apart from those that tables are read by", () => {
    const read = "src/engine/formats/table/vocabulary/";
    const elsewhere = program.filter(([file, text]) => !file.includes(read) && han.test(text)).map(([file]) => file);
    expect(elsewhere).toEqual([]);
  });

  it("is the only place of marks between parts, which have another form in Chinese", () => {
    const found = program
      .filter(([file]) => speaking.test(file) && !forPrograms.test(file))
      .flatMap(([file, text]) => punctuatedLines(text).map((line) => `${file}: ${line.trim()}`));
    expect(found).toEqual([]);
    expect(punctuatedLines(`const text = \`\${name}: \${message}\`;`)).toHaveLength(1);
    expect(punctuatedLines(`const text = \`\${message}.\`;`)).toHaveLength(1);
  });
});

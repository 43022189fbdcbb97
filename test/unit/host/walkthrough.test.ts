import fs from "node:fs";
import { afterEach, expect, it } from "vitest";
import * as z from "zod";
import { inlineWords } from "../../../src/messages/inline.ts";
import { speak } from "../../../src/messages/language.ts";

const steps = z
  .looseObject({
    contributes: z.looseObject({
      walkthroughs: z.tuple([
        z.looseObject({ steps: z.array(z.looseObject({ media: z.looseObject({ svg: z.string() }) })) }),
      ]),
    }),
  })
  .parse(JSON.parse(fs.readFileSync("package.json", "utf8"))).contributes.walkthroughs[0].steps;
const strings = (file: string) => z.record(z.string(), z.string()).parse(JSON.parse(fs.readFileSync(file, "utf8")));
const english = strings("package.nls.json");
const chinese = strings("package.nls.zh-cn.json");

/** VS Code replaces any string of the manifest that is a key between percent signs, file names too. */
const pictures = steps.map(({ media: { svg } }) => {
  const key = /^%(.*)%$/.exec(svg)?.[1];
  const read = (file: string | undefined): string => fs.readFileSync(file ?? "", "utf8");
  return key === undefined
    ? { name: svg, en: read(svg), zh: read(svg) }
    : { name: key, en: read(english[key]), zh: read(chinese[key]) };
});

/** What a drawing says, without what is written in configs: keys, values in quotes, and names of settings. */
function words(svg: string): string {
  const said = [...svg.matchAll(/<text[^>]*>(.*?)<\/text>|aria-label="([^"]*)"/g)].map((m) => m[1] ?? m[2] ?? "");
  return said.map((text) => text.replace(/<[^>]*>/g, "").replace(/"[^"]*"|\bgradlens[\w.]*/g, "")).join("\n");
}

afterEach(() => speak("en"));

it("has no English words in its drawings in Chinese", () => {
  expect(pictures).toHaveLength(5);
  // Names of layers and activations, and what formulas have, are the same in both languages.
  const sameInBoth = /\b(?:LSTM|tanh|L|h)\b/g;
  for (const { name, en, zh } of pictures) {
    expect(
      words(zh)
        .replace(sameInBoth, "")
        .match(/[A-Za-z]+/g),
      name,
    ).toBeNull();
    if (en !== zh) expect(words(zh), name).toMatch(/\p{Script=Han}/u);
    expect(words(en), name).not.toMatch(/\p{Script=Han}/u);
  }
});

it("has the same drawings in both languages, but for the words", () => {
  const drawn = (svg: string): string => svg.replace(/>[^<]*</g, "><").replace(/aria-label="[^"]*"/, "");
  for (const { name, en, zh } of pictures) expect(drawn(zh), name).toBe(drawn(en));
});

it("draws the lenses in the words that they have", () => {
  for (const language of ["en", "zh"] as const) {
    speak(language);
    const { probe, train, notProbed } = inlineWords();
    const [create = "", ...others] = pictures.map((picture) => words(picture[language]));
    expect(create).toContain(`${probe} | ${train} | ${notProbed}`);
    for (const text of others.slice(0, 2)) expect(text).toContain(`${probe} | ${train} | `);
  }
});

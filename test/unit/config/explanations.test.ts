/** The explanations of a config's keys in Chinese: each one is there, names what the English one names, and is served. */

import { afterEach, expect, it } from "vitest";
import { chineseExplanations } from "../../../src/config/chineseExplanations.ts";
import { editorSchema } from "../../../src/config/editorSchema.ts";
import { explanationsIn, inOtherWords } from "../../../src/config/explanations.ts";
import { chineseByEnglish } from "../../../src/messages/keys/chinese.ts";
import { speak } from "../../../src/messages/language.ts";

afterEach(() => speak("en"));

const english = explanationsIn(editorSchema());

it("has a Chinese explanation for each English one, and no other", () => {
  expect(english.length).toBeGreaterThan(500);
  expect([...chineseByEnglish.keys()].sort()).toEqual(english);
  const same = english.filter((text) => chineseByEnglish.get(text) === text);
  expect(same.filter((text) => / [a-z]+ /.test(text))).toEqual([]);
});

it("names the same values, keys and papers in both languages", () => {
  const named = (text: string) => [...text.matchAll(/`[^`]*`|\b(?:19|20)\d\d\b/g)].map(([name]) => name).sort();
  const different = english.filter(
    (text) => JSON.stringify(named(text)) !== JSON.stringify(named(chineseByEnglish.get(text) ?? "")),
  );
  expect(different).toEqual([]);
});

it("serves a schema with every explanation and default in Chinese", { tags: "thorough" }, () => {
  const [plain, others] = [editorSchema(), chineseExplanations()];
  speak("zh");
  const schema = JSON.stringify(inOtherWords(plain, others));
  expect(schema).toContain('默认：`\\"orthogonal\\"`');
  const explained = [...schema.matchAll(/"(?:markdownD|d)escription":"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text);
  expect(explained.length).toBeGreaterThan(1000);
  // Names and formulas are the same in both languages.
  const untranslated = explained.filter(
    (text) => !/\p{Script=Han}/u.test(text ?? "") && /[a-z]{2} [a-z]{2}/.test(text ?? ""),
  );
  expect(untranslated).toEqual([]);
});

it("changes nothing but explanations", { tags: "thorough" }, () => {
  const schema = editorSchema();
  expect(inOtherWords(schema, english)).toEqual(schema);
});

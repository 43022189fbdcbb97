/**
 * The explanations of keys in the schema, and the schema with those of another language. The other language is a list in
 * the order of the sorted English ones, so that the English ones are not shipped twice.
 */

import { expectedWords } from "../messages/expected.ts";
import { isObject } from "./merge.ts";
import type { JsonValue } from "./resolved.ts";

const keywords = new Set([
  "title",
  "description",
  "markdownDescription",
  "enumDescriptions",
  "markdownEnumDescriptions",
]);

/** Stands between an explanation and its key's default (`withMarkdown`). */
const defaultMark = "\n\nDefault: ";

/** All explanations, sorted, each once, without defaults. */
export function explanationsIn(schema: JsonValue): readonly string[] {
  const found = new Set<string>();
  rewritten(schema, (text) => {
    found.add(text);
    return text;
  });
  return [...found].sort();
}

/** @param others an explanation for each of `explanationsIn(schema)`. */
export function inOtherWords(schema: JsonValue, others: readonly string[]): JsonValue {
  const words = new Map(explanationsIn(schema).map((text, i) => [text, others[i] ?? text]));
  return rewritten(schema, (text) => words.get(text) ?? text);
}

function rewritten(value: JsonValue, explain: (text: string) => string): JsonValue {
  if (Array.isArray(value)) return value.map((each: JsonValue) => rewritten(each, explain));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, JsonValue] => {
    if (!keywords.has(key)) return [key, rewritten(inner, explain)];
    if (typeof inner === "string") return [key, withDefault(inner, explain)];
    // A property can have the name of a keyword.
    if (!Array.isArray(inner)) return [key, rewritten(inner, explain)];
    return [key, inner.map((each: JsonValue) => (typeof each === "string" ? withDefault(each, explain) : each))];
  });
  return Object.fromEntries(entries);
}

function withDefault(text: string, explain: (text: string) => string): string {
  const [explanation = "", ...rest] = text.split(defaultMark);
  if (rest.length === 0) return explanation === "" ? "" : explain(explanation);
  return explain(explanation) + expectedWords().usual(rest.join(defaultMark));
}

/**
 * The JSON Schema for VS Code, used only for completion and hover.
 *
 * VS Code's JSON support would report the schema's violations a second time, in its own words and at coarser places
 * than `parseConfig`. So every keyword that can only fail is removed, and every leaf may also be anything else.
 */

import { jsonSchema } from "./jsonSchema.ts";
import { isObject } from "./merge.ts";
import type { JsonValue } from "./resolved.ts";

/** Keywords that neither complete nor explain anything. */
const restrictions = new Set([
  "required",
  "dependencies",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minLength",
  "maxLength",
  "pattern",
  "minProperties",
  "maxProperties",
  "not",
]);
/** Keywords with schemas by name, a list of schemas, or one schema below them. */
const maps = new Set(["properties", "definitions", "patternProperties"]);
const lists = new Set(["anyOf", "oneOf", "allOf"]);
const nested = new Set(["items", "additionalProperties", "then", "else"]);
const explanations = new Set([
  "title",
  "description",
  "markdownDescription",
  "default",
  "enumDescriptions",
  "markdownEnumDescriptions",
]);

/** Written to `dist/gradlens.schema.json` by the build. */
export function editorSchema(): JsonValue {
  return relaxed(JSON.parse(JSON.stringify(jsonSchema())) as JsonValue);
}

function relaxed(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return true;
  const entries = Object.entries(schema).filter(([key]) => !restrictions.has(key));
  const container = entries.some(
    ([key]) => key === "$ref" || key === "if" || maps.has(key) || lists.has(key) || nested.has(key),
  );
  if (!container) return leaf(Object.fromEntries(entries));
  const result: Record<string, JsonValue> = {};
  for (const [key, value] of entries) {
    if (key === "type") {
      // An object or array without its type would get no useful completion.
      if (value === "object") result["defaultSnippets"] = [{ body: "^{$1}" }];
      if (value === "array") result["defaultSnippets"] = [{ body: "^[$1]" }];
    } else if (maps.has(key) && isObject(value)) {
      result[key] = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, relaxed(inner)]));
    } else if (lists.has(key) && Array.isArray(value)) {
      // With oneOf, a value that matches two relaxed branches would be an error.
      result[key === "oneOf" ? "anyOf" : key] = value.map(relaxed);
    } else if (nested.has(key)) {
      if (isObject(value)) result[key] = relaxed(value);
    } else {
      result[key] = value;
    }
  }
  return result;
}

function leaf(schema: { readonly [key: string]: JsonValue }): JsonValue {
  if (!("enum" in schema || "const" in schema || "type" in schema)) return schema;
  const outer = Object.fromEntries(Object.entries(schema).filter(([key]) => explanations.has(key)));
  // Written only once; otherwise the file would be half as large again.
  const inner = Object.fromEntries(
    Object.entries(schema).filter(([key]) => !key.toLowerCase().endsWith("description")),
  );
  return { ...outer, anyOf: [inner, {}] };
}

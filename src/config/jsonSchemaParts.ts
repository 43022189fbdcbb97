/** Rewrites parts of the generated JSON Schema into forms that editors complete, explain and report well. */

import { expectedWords } from "../messages/expected.ts";
import { isObject, type JsonObject } from "./merge.ts";
import type { JsonValue } from "./resolved.ts";

export function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function propertiesOf(schema: JsonObject): JsonObject {
  return objectOf(schema["properties"]);
}

export function conditional(condition: JsonObject, yes: JsonObject, no?: JsonObject): JsonObject {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return { if: condition, then: yes, ...(no === undefined ? {} : { else: no }) };
}

/** The variants of a schema that `branchOnVariants` has rewritten. */
export function variantsOf(schema: JsonObject): readonly JsonObject[] {
  const branches = schema["allOf"];
  return Array.isArray(branches) ? branches.map((branch: JsonValue) => objectOf(objectOf(branch)["then"])) : [];
}

/**
 * Replaces each `oneOf` of objects with a discriminating property by a list of that property's values and one condition
 * per value. An editor then completes and checks only the intended variant; with a `oneOf` it would report that the
 * value fits none, or suggest the properties of all.
 */
export function branchOnVariants(root: JsonValue): JsonValue {
  const definitions = objectOf(objectOf(root)["definitions"]);
  const resolve = (schema: JsonValue): JsonObject => {
    const { $ref } = objectOf(schema);
    return typeof $ref === "string" ? objectOf(definitions[$ref.replace("#/definitions/", "")]) : objectOf(schema);
  };
  const rewrite = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (!isObject(value)) return value;
    const entries = Object.entries(value).map(([key, inner]): [string, JsonValue] => [key, rewrite(inner)]);
    const copy: JsonObject = Object.fromEntries(entries);
    const options = copy["oneOf"];
    const key = Array.isArray(options) ? tellingProperty(options.map(resolve)) : null;
    if (!Array.isArray(options) || key === null) return copy;
    const { oneOf: _, ...rest } = copy;
    return { ...rest, ...branches(key, options, resolve) };
  };
  return rewrite(root);
}

function tellingProperty(options: readonly JsonObject[]): string | null {
  const candidates = ["type", "task"];
  return (
    candidates.find((key) => options.every((option) => Object.hasOwn(objectOf(propertiesOf(option)[key]), "const"))) ??
    null
  );
}

function branches(key: string, options: readonly JsonValue[], resolve: (schema: JsonValue) => JsonObject): JsonObject {
  const names = options.map((option) => objectOf(propertiesOf(resolve(option))[key])["const"] ?? null);
  return {
    type: "object",
    properties: {
      [key]: {
        type: "string",
        enum: names,
        errorMessage: `Expected one of the names that ${key} can have here.`,
        enumDescriptions: options.map((option) => resolve(option)["description"] ?? ""),
      },
    },
    required: [key],
    allOf: options.map((option, i) =>
      conditional({ properties: { [key]: { const: names[i] ?? null } }, required: [key] }, objectOf(option)),
    ),
  };
}

/** Hovers show `markdownDescription`: the description and the default. */
export function withMarkdown(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withMarkdown);
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withMarkdown(inner)]));
  const { description, enumDescriptions, default: usual } = value;
  if (typeof description === "string") copy["markdownDescription"] = description + defaultNote(usual);
  if (Array.isArray(enumDescriptions)) copy["markdownEnumDescriptions"] = enumDescriptions;
  return copy;
}

function defaultNote(usual: JsonValue | undefined): string {
  return usual === undefined || isObject(usual) ? "" : expectedWords().usual(`\`${JSON.stringify(usual)}\``);
}

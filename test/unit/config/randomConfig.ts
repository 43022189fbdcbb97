/** Random valid configs with every layer type and every argument of the schema, and their meaning without defaults. */

import fc, { type Arbitrary } from "fast-check";
import * as z from "zod";
import { isObject, type JsonObject } from "../../../src/config/merge.ts";
import type { JsonValue } from "../../../src/config/resolved.ts";
import { layerSchema, layerTypes, mergeTypes } from "../../../src/config/schema/layers/index.ts";
import { trainingSchema } from "../../../src/config/schema/training.ts";

const plain: unknown = JSON.parse(
  JSON.stringify(
    z.toJSONSchema(z.object({ layer: layerSchema, training: trainingSchema }), { target: "draft-7", io: "input" }),
  ),
);
const root = object(z.json().parse(plain));
const definitions = object(root["definitions"]);

function object(value: JsonValue | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {};
}

function list(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** A schema with its references followed; an `allOf` with one entry is replaced by that entry. */
function resolve(schema: JsonValue | undefined): JsonObject {
  const given = object(schema);
  const known = resolvedOf.get(given);
  if (known) return known;
  const { $ref, allOf, ...rest } = given;
  const target = typeof $ref === "string" ? definitions[$ref.replace("#/definitions/", "")] : list(allOf)[0];
  const result = target === undefined ? rest : { ...resolve(target), ...rest };
  resolvedOf.set(given, result);
  return result;
}

const resolvedOf = new WeakMap<JsonObject, JsonObject>();

function optionsOf(schema: JsonObject): readonly JsonObject[] {
  return [...list(schema["anyOf"]), ...list(schema["oneOf"])].map(resolve);
}

const nameOf = (schema: JsonObject): JsonValue | undefined => object(object(schema["properties"])["type"])["const"];

/** Arguments that connect or name a layer, that the data determine, or that every layer has and no fix uses. */
const leftOut = new Set([
  "name",
  "inputs",
  "initialState",
  "inputShape",
  "batchInputShape",
  "batchSize",
  "dtype",
  "inputDim",
  "inputLength",
  "implementation",
  "unroll",
]);

const numbers = [0, 1, 2, 3, 0.5, 0.1, 0.9, 0.01, -1, -2.5, 1e-7, 40];

function fits(schema: JsonObject, value: number): boolean {
  const bound = (key: string, otherwise: number): number => {
    const limit = schema[key];
    return typeof limit === "number" ? limit : otherwise;
  };
  return (
    value >= bound("minimum", Number.NEGATIVE_INFINITY) &&
    value <= bound("maximum", Number.POSITIVE_INFINITY) &&
    value > bound("exclusiveMinimum", Number.NEGATIVE_INFINITY) &&
    value < bound("exclusiveMaximum", Number.POSITIVE_INFINITY) &&
    (schema["type"] !== "integer" || Number.isInteger(value))
  );
}

/** @param depth how many more levels of nested layers there may be */
function anyOf(given: JsonValue | undefined, depth: number): Arbitrary<JsonValue> {
  const schema = resolve(given);
  if (schema["const"] !== undefined) return fc.constant(schema["const"]);
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...list(schema["enum"]));
  const options = optionsOf(schema).filter((o) => depth > 0 || !wraps(o));
  if (options.length > 0) return fc.oneof(...options.map((o) => anyOf(o, depth)));
  switch (schema["type"]) {
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "integer":
    case "number":
      return fc.constantFrom(...numbers.filter((n) => fits(schema, n)));
    case "array": {
      const items = schema["items"];
      const least = typeof schema["minItems"] === "number" ? schema["minItems"] : 0;
      const most = typeof schema["maxItems"] === "number" ? schema["maxItems"] : least + 2;
      return fc.array(anyOf(items, depth), { minLength: least, maxLength: most }).map((all) => [...all]);
    }
    case "object":
      return objectsOf(schema, depth - (wraps(schema) ? 1 : 0));
    default:
      return fc.constant("word");
  }
}

function wraps(schema: JsonObject): boolean {
  return nameOf(schema) === "timeDistributed" || nameOf(schema) === "bidirectional";
}

/** The required arguments, and about a fifth of the others. */
function objectsOf(schema: JsonObject, depth: number): Arbitrary<JsonValue> {
  const needed = new Set(list(schema["required"]));
  const keys = Object.entries(object(schema["properties"])).filter(([key]) => needed.has(key) || !leftOut.has(key));
  const entries = keys.map(([key, value]) => {
    const some = anyOf(value, depth).map((v): readonly [string, JsonValue][] => [[key, v]]);
    return needed.has(key) ? some : fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some });
  });
  return fc.tuple(...entries).map((all) => Object.fromEntries(all.flat()));
}

const schemaOfType = new Map(
  optionsOf(resolve(object(root["properties"])["layer"])).map((schema) => [String(nameOf(schema)), schema]),
);

/** A layer of one type, with random arguments. */
export function layerOf(type: string): Arbitrary<JsonObject> {
  const wired = mergeTypes.includes(type) ? { inputs: ["input", "input"] } : {};
  return anyOf(schemaOfType.get(type), 1).map((layer) => ({ ...object(layer), ...wired }));
}

const usual = ["simpleRNN", "lstm", "gru", "bidirectional", "rnn", "dense"];

/** Layers in a row; every second one is recurrent, wraps such a layer, or is dense. */
export const layersArbitrary: Arbitrary<readonly JsonObject[]> = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.oneof(...usual.map(layerOf)) },
    { weight: 1, arbitrary: fc.oneof(...layerTypes.map(layerOf)) },
  ),
  { minLength: 2, maxLength: 5 },
);

export const trainingArbitrary: Arbitrary<JsonObject> = anyOf(object(root["properties"])["training"], 1).map(object);

/** A layer's arguments without those that equal the default: the rest is what the net is built from. */
export function meaningOf(layer: JsonObject): JsonValue {
  return meaning(layer, resolve(object(root["properties"])["layer"]));
}

function meaning(value: JsonValue, given: JsonValue | undefined): JsonValue {
  const schema = resolve(given);
  const options = optionsOf(schema).flatMap((o) => [o, ...optionsOf(o)]);
  if (Array.isArray(value)) {
    const items = [schema, ...options].find((o) => o["type"] === "array")?.["items"];
    return value.map((item: JsonValue) => meaning(item, items));
  }
  const type = typeof value === "string" ? value : object(value)["type"];
  const variant = options.find((o) => nameOf(o) !== undefined && nameOf(o) === type);
  if (typeof value === "string") return variant === undefined ? value : meaning({ type: value }, variant);
  if (!isObject(value)) return value;
  const properties = object((variant ?? schema)["properties"]);
  const kept = Object.entries(value).flatMap(([key, v]): readonly [string, JsonValue][] => {
    const usual = object(properties[key])["default"];
    const said = meaning(v, properties[key]);
    const same = usual !== undefined && JSON.stringify(said) === JSON.stringify(meaning(usual, properties[key]));
    return same || ineffective(key, value) ? [] : [[key, said]];
  });
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Arguments of weights that do not exist. */
function ineffective(key: string, args: JsonObject): boolean {
  if (/^(bias[A-Z]|unitForgetBias)/.test(key)) return args["useBias"] === false;
  return /^peephole[A-Z]/.test(key) && args["peepholes"] !== true;
}

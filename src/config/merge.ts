/** Merges the sections of the config's top level, of the model that is extended, and of the model itself. */

import type { JsonPath, JsonValue } from "./resolved.ts";

export type JsonObject = { readonly [key: string]: JsonValue };

export interface Section {
  readonly value: JsonObject;
  readonly path: JsonPath;
}

/** The merged section, and for each key the place where it is written. */
export interface Merged {
  readonly value: JsonObject;
  /** The place of the innermost section, which the model's author would edit. */
  readonly path: JsonPath;
  readonly origins: ReadonlyMap<string, JsonPath>;
  /** Keys that are null in one of the layers, with the innermost place of each. */
  readonly nulls: ReadonlyMap<string, JsonPath>;
}

/** Keys that exclude each other: setting one removes the others. */
type Rivals = readonly (readonly string[])[];

/** Later layers override earlier ones key by key; null removes what earlier layers set for a key. */
export function merge(layers: readonly Section[], fallback: JsonPath, rivals: Rivals = []): Merged {
  const value = new Map<string, JsonValue>();
  const origins = new Map<string, JsonPath>();
  const nulls = new Map<string, JsonPath>();
  for (const layer of layers) {
    for (const group of rivals)
      if (group.some((key) => gives(layer.value, key))) for (const key of group) value.delete(key);
    for (const [key, v] of Object.entries(layer.value)) {
      if (v === null) {
        value.delete(key);
        origins.delete(key);
        nulls.set(key, [...layer.path, key]);
      } else {
        value.set(key, v);
        origins.set(key, [...layer.path, key]);
      }
    }
  }
  return { value: Object.fromEntries(value), path: layers.at(-1)?.path ?? fallback, origins, nulls };
}

/** Whether a section sets a key: null only removes what other sections set. */
export function gives(section: JsonObject, key: string): boolean {
  return Object.hasOwn(section, key) && section[key] !== null;
}

/** The place in the source of a path relative to a merged section. */
export function originOf(merged: Merged, path: JsonPath): JsonPath {
  const [key, ...rest] = path;
  if (key === undefined) return merged.path;
  return [...(merged.origins.get(String(key)) ?? [...merged.path, key]), ...rest];
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

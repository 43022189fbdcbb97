/** Sections of the top, of the model one extends, and of the model itself, laid over each other. */

import type { ConfigPath, JsonValue } from "./resolved.ts";

export type JsonObject = { readonly [key: string]: JsonValue };

export interface Section {
  readonly value: JsonObject;
  readonly path: ConfigPath;
}

/** What holds after merging, and for each key the place it is written. */
export interface Merged {
  readonly value: JsonObject;
  /** Where the section is that the model's author would edit: the innermost. */
  readonly path: ConfigPath;
  readonly origins: ReadonlyMap<string, ConfigPath>;
  /** Keys that are null in one of the layers, and the innermost place where each is. */
  readonly nulls: ReadonlyMap<string, ConfigPath>;
}

/** Keys that exclude each other: giving one takes back the others. */
type Rivals = readonly (readonly string[])[];

/** Later layers win, key by key; null takes back what the layers before say of a key. */
export function merge(layers: readonly Section[], fallback: ConfigPath, rivals: Rivals = []): Merged {
  const value = new Map<string, JsonValue>();
  const origins = new Map<string, ConfigPath>();
  const nulls = new Map<string, ConfigPath>();
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

/** Whether a section says something of a key: null only takes back what others say. */
export function gives(section: JsonObject, key: string): boolean {
  return Object.hasOwn(section, key) && section[key] !== null;
}

/** The place in the source of a path relative to a merged section. */
export function originOf(merged: Merged, path: ConfigPath): ConfigPath {
  const [key, ...rest] = path;
  if (key === undefined) return merged.path;
  return [...(merged.origins.get(String(key)) ?? [...merged.path, key]), ...rest];
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

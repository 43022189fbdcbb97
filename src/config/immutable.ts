import type { JsonValue } from "./jsonPath.ts";

/** The type of a value that nobody changes, at any depth. Typed arrays stay as they are, and JSON is immutable anyway. */
export type Immutable<T> = [JsonValue] extends [T]
  ? T
  : T extends ArrayBufferView
    ? T
    : T extends ReadonlyMap<infer Key, infer Value>
      ? ReadonlyMap<Key, Immutable<Value>>
      : { readonly [Key in keyof T]: Immutable<T[Key]> };

/** Places and values of a config as written. */

/** A place in the config: property names and array indices from the root, as in jsonc-parser. */
export type JsonPath = readonly (string | number)[];

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

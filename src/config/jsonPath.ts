/** Places and values of a config as written. */

import * as z from "zod";

export const jsonPathSchema = z.array(z.union([z.string(), z.int().nonnegative()])).readonly();
/** A place in the config: property names and array indices from the root, as in jsonc-parser. */
export type JsonPath = z.infer<typeof jsonPathSchema>;

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

export const jsonValueSchema: z.ZodType<JsonValue> = z.json();

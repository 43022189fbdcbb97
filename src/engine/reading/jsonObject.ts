/** Narrows values that `JSON.parse` returned: their parts can only be JSON, so they are not checked. */

import * as z from "zod";
import type { JsonValue } from "../../config/resolved.ts";

export type JsonObject = { readonly [key: string]: JsonValue };

export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

export function objectAt(value: JsonValue | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !isList(value) ? value : null;
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

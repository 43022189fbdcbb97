/** Objects that `JSON.parse` gave: their parts cannot be anything else than JSON, so none of them is looked at. */

import * as z from "zod";
import type { JsonValue } from "../../config/resolved.ts";

export type JsonObject = { readonly [key: string]: JsonValue };

export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

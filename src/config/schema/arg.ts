/** An argument of a layer, initializer, regularizer or constraint. */

import type * as z from "zod";
import type { JsonValue } from "../jsonPath.ts";

/**
 * An optional argument. Its default is tfjs's, which is documented here but not filled in.
 * @param usual the default, if it is one value
 */
export function arg<T extends z.ZodType>(schema: T, description: string, usual?: JsonValue): z.ZodOptional<T> {
  return schema.optional().meta({ description, ...(usual === undefined ? {} : { default: usual }) });
}

export function required<T extends z.ZodType>(schema: T, description: string): T {
  return schema.meta({ description });
}

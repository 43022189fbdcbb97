/** Edits of a config's text that keep its comments and formatting. */

import * as z from "zod";
import { jsonPathSchema, jsonValueSchema } from "./jsonPath.ts";

export const configEditSchema = z
  .strictObject({ path: jsonPathSchema, value: jsonValueSchema.optional(), insert: z.literal(true).optional() })
  .readonly();
/**
 * Sets the value at `path`, creating properties on the way, or removes it if `value` is undefined. With `insert`, the
 * path ends in an index of a list, and the value is inserted before the present item there.
 */
export type ConfigEdit = z.infer<typeof configEditSchema>;

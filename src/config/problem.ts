/** A fault in a config, or in a file that it names, that its author can fix. */

import * as z from "zod";
import { fixSchema } from "./fix.ts";
import type { Immutable } from "./immutable.ts";
import { jsonPathSchema } from "./jsonPath.ts";

export const problemSchema = z.strictObject({
  /** `information`: nothing is wrong; the message says how a file was read, or how a layer is run. */
  severity: z.enum(["error", "warning", "information"]),
  /** What is wrong and what is expected, in one or two sentences. */
  message: z.string(),
  /** The value (or key, see `on`) that it is about. */
  path: jsonPathSchema,
  /** Whether the squiggle belongs under the value or under the property's name. */
  on: z.enum(["value", "key"]),
  /** Set by the parser for syntax errors, which have no path: characters in the source. */
  offset: z.int().exactOptional(),
  length: z.int().exactOptional(),
  /** Edits that fix it, the best first; none if no edit is exact. */
  fixes: z.array(fixSchema).exactOptional(),
});
export type Problem = Immutable<z.infer<typeof problemSchema>>;

/** An edit of the config that fixes a finding or a problem. */

import * as z from "zod";
import { configEditSchema } from "./edit.ts";
import type { Immutable } from "./immutable.ts";

export const fixSchema = z.strictObject({
  id: z.string(),
  /** Imperative, e.g. `Clip gradients by global norm 1`. */
  title: z.string(),
  edits: z.array(configEditSchema),
});
/** A fix is never applied without the user. */
export type Fix = Immutable<z.infer<typeof fixSchema>>;

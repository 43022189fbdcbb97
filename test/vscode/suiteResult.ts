import { z } from "zod";
import type { Immutable } from "../../src/config/immutable.ts";

export const suiteResultSchema = z.object({
  /** Every test had its turn. */
  complete: z.boolean(),
  passed: z.number(),
  /** Tests that run in CI and in the long run alone. */
  later: z.number(),
  skipped: z.number(),
  /** Full titles. */
  failures: z.array(z.string()),
});
/** The outcome of the tests inside VS Code, as their host writes it to a file. */
export type SuiteResult = Immutable<z.infer<typeof suiteResultSchema>>;

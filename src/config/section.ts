/** Checks a merged section against its schema and puts the problems where the offending text is. */

import type * as z from "zod";
import { problemsOf } from "./issues.ts";
import { type Merged, originOf } from "./merge.ts";
import type { Problem } from "./problem.ts";

export type Checked<T> =
  | { readonly value: T; readonly problems: readonly Problem[] }
  | { readonly value: null; readonly problems: readonly Problem[] };

export function checkSection<T>(schema: z.ZodType<T>, merged: Merged, what: string): Checked<T> {
  const parsed = schema.safeParse(merged.value);
  if (parsed.success) return { value: parsed.data, problems: [] };
  const problems = problemsOf(parsed.error.issues, merged.value, what);
  return { value: null, problems: problems.map((p) => ({ ...p, path: originOf(merged, p.path) })) };
}

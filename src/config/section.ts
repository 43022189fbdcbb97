/** Checks a merged section against its schema and reports problems at the offending text. */

import type * as z from "zod";
import { problemsOf } from "./issues.ts";
import { type Merged, originOf } from "./merge.ts";
import type { Problem } from "./problem.ts";

export type Checked<T> =
  | { readonly value: T; readonly problems: readonly Problem[] }
  | { readonly value: null; readonly problems: readonly Problem[] };

export function checkSection<T>(schema: z.ZodType<T>, merged: Merged, what: string): Checked<T> {
  const parsed = schema.safeParse(merged.value);
  const problems = parsed.success ? [] : problemsOf(parsed.error.issues, merged.value, what);
  const all = [
    ...unknownNulls(schema, merged, what),
    ...problems.map((p) => ({ ...p, path: originOf(merged, p.path) })),
  ];
  return parsed.success && all.length === 0 ? { value: parsed.data, problems: [] } : { value: null, problems: all };
}

/** Reports null keys that the schema does not have: a typing mistake would silently remove nothing. */
function unknownNulls(schema: z.ZodType, { value, nulls }: Merged, what: string): readonly Problem[] {
  const taken = [...nulls.keys()].filter((key) => !Object.hasOwn(value, key));
  if (taken.length === 0) return [];
  // All at once. None of these keys affects the meaning of the others, because the keys that select the schema are not
  // null.
  const given = Object.fromEntries([...Object.entries(value), ...taken.map((key) => [key, null] as const)]);
  const issues = schema.safeParse(given).error?.issues ?? [];
  const unknown = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0
      ? [{ ...issue, keys: issue.keys.filter((key) => nulls.has(key) && !Object.hasOwn(value, key)) }]
      : [],
  );
  return problemsOf(unknown, given, what).map((p) => ({ ...p, path: nulls.get(String(p.path[0])) ?? p.path }));
}

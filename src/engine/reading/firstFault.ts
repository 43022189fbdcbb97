/** Checks of long lists from files that stop at the first fault; zod's own would keep one issue for each entry. */

import * as z from "zod";

/** A list of values that `item` accepts. */
export function listOf<T>(item: z.ZodType<T>): z.ZodType<T[]> {
  return z.unknown().transform((value, context) => {
    if (!Array.isArray(value)) {
      context.addIssue({ code: "custom", message: "expected a list" });
      return z.NEVER;
    }
    const items: T[] = [];
    for (const [i, each] of value.entries()) {
      const parsed = item.safeParse(each);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        context.addIssue({ code: "custom", path: [i, ...(issue?.path ?? [])], message: issue?.message ?? "unfit" });
        return z.NEVER;
      }
      items.push(parsed.data);
    }
    return items;
  });
}

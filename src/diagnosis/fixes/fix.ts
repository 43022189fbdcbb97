/** Fixes that may not exist, listed and joined. */

import type { Fix } from "../../protocol/finding.ts";

export type MaybeFix = Fix | undefined;

export function present(fixes: readonly MaybeFix[]): readonly Fix[] {
  return fixes.filter((f) => f !== undefined);
}

/** The fix that takes the place of one part of another: the edits of both under the first one's name. */
export function together(fix: Fix, also: MaybeFix, words: string): Fix {
  return also ? { ...fix, title: `${fix.title}, ${words}`, edits: [...fix.edits, ...also.edits] } : fix;
}

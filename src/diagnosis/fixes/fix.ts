/** Lists and joins fixes that may not exist. */

import { listWords } from "../../messages/lists.ts";
import type { Fix } from "../../protocol/finding.ts";

export type MaybeFix = Fix | undefined;

export function present(fixes: readonly MaybeFix[]): readonly Fix[] {
  return fixes.filter((f) => f !== undefined);
}

/** Joins two fixes: the edits of both under the first one's name. */
export function together(fix: Fix, also: MaybeFix, words: string): Fix {
  return also ? { ...fix, title: listWords().commas([fix.title, words]), edits: [...fix.edits, ...also.edits] } : fix;
}

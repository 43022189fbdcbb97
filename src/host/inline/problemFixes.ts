/** The problems of a config that an edit can fix, found by the parser, by the engine or in the data. */

import type { Problem } from "../../config/problem.ts";
import { shorten } from "../../config/shorten.ts";
import type { Range } from "../../config/source.ts";
import { inlineWords } from "../../messages/inline.ts";
import type { ConfigView } from "../findings/configView.ts";

export interface FixableProblem {
  readonly problem: Problem;
  readonly range: Range;
  /** ` in model "x"` if several models have problems at one place whose fixes differ; else "". */
  readonly which: string;
}

/** Lists each problem once: models that share their data share its problems and the edits. */
export function problemsWithFixes(view: ConfigView): readonly FixableProblem[] {
  const found = [
    ...view.problems.map((p) => ({ ...p, model: null })),
    ...view.models.flatMap(({ name, refused, remarks }) =>
      [...refused, ...remarks].map((p) => ({ ...p, model: name })),
    ),
  ].filter(({ problem }) => (problem.fixes?.length ?? 0) > 0);
  const byKey = new Map<string, (typeof found)[number]>();
  for (const p of found) {
    const key = JSON.stringify([p.problem.message, p.problem.fixes, p.range.offset]);
    if (!byKey.has(key)) byKey.set(key, p);
  }
  const once = [...byKey.values()];
  const modelsAt = new Map<number, Set<string | null>>();
  for (const { model, range } of once)
    modelsAt.set(range.offset, (modelsAt.get(range.offset) ?? new Set<string | null>()).add(model));
  return once.map(({ problem, range, model }) => {
    const others = (modelsAt.get(range.offset)?.size ?? 0) > 1;
    return { problem, range, which: others && model !== null ? inlineWords().inModel(shorten(model)) : "" };
  });
}

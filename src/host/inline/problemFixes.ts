/** The problems of a config that an edit puts right, wherever they were found: by the parser, by the engine, in the data. */

import type { Problem } from "../../config/problem.ts";
import type { Range } from "../../config/source.ts";
import type { ConfigView } from "../runs/findingsStore.ts";

export interface FixableProblem {
  readonly problem: Problem;
  readonly range: Range;
  /** ` in model "x"` where several models have problems at one place whose fixes differ; else "". */
  readonly which: string;
}

/** Each once: models that share their data share what is wrong with them, and the edits. */
export function problemsWithFixes(view: ConfigView): readonly FixableProblem[] {
  const found = [
    ...view.problems.map((p) => ({ ...p, model: null })),
    ...view.models.flatMap(({ name, refused, remarks }) =>
      [...refused, ...remarks].map((p) => ({ ...p, model: name })),
    ),
  ].filter(({ problem }) => (problem.fixes?.length ?? 0) > 0);
  const keyOf = ({ problem, range }: (typeof found)[number]) =>
    JSON.stringify([problem.message, problem.fixes, range.offset]);
  const once = found.filter((p, i) => found.findIndex((other) => keyOf(other) === keyOf(p)) === i);
  return once.map(({ problem, range, model }) => {
    const others = once.some((p) => p.model !== model && p.range.offset === range.offset);
    return { problem, range, which: others && model !== null ? ` in model "${model}"` : "" };
  });
}

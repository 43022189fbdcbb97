/** Extends edits that change the loss by the output activation that belongs to the new loss. */

import type { Fix } from "../../config/fix.ts";
import { isObject } from "../../config/merge.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonValue, LayerEntry } from "../../config/resolved.ts";

/** Extends the problems' edits: an edit to a binary loss also makes the single unit of the last layer a sigmoid. */
export function withOutput(problems: readonly Problem[], layers: readonly LayerEntry[]): Problem[] {
  const last = layers.at(-1);
  return problems.map((problem) =>
    problem.fixes && last ? { ...problem, fixes: problem.fixes.map((fix) => withSigmoid(fix, last)) } : problem,
  );
}

function withSigmoid(fix: Fix, last: LayerEntry): Fix {
  const binary = fix.edits.some(({ path, value }) => path.at(-1) === "loss" && value === "binaryCrossentropy");
  const inner: JsonValue | undefined = last.type === "timeDistributed" ? last.args["layer"] : undefined;
  const [args, path] = isObject(inner) ? [inner, [...last.path, "layer"]] : [last.args, last.path];
  const type = isObject(inner) ? inner["type"] : last.type;
  if (!binary || type !== "dense" || args["units"] !== 1 || args["activation"] === "sigmoid") return fix;
  return {
    ...fix,
    title: `${fix.title} with a sigmoid`,
    edits: [...fix.edits, { path: [...path, "activation"], value: "sigmoid" }],
  };
}

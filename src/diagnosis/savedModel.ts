/**
 * Findings in a saved model. Its layers are not in the config, so they are shown at its file, and nothing in them can
 * be edited.
 */

import type { JsonPath, ResolvedModel } from "../config/resolved.ts";
import type { Finding } from "../protocol/finding.ts";

/** Moves findings that point into a saved model's layers to its file, and drops fixes that would edit those layers. */
export function ofSavedModel(
  findings: readonly Finding[],
  { file, weights }: Pick<ResolvedModel, "file" | "weights">,
): readonly Finding[] {
  if (file === null) return weights === null ? findings : findings.map(withoutInitializers);
  const layers = [...file.path.slice(0, -1), "layers"];
  const inModel = (path: JsonPath) => isWithin(path, file.path) || isWithin(path, layers);
  return findings.map((finding) => ({
    ...finding,
    place: inModel(finding.place) ? file.path : finding.place,
    fixes: finding.fixes.filter((fix) => !fix.edits.some(({ path }) => inModel(path))),
  }));
}

/** Drops fixes that only change initializers: weights from a file are not drawn, so such a fix would change nothing. */
function withoutInitializers(finding: Finding): Finding {
  return { ...finding, fixes: finding.fixes.filter(({ edits }) => !edits.every(({ path }) => isInitializer(path))) };
}

function isInitializer(path: JsonPath): boolean {
  return path.some((key) => typeof key === "string" && key.endsWith("Initializer"));
}

function isWithin(path: JsonPath, outer: JsonPath): boolean {
  return outer.every((key, i) => path[i] === key);
}

/** Findings in a saved model: its layers are not in the config, so they are shown at its file, and nothing there can be edited. */

import type { ConfigPath, ModelFile } from "../config/resolved.ts";
import type { Finding } from "../protocol/finding.ts";

/** Findings whose places and fixes may lie in the model's layers, put right for a model that is a file's. */
export function ofSavedModel(findings: readonly Finding[], file: ModelFile | null): readonly Finding[] {
  if (file === null) return findings;
  const layers = [...file.path.slice(0, -1), "layers"];
  const inModel = (path: ConfigPath) => isWithin(path, file.path) || isWithin(path, layers);
  return findings.map((finding) => ({
    ...finding,
    place: inModel(finding.place) ? file.path : finding.place,
    fixes: finding.fixes.filter((fix) => !fix.edits.some(({ path }) => inModel(path))),
  }));
}

function isWithin(path: ConfigPath, outer: ConfigPath): boolean {
  return outer.every((key, i) => path[i] === key);
}

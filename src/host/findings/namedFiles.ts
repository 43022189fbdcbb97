/** Paths of the files that a model is loaded from and learns from, besides the config itself. */

import path from "node:path";
import { namedFiles as names } from "../../config/namedFiles.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import type { Run } from "../runs/run.ts";

/** The files of a run's model; a program's are not known. */
export function namedFilesOf({ model, configPath }: Pick<Run, "model" | "configPath">): readonly string[] {
  return model ? namedFiles(model, configPath) : [];
}

/** Absolute paths, resolved as the engine does: relative to the config's folder. */
export function namedFiles(model: ResolvedModel, configPath: string): readonly string[] {
  return [...new Set(names(model).map((name) => path.resolve(path.dirname(configPath), name)))];
}

/** The files that a model is loaded from and learns from, besides the config itself. */

import path from "node:path";
import type { DataConfig, ResolvedModel } from "../../config/resolved.ts";
import type { Run } from "../runs/run.ts";

/** The files of a run's model; a program's are not known. */
export function namedFilesOf({ model, configPath }: Pick<Run, "model" | "configPath">): readonly string[] {
  return model ? namedFiles(model, configPath) : [];
}

/** Absolute paths, resolved as the engine does: relative to the config's folder. */
export function namedFiles({ file, weights, data }: ResolvedModel, configPath: string): readonly string[] {
  const names = [...(file ? [file.name] : []), ...(weights ? [weights.name] : []), ...dataFiles(data)];
  return [...new Set(names.map((name) => path.resolve(path.dirname(configPath), name)))];
}

function dataFiles(data: DataConfig): readonly string[] {
  switch (data.kind) {
    case "task":
      return [];
    case "text":
    case "table":
      return [data.file];
    case "namedArrays":
      return [...data.inputs, ...data.targets, ...(data.weights ? [data.weights] : [])].map(({ file: name }) => name);
    case "arrays":
      return [data.inputs, data.targets, ...(data.weights ? [data.weights] : [])].map(({ file: name }) => name);
  }
}

/** The files that a model is loaded from and learns from, besides the config itself. */

import type { DataConfig, ResolvedModel } from "./resolved.ts";

/** The names as they are written, relative to the config's folder; each once. */
export function namedFiles({ file, weights, data }: ResolvedModel): readonly string[] {
  return [...new Set([...(file ? [file.name] : []), ...(weights ? [weights.name] : []), ...dataFiles(data)])];
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

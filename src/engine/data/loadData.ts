/** Turns a config's `data` section into a data set. */

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Problem } from "../../config/problem.ts";
import type { DataConfig, JsonPath } from "../../config/resolved.ts";
import { arraysDataset } from "./arraysDataset.ts";
import type { Dataset, DataTraining } from "./dataset.ts";
import { namedArraysDataset } from "./namedArraysDataset.ts";
import { tableDataset } from "./tableDataset.ts";
import { taskDataset } from "./taskDataset.ts";
import { textDataset } from "./textDataset.ts";

/** Data sets that are kept between runs: the edited model's, and that of one to compare it with. */
const maxKept = 2;

/** In order of use, the newest last. */
const kept = new Map<string, Dataset>();

/**
 * Returns a data set that was loaded before, unless its file has changed. Callers must not write into it.
 *
 * @param path place of `data` in the config, for problems.
 * @param configDir folder of the config; files are relative to it.
 * @param signal ends the reading of the files: the promise then rejects.
 * @returns the data set, or why there is none (errors only; warnings belong to the data set).
 */
export async function loadData(
  data: DataConfig,
  path: JsonPath,
  configDir: string,
  training: DataTraining,
  signal: AbortSignal = new AbortController().signal,
): Promise<Dataset | Problem[]> {
  const key = JSON.stringify([data, path, training.loss, training.losses, await versions(data, configDir)]);
  const known = kept.get(key);
  const loaded = known ?? (await load(data, path, configDir, training, signal));
  if (Array.isArray(loaded)) return loaded;
  kept.delete(key);
  kept.set(key, loaded);
  for (const oldest of kept.keys()) if (kept.size > maxKept) kept.delete(oldest);
  return loaded;
}

async function load(
  data: DataConfig,
  path: JsonPath,
  configDir: string,
  training: DataTraining,
  signal: AbortSignal,
): Promise<Dataset | Problem[]> {
  switch (data.kind) {
    case "task":
      return await taskDataset(data, path, training);
    case "text":
      return await textDataset(data, path, configDir, training, signal);
    case "namedArrays":
      return await namedArraysDataset(data, path, configDir, training, signal);
    case "arrays":
      return await arraysDataset(data, path, configDir, training, signal);
    case "table":
      return await tableDataset(data, path, configDir, training, signal);
  }
}

function filesOf(data: DataConfig): readonly string[] {
  if (data.kind === "task") return [];
  if (data.kind === "table" || data.kind === "text") return [data.file];
  return [data.inputs, data.targets, data.weights ?? []].flat().map(({ file }) => file);
}

/** The files and the state of each; null for a file that does not exist. */
async function versions(data: DataConfig, configDir: string): Promise<readonly unknown[]> {
  return await Promise.all(
    filesOf(data).map(async (name) => {
      const file = resolve(configDir, name);
      const info = await stat(file).catch(() => null);
      return info && [file, info.mtimeMs, info.size];
    }),
  );
}

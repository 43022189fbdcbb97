/** From a config's `data` to a data set. */

import type { Problem } from "../../config/problem.ts";
import type { ConfigPath, DataConfig } from "../../config/resolved.ts";
import type { Dataset, DataTraining } from "./dataset.ts";
import { tableDataset } from "./tableDataset.ts";
import { taskDataset } from "./taskDataset.ts";

/**
 * @param path place of `data` in the config, for problems.
 * @param configDir folder of the config; files are relative to it.
 * @returns the data set, or why there is none (errors only; warnings are the data set's).
 */
export async function loadData(
  data: DataConfig,
  path: ConfigPath,
  configDir: string,
  training: DataTraining,
): Promise<Dataset | Problem[]> {
  return data.kind === "task" ? taskDataset(data, path, training) : await tableDataset(data, path, configDir, training);
}

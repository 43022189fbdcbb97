/** Loads data sets that must be valid, and data sets that must not be. */

import type { Problem } from "../../../../src/config/problem.ts";
import type { DataConfig, LossName } from "../../../../src/config/resolved.ts";
import type { Dataset } from "../../../../src/engine/data/dataset.ts";
import { loadData } from "../../../../src/engine/data/loadData.ts";

export async function load(data: DataConfig, loss: LossName, folder = "/nowhere"): Promise<Dataset> {
  const result = await loadData(data, ["data"], folder, { loss, path: ["training"] });
  if (Array.isArray(result)) throw new Error(result.map((p) => p.message).join("\n"));
  return result;
}

export async function refuse(data: DataConfig, loss: LossName, folder = "/nowhere"): Promise<readonly Problem[]> {
  const result = await loadData(data, ["data"], folder, { loss, path: ["training"] });
  if (!Array.isArray(result)) throw new Error("it was loaded");
  return result;
}

/** Gives a model the weights that a training run has kept at one of its steps. */

import path from "node:path";
import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel } from "../../config/resolved.ts";
import { engineWords } from "../../messages/engine.ts";
import type { DeepCheckpoint } from "../../protocol/deep.ts";
import { SavedError } from "../formats/models/savedModel.ts";
import type { BuiltModel } from "../model/builtModel.ts";
import { ReadingRefused } from "../readingThread/reader.ts";
import { readModel } from "../saved/readModel.ts";
import { checkpointFolder } from "../training/checkpoint/folder.ts";
import { isKept, restoreWeights } from "../training/checkpoint/readResume.ts";

/** @returns the step at which the run kept the weights, or why they cannot be had. */
export async function loadCheckpoint(
  { kind, runId }: DeepCheckpoint,
  { model, configPath }: { readonly model: ResolvedModel; readonly configPath: string },
  built: BuiltModel,
  signal: AbortSignal,
): Promise<{ readonly step: number } | Problem> {
  const config = model.training.checkpoint;
  const refuse = (message: string): Problem => ({
    severity: "error",
    message,
    path: config?.path ?? model.trainingPath,
    on: "key",
  });
  if (config === null) return refuse(engineWords().keepsNoCheckpoints(model.name));
  const folder = checkpointFolder(model, configPath, config.folder, kind);
  if (!(await isKept(folder))) return refuse(engineWords().noCheckpoint[kind]);
  try {
    const saved = await readModel(path.join(folder, "model.json"), signal);
    if (saved.written?.runId !== runId) return refuse(engineWords().checkpointOfAnother[kind]);
    await restoreWeights(saved, built);
    return { step: saved.written.step };
  } catch (error) {
    if (error instanceof SavedError || error instanceof ReadingRefused)
      return refuse(engineWords().checkpointUnread(error.message));
    throw error;
  }
}

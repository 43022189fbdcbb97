/** Reads the state of a stopped training run from its `last` checkpoint. */

import { stat } from "node:fs/promises";
import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { Problem } from "../../../config/problem.ts";
import type { CheckpointConfig } from "../../../config/resolved.ts";
import { buildingWords } from "../../../messages/building.ts";
import type { ResumeState } from "../../formats/models/checkpointFormat.ts";
import { maxFileBytes, SavedError, type SavedModel } from "../../formats/models/savedModel.ts";
import type { CarriedStates } from "../../instrument/carriedStates.ts";
import type { BuiltModel } from "../../model/builtModel.ts";
import { randomStreams } from "../../model/seeding.ts";
import { readBounded } from "../../reading/boundedFile.ts";
import { ReadingRefused } from "../../readingThread/reader.ts";
import { readModel } from "../../saved/readModel.ts";
import type { Optimizer } from "../optimizers.ts";

/** Room for moments, masks and states of the largest model. */
const maxOptimizerBytes = 2 * maxFileBytes;

export interface ResumedParts {
  readonly built: BuiltModel;
  readonly optimizer: Optimizer;
  readonly masks: readonly Uint8Array[][];
  readonly states: CarriedStates | null;
}

/** Whether there is a checkpoint in `folder`. */
export async function isKept(folder: string): Promise<boolean> {
  const info = await stat(path.join(folder, "model.json")).catch(() => null);
  return info?.isFile() ?? false;
}

export function nothingKept(checkpoint: CheckpointConfig): Problem {
  return problemAt(checkpoint, buildingWords().nothingToResume);
}

function problemAt(checkpoint: CheckpointConfig, message: string): Problem {
  return { severity: "error", message, path: [...checkpoint.path, "folder"], on: "value" };
}

/**
 * Restores the model and the optimizer.
 *
 * @param folder folder of the `last` checkpoint.
 * @returns the rest of the state, or why the run cannot resume from it.
 */
export async function resume(
  folder: string,
  checkpoint: CheckpointConfig,
  fingerprint: string,
  { built, optimizer, masks, states }: ResumedParts,
  signal: AbortSignal,
): Promise<ResumeState | Problem> {
  const problem = (message: string) => problemAt(checkpoint, message);
  const file = path.join(folder, "model.json");
  if (!(await isKept(folder))) return nothingKept(checkpoint);
  try {
    const saved = await readModel(file, signal);
    const state = saved.resume;
    if (!state) throw new SavedError(buildingWords().noPlaceInTraining);
    if (state.fingerprint !== fingerprint) return problem(buildingWords().changedSince);
    await restoreWeights(saved, built);
    await restoreOptimizer(folder, state, optimizer, masks, states);
    randomStreams(built.layers.map(({ layer }) => layer)).forEach((stream, i) => {
      stream.skip(state.draws[i] ?? 0);
    });
    return state;
  } catch (error) {
    if (error instanceof SavedError || error instanceof ReadingRefused)
      return problem(buildingWords().checkpointUnread(error.message));
    throw error;
  }
}

/**
 * Gives a model the weights of a checkpoint.
 *
 * @throws SavedError if the checkpoint does not have all of them
 */
export async function restoreWeights(saved: SavedModel, built: BuiltModel): Promise<void> {
  const weights = await saved.weights();
  for (const { entry, layer, wrapper } of built.layers) {
    if (wrapper !== null) continue;
    const saved = weights.get(entry.name) ?? [];
    for (const [i, weight] of layer.weights.entries()) {
      const variable = weight.read();
      const values = saved[i]?.values;
      if (!(variable instanceof tf.Variable) || values?.length !== variable.size)
        throw new SavedError(buildingWords().weightsIncomplete(entry.name));
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    }
  }
}

async function restoreOptimizer(
  folder: string,
  { optimizer: saved, masks: savedMasks, carried }: ResumeState,
  optimizer: Optimizer,
  masks: readonly Uint8Array[][],
  states: CarriedStates | null,
): Promise<void> {
  const read = await readBounded(path.join(folder, saved.file), maxOptimizerBytes);
  const lengths = [...saved.slots.flat(), ...savedMasks.flat(), ...carried.flat().map(sizeOf)];
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if ("unread" in read || read.bytes.length !== 4 * total)
    throw new SavedError(buildingWords().fileIncomplete(saved.file));
  const values = new Float32Array(read.bytes.buffer);
  let from = 0;
  const take = (length: number): Float32Array => {
    from += length;
    return values.slice(from - length, from);
  };
  optimizer.restore({ updates: saved.updates, slots: saved.slots.map((kind) => kind.map(take)) });
  for (const [kind, lengths] of savedMasks.entries())
    for (const [i, length] of lengths.entries()) {
      const mask = Uint8Array.from(take(length));
      if (length > 0 && masks[kind]) masks[kind][i] = mask;
    }
  states?.restore(carried.map((layer) => layer.map((shape) => ({ shape: [...shape], values: take(sizeOf(shape)) }))));
}

function sizeOf(shape: readonly number[]): number {
  return tf.util.sizeFromShape([...shape]);
}

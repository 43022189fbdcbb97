/** Everything a run needs before its first step. */

import { dirname } from "node:path";
import { onlyInput } from "../../config/graph/layerGraph.ts";
import type { Problem } from "../../config/problem.ts";
import type { ResolvedModel, TrainingConfig } from "../../config/resolved.ts";
import type { Dataset } from "../data/dataset.ts";
import { loadData } from "../data/loadData.ts";
import type { CarriedStates } from "../instrument/carriedStates.ts";
import { buildModel } from "../model/buildModel.ts";
import type { BuiltModel } from "../model/builtModel.ts";
import { checkFit } from "../model/checkFit.ts";
import { withOutput } from "../model/outputEdits.ts";
import { type OutputLoss, outputLoss } from "../model/outputLoss.ts";
import { statedInputWarnings } from "../model/statedInputs.ts";
import { carriedStates, statefulWarnings } from "../model/statefulLayers.ts";
import type { RunRequest } from "../run.ts";
import { atFile, loadModel, loadWeights } from "../saved/loadModel.ts";
import { createOptimizer, type Optimizer } from "./optimizers.ts";
import { type Weighting, weighting } from "./weighting.ts";

export interface Prepared {
  readonly dataset: Dataset;
  readonly built: BuiltModel;
  readonly loss: OutputLoss;
  readonly weights: Weighting;
  /** States of the model's stateful layers; null: there are none. */
  readonly states: CarriedStates | null;
  readonly optimizer: Optimizer;
  dispose(): void;
}

/**
 * Whether the loss treats the outputs as logits: if the config says so, or if the model's file does for the same loss.
 */
export function takesLogits({ loss, fromLogits }: TrainingConfig, { logits }: BuiltModel): boolean {
  return fromLogits || logits === loss;
}

/** Warnings about a model and its data that do not prevent training. */
export function warningsOf({ built, dataset }: Prepared, { data }: ResolvedModel): readonly Problem[] {
  return [...dataset.warnings, ...built.remarks, ...statefulWarnings(built, data), ...statedInputWarnings(built)];
}

/** Rearranges targets of several rows to the axes of the model's output. */
function asGiven(dataset: Dataset, given: readonly number[]): Dataset {
  const { inRows } = dataset;
  return inRows?.targetShape.join() === given.join() ? { ...dataset, ...inRows } : dataset;
}

/**
 * Loads the data, then builds the model for them; or reports what is wrong with either.
 *
 * @param signal ends the reading of files: the promise then rejects with ReadingEnded.
 */
export async function prepare(
  { model, configPath }: Pick<RunRequest, "model" | "configPath">,
  signal: AbortSignal = new AbortController().signal,
): Promise<Prepared | readonly Problem[]> {
  const { data, dataPath, training, trainingPath, layers, file, weights: weightsFile } = model;
  const folder = dirname(configPath);
  const loaded = await loadData(data, dataPath, folder, { loss: training.loss, path: trainingPath }, signal);
  if (Array.isArray(loaded)) return withOutput(loaded, layers);
  const built =
    file === null
      ? buildModel(
          layers,
          [{ name: model.inputs[0] ?? onlyInput, shape: loaded.inputShape }],
          training.seed,
          model.outputs,
        )
      : await loadModel(file, folder, loaded.inputShape, training.seed, signal, weightsFile);
  if (Array.isArray(built)) return built;
  if (file === null && weightsFile !== null) {
    const unread = await loadWeights(built, weightsFile, folder, signal);
    if (unread.length > 0) {
      built.dispose();
      return unread;
    }
  }
  const dataset = asGiven(loaded, built.outputShape);
  const misfits = checkFit(built, dataset, {
    ...training,
    path: trainingPath,
    source: { data, path: dataPath },
  });
  if (misfits.length > 0) {
    built.dispose();
    return file === null ? misfits : atFile(misfits, file);
  }
  const weights = weighting(built, dataset, training);
  if (Array.isArray(weights)) {
    built.dispose();
    return weights;
  }
  const states = carriedStates(built, data, dataPath, { ...training, path: trainingPath });
  if (Array.isArray(states)) {
    built.dispose();
    return states;
  }
  return {
    dataset,
    built,
    loss: outputLoss(built, training.loss, takesLogits(training, built)),
    weights,
    states,
    optimizer: createOptimizer(training.optimizer),
    dispose: () => {
      states?.dispose();
      built.dispose();
    },
  };
}

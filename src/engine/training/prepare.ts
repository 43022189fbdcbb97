/** Everything a run needs before its first step. */

import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { beyondGradientNorm } from "../../config/gradientNormLayers.ts";
import { dataEndProblems } from "../../config/graph/dataEnds.ts";
import { onlyInput } from "../../config/graph/layerGraph.ts";
import type { Problem } from "../../config/problem.ts";
import type { OutputLossConfig, ResolvedModel, TrainingConfig } from "../../config/resolved.ts";
import { isStopped, Stopped } from "../../kernels/stop.ts";
import type { Updates } from "../../kernels/updates.ts";
import type { Dataset } from "../data/dataset.ts";
import { loadData } from "../data/loadData.ts";
import { arranged } from "../data/namedArraysDataset.ts";
import type { CarriedStates } from "../instrument/carriedStates.ts";
import type { TimeCut } from "../measure/layerInfo.ts";
import { buildModel } from "../model/buildModel.ts";
import { type BuiltModel, entriesOf, type NamedShape } from "../model/builtModel.ts";
import { checkFit } from "../model/checkFit.ts";
import { withOutput } from "../model/outputEdits.ts";
import { type OutputLoss, outputLoss } from "../model/outputLoss.ts";
import { type OutputWithLoss, severalOutputs, sumOfLosses, withLosses } from "../model/severalOutputs.ts";
import { statedInputWarnings } from "../model/statedInputs.ts";
import { carriedStates, statefulWarnings } from "../model/statefulLayers.ts";
import type { RunRequest } from "../run.ts";
import { atFile, type InputsFor, loadModel, loadWeights } from "../saved/loadModel.ts";
import { createOptimizer, type Optimizer } from "./optimizers.ts";
import { type Weighting, weighting } from "./weighting.ts";

export interface Prepared {
  readonly dataset: Dataset;
  readonly built: BuiltModel;
  readonly loss: OutputLoss;
  /** Several outputs with a loss each; null: the model has one. */
  readonly outputs: readonly OutputWithLoss[] | null;
  readonly weights: Weighting;
  /** States of the model's stateful layers; null: there are none. */
  readonly states: CarriedStates | null;
  readonly optimizer: Optimizer;
  dispose(): void;
}

/**
 * Whether the loss treats the outputs as logits: if the config says so, or if the model's file does for the same loss.
 */
export function takesLogits({ loss, fromLogits }: TrainingConfig, { logits, outputs }: BuiltModel): boolean {
  return fromLogits || outputs.some(({ name }) => logits.get(name) === loss);
}

/** The loss of the output with this name; null: of the only output. */
export function lossOf(
  { outputs, built }: Pick<Prepared, "outputs" | "built">,
  training: TrainingConfig,
  name: string | null,
): Pick<OutputLossConfig, "loss" | "fromLogits"> {
  const own = outputs?.find((output) => output.name === name);
  return own ?? { loss: training.loss, fromLogits: takesLogits(training, built) };
}

/** Whether a run truncates or regularizes gradients through time; both count masked timesteps, too. */
export function timeCut({ training }: ResolvedModel): TimeCut | null {
  if (training.truncate !== null) return "truncated";
  return training.gradientNormRegularizer === null ? null : "regularized";
}

/** Warnings about a model and its data that do not prevent training. */
export function warningsOf({ built, dataset }: Prepared, model: ResolvedModel): readonly Problem[] {
  return [
    ...dataset.warnings,
    ...built.remarks,
    ...statefulWarnings(built, model.data),
    ...statedInputWarnings(built),
    ...unregularized(built, model),
  ];
}

/** The warnings that the config's reading gives for written layers, for those of a file: each kind once. */
function unregularized(built: BuiltModel, { file, training }: ResolvedModel): readonly Problem[] {
  if (file === null || training.gradientNormRegularizer === null) return [];
  const all = atFile(beyondGradientNorm(entriesOf(built)), file);
  return all.filter(({ message }, i) => all.findIndex((other) => other.message === message) === i);
}

/** Names and shapes of what a model's inputs get. */
function inputsOf({ parts, inputShape }: Dataset, names: readonly string[]): readonly NamedShape[] {
  const [only, ...others] = names;
  if (!parts || (others.length === 0 && parts.inputs.length === 1))
    return [{ name: only ?? onlyInput, shape: inputShape }];
  return names.flatMap((name) => {
    const part = parts.inputs.find((each) => each.name === name);
    return part ? [{ name, shape: part.of.inputShape }] : [];
  });
}

/** Finds the data for each input of a model from a file. */
function inputsForFile(loaded: Dataset, { data, dataPath, training, trainingPath }: ResolvedModel): InputsFor {
  const places = { model: null, data: dataPath, training: trainingPath };
  return (ends) => {
    const problems = dataEndProblems(ends, data, training, places);
    return problems.length > 0 ? [...problems] : inputsOf(loaded, ends.inputs);
  };
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
 * @param updates compute the optimizer's updates of large weights; null: the optimizer itself does.
 */
export async function prepare(
  { model, configPath }: Pick<RunRequest, "model" | "configPath">,
  signal: AbortSignal = new AbortController().signal,
  updates: Updates | null = null,
): Promise<Prepared | readonly Problem[]> {
  const { data, dataPath, training, layers, file, trainingPath } = model;
  const folder = dirname(configPath);
  const loaded = await loadData(data, dataPath, folder, { ...training, path: trainingPath }, signal);
  if (Array.isArray(loaded)) return withOutput(loaded, layers);
  // Loading and building may each take a while: between them the process handles other events.
  await setImmediate();
  const built =
    file === null
      ? buildModel(layers, inputsOf(loaded, model.inputs), training.seed, model.outputs)
      : await loadModel(file, folder, inputsForFile(loaded, model), training.seed, signal, model.weights);
  const stopped = isStopped();
  if (Array.isArray(built)) {
    // A layer whose weights were not drawn to the end looks like one that cannot be built.
    if (stopped) throw new Stopped();
    return built;
  }
  try {
    if (stopped) throw new Stopped();
    await setImmediate();
    const complete = await completed(model, folder, loaded, built, signal, updates);
    if (!("built" in complete)) built.dispose();
    return complete;
  } catch (error) {
    built.dispose();
    throw error;
  }
}

/** Fits a model and its data together; the caller disposes the model if that is not possible. */
async function completed(
  model: ResolvedModel,
  folder: string,
  loaded: Dataset,
  built: BuiltModel,
  signal: AbortSignal,
  updates: Updates | null,
): Promise<Prepared | readonly Problem[]> {
  const { data, dataPath, training, trainingPath, file, weights: weightsFile } = model;
  if (file === null && weightsFile !== null) {
    const unread = await loadWeights(built, weightsFile, folder, signal);
    if (unread.length > 0) return unread;
  }
  const names = { inputs: built.inputs.map(({ name }) => name), outputs: built.outputs.map(({ name }) => name) };
  const dataset = asGiven(arranged(loaded, names.inputs, names.outputs), built.outputShape);
  const outputs = severalOutputs(built, dataset, training);
  const misfits = checkFit(
    built,
    dataset,
    { ...training, path: trainingPath, source: { data, path: dataPath } },
    outputs,
  );
  if (misfits.length > 0) return file === null ? misfits : atFile(misfits, file);
  const weights = weighting(built, dataset, training, outputs);
  if (Array.isArray(weights)) return weights;
  const states = carriedStates(built, data, dataPath, { ...training, path: trainingPath });
  if (Array.isArray(states)) return states;
  const lossy = outputs && withLosses(built, outputs);
  return {
    dataset,
    built,
    loss: lossy
      ? { of: sumOfLosses(lossy), threshold: Number.NaN }
      : outputLoss(built, training.loss, takesLogits(training, built)),
    outputs: lossy,
    weights,
    states,
    optimizer: createOptimizer(training.optimizer, updates),
    dispose: () => {
      states?.dispose();
      built.dispose();
    },
  };
}

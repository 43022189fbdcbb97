/**
 * Checks before the first step whether a model, its data and its loss fit together, so that no step fails with an
 * exception.
 */

import type * as tfl from "@tensorflow/tfjs-layers";
import { has } from "../../config/layerCatalogue.ts";
import { maxVocabulary } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import type { LayerEntry } from "../../config/resolved.ts";
import { batchTooLarge } from "../../config/testSamples.ts";
import { fitWords } from "../../messages/fit.ts";
import type { Dataset } from "../data/dataset.ts";
import { ExternalMemory } from "../memory/externalMemory.ts";
import { argumentProblems } from "./argumentProblems.ts";
import type { BuiltModel } from "./builtModel.ts";
import { type OutputTraining, outputProblems } from "./outputFit.ts";
import { facing, type ModelOutput } from "./severalOutputs.ts";

/** Most values of a layer's output in one batch: 100 million take 400 MB, and training keeps several such arrays. */
export const maxActivations = 100_000_000;

export interface FitTraining extends OutputTraining {
  readonly batchSize: number;
  readonly accumulate: number;
}

/** Problems with severity error. If there are none, the model can be trained on these data. */
export function checkFit(
  built: BuiltModel,
  dataset: Dataset,
  training: FitTraining,
  outputs: readonly ModelOutput[] | null = null,
): Problem[] {
  return [
    ...(outputs?.flatMap((output) =>
      outputProblems(facing(built, output), output.dataset, { ...training, loss: output.loss }),
    ) ?? outputProblems(built, dataset, training)),
    ...embeddingProblems(built, dataset),
    ...gradientProblems(built),
    ...frozenProblems(built),
    ...argumentProblems(built),
    ...batchProblems(dataset, training),
    ...sizeProblems(built, dataset, training),
  ];
}

function embeddingProblems(built: BuiltModel, dataset: Dataset): Problem[] {
  const entries = new Map(built.layers.map((l) => [l.entry.name, l.entry]));
  return built.layers.flatMap((layer): Problem[] => {
    if (layer.type !== "embedding") return [];
    const at = (message: string): Problem[] => [
      { severity: "error", message, path: [...layer.path, "type"], on: "value" },
    ];
    if (!takesData(layer.entry, entries)) {
      return at(fitWords().embeddingFirst(layer.name));
    }
    const { inputs, test } = entering(layer.entry, entries, dataset);
    const rows = layer.entry.args["inputDim"];
    const noRow = (v: number) => typeof rows === "number" && !(Number.isInteger(v) && v >= 0 && v < rows);
    const wrong = inputs.find(noRow) ?? test?.inputs.find(noRow);
    if (wrong === undefined || typeof rows !== "number") return [];
    const looksUp = fitWords().looksUp({ layer: layer.name, last: rows - 1, wrong });
    const largest = Math.max(maximum(inputs), test ? maximum(test.inputs) : 0);
    if (!Number.isInteger(wrong) || wrong < 0 || !(largest < maxVocabulary))
      return at(fitWords().scaledIndices({ looksUp, scaled: !Number.isInteger(wrong) }));
    const place = [...layer.path, "inputDim"];
    return [
      {
        severity: "error",
        message: fitWords().inputDim({ looksUp, largest, further: largest > wrong }),
        path: place,
        on: "value",
        fixes: [
          { id: "input-dim", title: fitWords().setInputDim(largest + 1), edits: [{ path: place, value: largest + 1 }] },
        ],
      },
    ];
  });
}

/** The data of the input that a layer takes through layers that only rearrange it. */
function entering(entry: LayerEntry, entries: ReadonlyMap<string, LayerEntry>, dataset: Dataset): Dataset {
  let name = entry.inputs[0];
  for (let before = entries.get(name ?? ""); before; before = entries.get(name ?? "")) name = before.inputs[0];
  return dataset.parts?.inputs.find((part) => part.name === name)?.of ?? dataset;
}

function maximum(values: Float32Array): number {
  return values.reduce((most, v) => Math.max(most, v), 0);
}

function gradientProblems(built: BuiltModel): Problem[] {
  const entries = new Map(built.layers.map((l) => [l.entry.name, l.entry]));
  const weighted = (entry: LayerEntry): boolean =>
    entry.inputs.some((name) => {
      const source = entries.get(name);
      const own = built.layers.find((l) => l.entry === source);
      return source !== undefined && ((own?.layer.trainableWeights.length ?? 0) > 0 || weighted(source));
    });
  return built.layers
    .filter(({ type, entry }) => has("noGradient", { type }) && weighted(entry))
    .map(({ name, type, path }) => ({
      severity: "error",
      message: fitWords().noGradientBack({ layer: name, type }),
      path: [...path, "type"],
      on: "value",
    }));
}

/** Reports a model in which every layer with weights is frozen. */
function frozenProblems({ model, layers }: BuiltModel): Problem[] {
  const frozen = layers.filter(({ entry, wrapper }) => wrapper === null && entry.args["trainable"] === false);
  const [first] = frozen;
  if (!first || model.weights.length === 0 || model.trainableWeights.length > 0) return [];
  const last = frozen.at(-1) ?? first;
  const all = frozen.map(({ path }) => ({ path: [...path, "trainable"], value: undefined }));
  const message = fitWords().allFrozen;
  const fixes = [{ id: "all-trainable", title: fitWords().unfreezeAll, edits: all }];
  if (frozen.length > 1)
    fixes.push({
      id: "last-trainable",
      title: fitWords().unfreezeLast(last.name),
      edits: [{ path: [...last.path, "trainable"], value: undefined }],
    });
  return [{ severity: "error", message, path: [...first.path, "trainable"], on: "value", fixes }];
}

function takesData(entry: LayerEntry, entries: ReadonlyMap<string, LayerEntry>): boolean {
  return entry.inputs.every((name) => {
    const source = entries.get(name);
    return !source || (has("shapes", source) && takesData(source, entries));
  });
}

/** Tasks are checked by the parser; a file's sample count is known only after reading it. */
function batchProblems({ samples, test }: Dataset, training: FitTraining): Problem[] {
  const { batchSize, accumulate, path } = training;
  return accumulate * batchSize <= samples ? [] : [batchTooLarge(training, samples, test !== null, path)];
}

/** Number of values per sample that attention computes between timesteps: one per pair of timesteps and head. */
function attentionScores({ args, type }: LayerEntry, layer: tfl.layers.Layer, outputShape: readonly unknown[]): number {
  const heads = args["heads"];
  if (!has("attends", { type }) || typeof heads !== "number") return 0;
  const values = layer.inboundNodes[0]?.inputTensors[1];
  return heads * Number(outputShape[1]) * Number(values?.shape[1] ?? outputShape[1]);
}

function sizeProblems(built: BuiltModel, { samples, timesteps }: Dataset, { batchSize, path }: FitTraining): Problem[] {
  const batch = Math.min(batchSize, samples);
  for (const { layer, name, type, path: at, wrapper, entry } of built.layers) {
    if (wrapper) continue;
    const shapes: unknown = layer.outputShape;
    const shape = Array.isArray(shapes) && Array.isArray(shapes[0]) ? shapes[0] : shapes;
    if (!Array.isArray(shape)) continue;
    const perSample = shape.slice(1).reduce<number>((product, d) => product * Number(d), 1);
    // A recurrent layer computes all timesteps (four gates each in an LSTM), even if it returns only the last one.
    const sequence = entry.args["returnSequences"] === true ? 1 : (timesteps ?? 1);
    const outputs = batch * perSample * (has("loops", { type }) ? 4 * sequence : 1);
    // The memory's content is kept for every timestep.
    const memory = layer instanceof ExternalMemory ? batch * (timesteps ?? 1) * layer.layout.cells : 0;
    const values = Math.max(outputs, memory, batch * attentionScores(entry, layer, shape));
    if (values <= maxActivations) continue;
    const message = fitWords().tooManyValues({
      batch,
      layer: name,
      type,
      values: values.toLocaleString("en"),
      most: maxActivations.toLocaleString("en"),
    });
    return [{ severity: "error", message, path: batch > 1 ? [...path, "batchSize"] : [...at, "type"], on: "value" }];
  }
  return [];
}

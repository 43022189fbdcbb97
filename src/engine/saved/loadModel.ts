/** Builds a tfjs model with the saved weights from a saved model's file. */

import path from "node:path";
import * as tf from "@tensorflow/tfjs-core";
import type { Ends } from "../../config/graph/dataEnds.ts";
import { maxLayers } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import type { LayerEntry, ModelFile } from "../../config/resolved.ts";
import { resolveFileLayers, resolveLayers } from "../../config/resolveLayers.ts";
import { fileWords } from "../../messages/files.ts";
import { savedWords } from "../../messages/savedModels.ts";
import { translationWords } from "../../messages/translating.ts";
import {
  objectAt,
  SavedError,
  type SavedModel,
  type SavedWeight,
  type WeightsByLayer,
} from "../formats/models/savedModel.ts";
import { maskedLayers, reachedByMasks } from "../instrument/masks.ts";
import { HeadProjections } from "../layers/headProjections.ts";
import { buildModel } from "../model/buildModel.ts";
import { type BuiltLayer, type BuiltModel, entriesOf, type NamedShape } from "../model/builtModel.ts";
import { plainMessage, shapeText } from "../model/messages.ts";
import { ReadingEnded } from "../readingThread/reader.ts";
import { withRows } from "./chains.ts";
import { withoutCudnn } from "./cudnn.ts";
import { describe } from "./describe.ts";
import { graphOf, type SavedInput, type SavedLayer, tooManyLayers } from "./graph.ts";
import { isRecurrent } from "./kerasStates.ts";
import { lossesByOutput } from "./losses.ts";
import { unmaskedSuffix, withLostMasks } from "./lostMasks.ts";
import { dividedWeights, matchWeights, type Wanted } from "./matchWeights.ts";
import { withJoinedHeads, withoutMultiHead } from "./multiHead.ts";
import { readLayerWeights, readModel } from "./readModel.ts";
import { type LostMask, remarksOf } from "./remarks.ts";
import { type Difference, translateLayer } from "./translateLayer.ts";

/** What the data give to each of a model's inputs; or why they do not fit its ends. */
export type InputsFor = (ends: Ends) => readonly NamedShape[] | Problem[];

/**
 * @param configDir folder of the config; the file is relative to it.
 * @param inputsFor gives the shapes of one sample of the data.
 * @param seed seed of dropout.
 * @param signal ends the reading: the promise then rejects.
 * @param weights file of the weights where `file` only describes the layers, or other weights than its own.
 * @returns the model, with the place of `file` in the config for all its layers; or why there is none, shown at that
 * place.
 */
export async function loadModel(
  file: ModelFile,
  configDir: string,
  inputsFor: InputsFor,
  seed: number,
  signal: AbortSignal = new AbortController().signal,
  weights: ModelFile | null = null,
): Promise<BuiltModel | Problem[]> {
  let about = file;
  try {
    const saved = await readModel(path.resolve(configDir, file.name), signal);
    const read = async (wanted: readonly Wanted[]): Promise<WeightsByLayer> => {
      if (weights === null) return dividedWeights(wanted, await saved.weights());
      about = weights;
      const found = await readLayerWeights(path.resolve(configDir, weights.name), saved.topology, signal);
      return matchWeights(wanted, dividedWeights(wanted, found));
    };
    const built = await rebuild(saved, file, inputsFor, seed, read);
    return Array.isArray(built) ? atFile(built, file) : ofFile(built, file);
  } catch (error) {
    return refusal(error, about);
  }
}

/**
 * Sets the weights of a model written as layers from a file.
 *
 * @param weights the file, relative to `configDir`.
 * @returns why that is not possible, shown at the file's place; [] if it is.
 */
export async function loadWeights(
  built: BuiltModel,
  weights: ModelFile,
  configDir: string,
  signal: AbortSignal,
): Promise<Problem[]> {
  try {
    const file = path.resolve(configDir, weights.name);
    const found = await readLayerWeights(file, describe(entriesOf(built)), signal);
    const layers = built.layers.filter(({ wrapper }) => wrapper === null);
    const matched = matchWeights(layers.map(wantedBy), found);
    for (const { layer, entry } of layers) assign(layer, entry.name, matched.get(entry.name) ?? []);
    return [];
  } catch (error) {
    return refusal(error, weights);
  }
}

function wantedBy({ entry, layer }: BuiltLayer): Wanted {
  return { name: entry.name, count: layer.weights.length, trained: layer.trainableWeights.length };
}

function refusal(error: unknown, file: ModelFile): Problem[] {
  if (error instanceof ReadingEnded) throw error;
  return atFile([{ severity: "error", message: plainMessage(error), path: file.path, on: "value" }], file);
}

/** Adds the file's name to problems in its layers, which have no place in the config. */
export function atFile(problems: readonly Problem[], file: ModelFile): Problem[] {
  return problems.map((problem) =>
    file.path.every((key, i) => problem.path[i] === key)
      ? {
          ...problem,
          message: fileWords().ofFile({ file: file.name, fault: problem.message }),
          path: file.path,
          on: "value",
        }
      : problem,
  );
}

function ofFile(built: BuiltModel, { path: place }: ModelFile): BuiltModel {
  const layers = built.layers.map((layer) => ({ ...layer, path: place }));
  return { ...built, layers, byLayer: new Map(layers.map((layer) => [layer.layer, layer])) };
}

async function rebuild(
  saved: SavedModel,
  file: ModelFile,
  inputsFor: InputsFor,
  seed: number,
  read: (wanted: readonly Wanted[]) => Promise<WeightsByLayer>,
) {
  const content = contentOf(saved, file);
  if (Array.isArray(content)) return content;
  const { inputs, outputs, outputNames, layers } = content;
  const given = inputsFor({ inputs: inputs.map(({ name }) => name), outputs });
  if (isProblems(given)) return given;
  checkInputs(inputs, given);
  const entries = layers.map((layer) => layer.entry);
  const built = buildModel(entries, given, seed, outputs);
  if (Array.isArray(built)) return built;
  try {
    const weights = await read(built.layers.filter(({ wrapper }) => wrapper === null).map(wantedBy));
    const masked = maskedLayers(built.model);
    for (const { layer, entry, wrapper } of built.layers) {
      if (wrapper !== null) continue;
      if (masked.has(layer) && layers.some((l) => l.entry === entry && l.maskSensitive))
        throw new SavedError(savedWords().leavesMasked({ layer: entry.name, type: entry.type }));
      const { convert = asTheyAre } = layers.find((l) => l.entry === entry) ?? {};
      assign(layer, entry.name, convert(weights.get(entry.name) ?? []));
    }
    const reached = reachedByMasks(built.model);
    const unmasked = layers.filter(
      (l) => l.unmasked !== null && built.layers.some((b) => b.entry === l.entry && reached.has(b.layer)),
    );
    const losses = lossesByOutput(built, saved.losses, outputNames);
    return { ...built, logits: losses.logits, remarks: remarksOf(losses, layers, unmasked, file) };
  } catch (error) {
    built.dispose();
    throw error;
  }
}

interface LoadedLayer {
  readonly entry: LayerEntry;
  readonly maskSensitive: boolean;
  /** Why Keras 3 gives it no mask, although one would reach it here; null: it gives it one. */
  readonly unmasked: LostMask | null;
  readonly differences: readonly Difference[];
  /** Converts the file's weights of the layer to the layer's. */
  readonly convert: (weights: readonly SavedWeight[]) => readonly SavedWeight[];
}

const asTheyAre = (weights: readonly SavedWeight[]): readonly SavedWeight[] => weights;

interface Content {
  readonly inputs: readonly SavedInput[];
  readonly outputs: readonly string[];
  readonly outputNames: readonly (readonly string[])[];
  readonly layers: readonly LoadedLayer[];
}

/** The file's layers as config entries, resolved like those of a config; or why they are refused. */
function contentOf(saved: SavedModel, file: ModelFile): Content | Problem[] {
  if ((saved.entries?.length ?? 0) > maxLayers) throw tooManyLayers();
  const named = (names: readonly string[] | undefined) => (names ? { names, path: null } : null);
  const ends = { inputs: named(saved.ends?.inputs), outputs: named(saved.ends?.outputs) };
  const own = saved.entries && resolveLayers([...saved.entries], file.path, ends);
  if (own?.layers) {
    const layers = own.layers.map((entry) => ({
      entry: { ...entry, path: file.path },
      maskSensitive: false,
      unmasked: null,
      differences: [],
      convert: asTheyAre,
    }));
    const outputNames = own.outputs.map((name) => [name]);
    return { inputs: own.inputs.map((name) => ({ name, shape: null })), outputs: own.outputs, outputNames, layers };
  }
  const graph = graphOf(saved.topology);
  const hasMasks = graph.layers.some(
    ({ className, config }) => className === "Masking" || config["mask_zero"] === true,
  );
  const keras3 = hasMasks && saved.dialect === "keras3";
  const translated = (keras3 ? withLostMasks(graph.layers) : graph.layers).map((written) => {
    const { layer, convert: toPlain } = withoutCudnn(withoutMultiHead(written));
    const { className } = written;
    const convert = className === "Normalization" ? withoutCount : className === "ConvLSTM2D" ? withRows : toPlain;
    const { type, args, maskSensitive, differences } = translateLayer(layer, saved.dialect);
    const { name, inputs, initialState, shares } = layer;
    const states = initialState.length > 0 ? { initialState } : {};
    const unmasked = keras3 ? lostMask(written) : null;
    const own = unmasked === "state" || unmasked === "recorded" ? ignoringMasks(type, args) : args;
    const again = shares === null ? {} : { shares };
    const entry = { type, name, inputs, ...states, ...again, args: own, path: file.path };
    return { entry, maskSensitive, differences, convert, unmasked };
  });
  const entries = translated.map(({ entry }) => entry);
  const names = { inputs: graph.inputs.map(({ name }) => name), outputs: graph.outputs };
  const { layers, problems } = resolveFileLayers(entries, names, file.path);
  if (layers === null) return [...problems];
  const layerOf = new Map(translated.map((layer): [LayerEntry, LoadedLayer] => [layer.entry, layer]));
  return { ...graph, layers: layers.flatMap((entry) => layerOf.get(entry) ?? []) };
}

/** Mean and variance of a Normalization without the number of samples. */
function withoutCount(weights: readonly SavedWeight[]): readonly SavedWeight[] {
  return weights.slice(0, 2);
}

/** Why a layer of Keras 3 gets no mask. */
function lostMask({ name, className, initialState, masked }: SavedLayer): LostMask | null {
  if (name.endsWith(unmaskedSuffix)) return "attention";
  if (initialState.length > 0 && masked !== true) return "state";
  return isRecurrent(className) && masked === false ? "recorded" : null;
}

/** The arguments of a recurrent layer that reads masked timesteps like any other. */
function ignoringMasks(type: string, args: LayerEntry["args"]): LayerEntry["args"] {
  const inner = objectAt(args["layer"]);
  return type === "bidirectional" && inner
    ? { ...args, layer: { ...inner, ignoreMask: true } }
    : { ...args, ignoreMask: true };
}

function checkInputs(inputs: readonly SavedInput[], given: readonly NamedShape[]): void {
  for (const { name, shape: stated } of inputs) {
    const shape = given.find((each) => each.name === name)?.shape;
    if (stated === null || !shape) continue;
    if (stated.length === shape.length && stated.every((size, i) => size === null || size === shape[i])) continue;
    const input = inputs.length === 1 ? null : name;
    throw new SavedError(savedWords().takesShape({ input, stated: shapeText(stated), shape: shapeText(shape) }));
  }
}

function isProblems(given: readonly NamedShape[] | Problem[]): given is Problem[] {
  const [first] = given;
  return first !== undefined && "severity" in first;
}

type Layer = Parameters<typeof maskedLayers>[0]["layers"][number];

/**
 * Sets a layer's weights, in the layer's order. Constraints are not applied: the weights are restored as they were
 * saved.
 */
function assign(layer: Layer, name: string, given: readonly SavedWeight[]): void {
  const weights = layer instanceof HeadProjections ? withJoinedHeads(given) : given;
  if (layer.weights.length !== weights.length)
    throw new SavedError(
      savedWords().weightNumber({ layer: name, wanted: layer.weights.length, found: weights.length }),
    );
  for (const [i, weight] of layer.weights.entries()) {
    const { shape, values } = weights[i]!;
    const wanted = weight.shape.map(Number);
    const short = weight.originalName.split("/").at(-1);
    if (shape.length !== wanted.length || shape.some((size, d) => size !== wanted[d])) {
      throw new SavedError(
        translationWords().weightShape({
          weight: String(short),
          layer: name,
          shape: shapeText(shape),
          wanted: shapeText(wanted),
        }),
      );
    }
    const broken = values.reduce((count, v) => count + (Number.isFinite(v) ? 0 : 1), 0);
    if (broken > 0)
      throw new SavedError(
        translationWords().weightsNotFinite({ weight: String(short), layer: name, broken, n: values.length }),
      );
    const variable = weight.read();
    if (!(variable instanceof tf.Variable)) throw new Error(`The weight ${weight.name} is not a variable.`);
    tf.tidy(() => variable.assign(tf.tensor(values, wanted)));
  }
}

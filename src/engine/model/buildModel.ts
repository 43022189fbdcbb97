/** Builds a tfjs model from the config's layers. */

import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { onlyInput } from "../../config/graph/layerGraph.ts";
import { referenceOf, statesInTfjs, statesOf } from "../../config/graph/references.ts";
import { factsOf } from "../../config/layerCatalogue.ts";
import { isObject } from "../../config/merge.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, JsonValue, LayerEntry } from "../../config/resolved.ts";
import { fitWords } from "../../messages/fit.ts";
import { listWords } from "../../messages/lists.ts";
import { TransformerEncoder } from "../layers/transformerEncoder.ts";
import { internal, setInternal } from "../tfjs/internals.ts";
import { layerType } from "../tfjs/layerType.ts";
import type { BuiltLayer, BuiltModel, NamedShape } from "./builtModel.ts";
import { connectionProblem, type Incoming } from "./connectionProblem.ts";
import { sizeOf } from "./forward.ts";
import { innerProblem } from "./innerFit.ts";
import { innerLayers, withInnerLayers } from "./innerLayers.ts";
import { nameFaults } from "./layerFault.ts";
import { makeLayer } from "./makeLayer.ts";
import { shapeText } from "./messages.ts";
import { seedLayer } from "./seeding.ts";
import { shareWeights } from "./sharedWeights.ts";
import { statesTaken, withStates } from "./takenStates.ts";
import { WeightBudget } from "./weightLimit.ts";

/**
 * @param entries the model's entries as resolved: valid, and each after what it takes.
 * @param inputs shape of one sample, for the only input or for each named one.
 * @param seed seed of all weights and of dropout: the same seed gives the same weights, whatever was built before.
 * @param outputs names of the layers whose outputs are the model's. Default: the last one.
 * @returns the model, or where its shapes do not fit.
 */
export function buildModel(
  entries: readonly LayerEntry[],
  inputs: readonly number[] | readonly NamedShape[],
  seed: number,
  outputs: readonly string[] = entries.slice(-1).map(({ name }) => name),
): BuiltModel | Problem[] {
  const problems: Problem[] = [];
  const named = namedShapes(inputs);
  const given = statesTaken(
    entries,
    named.map(({ name }) => name),
  );
  const made = entries.map((entry, i) =>
    entry.type === "inputLayer"
      ? null
      : makeLayer({ ...withStates(entry, given), name: tfName(entry, i, entries) }, problems),
  );
  if (problems.length > 0) return problems;
  const own = made.filter((layer) => layer !== null);
  const budget = new WeightBudget();
  entries.forEach((entry, i) => {
    const layer = made[i];
    if (!layer) return;
    seedLayer(layer, seed, entry.name);
    budget.watch(layer);
  });
  const connected = connect(entries, made, named, outputs);
  if ("problem" in connected) {
    disposeLayers(own);
    return [connected.problem];
  }
  const unshared = shareWeights(entries, made);
  if (unshared) {
    disposeLayers(own);
    return [unshared];
  }
  const model = tfl.model({ inputs: [...connected.inputs], outputs: [...connected.outputs] });
  inOrder(model, own);
  const built = entries.flatMap((entry, i) => (made[i] ? describe(entry, made[i]) : []));
  nameFaults(built);
  const shapes = connected.outputs.map(({ shape }) => shape.slice(1).map(Number));
  return {
    model,
    layers: built,
    byLayer: new Map(built.map((b) => [b.layer, b])),
    inputs: named,
    outputs: outputs.map((name, i) => ({ name, shape: shapes[i] ?? [] })),
    logits: new Map(),
    remarks: [],
    outputShape: shapes.length === 1 ? shapes[0]! : [shapes.reduce((sum, shape) => sum + sizeOf(shape), 0)],
    parameters: model.weights.reduce((sum, w) => sum + tf.util.sizeFromShape(w.shape.map(Number)), 0),
    dispose: () => disposeLayers(own),
  };
}

function namedShapes(inputs: readonly number[] | readonly NamedShape[]): readonly NamedShape[] {
  const shape = inputs.filter((size) => typeof size === "number");
  return shape.length === inputs.length
    ? [{ name: onlyInput, shape }]
    : inputs.filter((part) => typeof part === "object");
}

/** Lists the model's layers in the config's order; tfjs sorts them by depth only. */
function inOrder(model: tfl.LayersModel, own: readonly tfl.layers.Layer[]): void {
  const inputs = model.layers.filter((layer) => !own.includes(layer));
  setInternal(model, "layers", [...inputs, ...own]);
}

interface Connected {
  readonly inputs: readonly tfl.SymbolicTensor[];
  readonly outputs: readonly tfl.SymbolicTensor[];
}

/** The tensors behind a name: an output, followed by the last states. */
interface Given {
  readonly tensors: readonly tfl.SymbolicTensor[];
  /** Null: an input of the model. */
  readonly entry: LayerEntry | null;
}

/** Connects the layers; each one follows its inputs. */
function connect(
  layers: readonly LayerEntry[],
  made: readonly (tfl.layers.Layer | null)[],
  inputs: readonly NamedShape[],
  outputs: readonly string[],
): Connected | { readonly problem: Problem } {
  const given = new Map<string, Given>();
  const entering = inputs.map(({ name, shape }, i) => {
    const tfInput = /^[A-Za-z0-9][-\w.]*$/.test(name) ? name : `input_${i}`;
    const tensor = tfl.input({ shape: [...shape], name: tfInput, dtype: "float32" });
    given.set(name, { tensors: [tensor], entry: null });
    return tensor;
  });
  const source = (text: string): Source => {
    const { name, state } = referenceOf(text, (each) => given.has(each));
    const from = given.get(name);
    const index = state === null || !from?.entry ? 0 : 1 + statesInTfjs(from.entry).indexOf(state);
    const tensor = from?.tensors[index];
    if (!from || !tensor) throw new Error(`"${text}" does not exist.`);
    return { name: text, tensor, entry: from.entry };
  };
  for (const [i, entry] of layers.entries()) {
    const natural = statesOf(entry);
    const states = (entry.initialState === undefined ? [] : statesInTfjs(entry)).flatMap((state): InitialState[] => {
      const index = natural.indexOf(state);
      const text = entry.initialState?.[index];
      return text === undefined ? [] : [{ ...source(text), index }];
    });
    const result = apply(made[i] ?? null, entry, entry.inputs.map(source), states);
    if ("problem" in result) return result;
    given.set(entry.name, { tensors: result.tensors, entry });
  }
  return { inputs: entering, outputs: outputs.map((name) => source(name).tensor) };
}

interface Source {
  readonly name: string;
  readonly tensor: tfl.SymbolicTensor;
  readonly entry: LayerEntry | null;
}

interface InitialState extends Source {
  /** Its place in the entry's `initialState`. */
  readonly index: number;
}

/** @param states in the order of tfjs's states. */
function apply(
  layer: tfl.layers.Layer | null,
  entry: LayerEntry,
  sources: readonly Source[],
  states: readonly InitialState[],
): { readonly tensors: readonly tfl.SymbolicTensor[] } | { readonly problem: Problem } {
  const incoming = sources.map(
    ({ name, tensor, entry: from }): Incoming => ({ name, shape: tensor.shape.slice(1), entry: from }),
  );
  const tensors = sources.map((s) => s.tensor);
  const [first] = tensors;
  if (!first) throw new Error(`layer ${entry.name} has no inputs`);
  const contradiction = inputShapeProblem(entry, first);
  if (contradiction) return { problem: contradiction };
  if (!layer) return { tensors: [first] };
  const unfit = innerProblem(layer, entry, first.shape.slice(1)) ?? stateProblem(layer, entry, states);
  if (unfit) return { problem: unfit };
  try {
    const initialState = states.map(({ tensor }) => tensor);
    const result = layer.apply(tensors.length === 1 ? first : tensors, states.length > 0 ? { initialState } : {});
    // A layer that outputs its states has more than one output.
    const given = (Array.isArray(result) ? result : [result]).filter((each) => each instanceof tfl.SymbolicTensor);
    const [output] = given;
    if (!output) throw new Error("The layer has no output.");
    const shape = output.shape.slice(1);
    // tfjs checks this only when it computes.
    if (entry.type === "reshape" && sizeOf(shape.map(Number)) !== sizeOf(first.shape.slice(1).map(Number))) {
      const before = first.shape.slice(1);
      const sizes = { sizeTo: sizeOf(shape.map(Number)), sizeFrom: sizeOf(before.map(Number)) };
      const [to, from] = [shapeText(shape), shapeText(before)];
      const message = fitWords().cannotReshape({ layer: entry.name, to, from, ...sizes });
      return { problem: error(message, [...entry.path, "targetShape"]) };
    }
    // Some layers learn only now what they need.
    const found = innerProblem(layer, entry, first.shape.slice(1));
    if (found) return { problem: found };
    if (shape.every((d) => d !== null && d >= 1)) return { tensors: given };
    const named = { layer: entry.name, type: entry.type };
    const from = listWords().commas(incoming.map((i) => shapeText(i.shape)));
    const key = ["kernelSize", "poolSize"].find((k) => k in entry.args);
    if (key !== undefined && shape.every((d) => d !== null)) {
      const message = fitWords().longWindow({ ...named, window: JSON.stringify(entry.args[key]), from });
      return { problem: error(message, [...entry.path, key]) };
    }
    const empty = shape.some((d) => d === null || d < 0) ? null : shapeText(shape);
    return {
      problem: error(fitWords().wouldGive({ ...named, empty, from }), [...entry.path, "type"]),
    };
  } catch (thrown) {
    return { problem: connectionProblem(thrown, entry, incoming) };
  }
}

/** Checks the sizes of the states that a layer begins with. */
function stateProblem(layer: tfl.layers.Layer, entry: LayerEntry, states: readonly InitialState[]): Problem | null {
  const readers = layer instanceof tfl.RNN ? [layer] : innerLayers(layer).filter((inner) => inner instanceof tfl.RNN);
  const sizes = readers.flatMap(({ cell }) => [internal(cell, "stateSize")].flat());
  const axes = factsOf(entry.type)?.convolves ? 3 : 1;
  for (const [i, { name, tensor, index }] of states.entries()) {
    const shape = tensor.shape.slice(1);
    if (shape.length === axes && (shape.at(-1) === sizes[i] || (axes === 3 && shape[0] === sizes[i]))) continue;
    const { name: layer, type } = entry;
    const size = String(sizes[i]);
    const message = fitWords().stateSizes({ layer, type, size, from: name, shape: shapeText(shape) });
    return error(message, [...entry.path, "initialState", index]);
  }
  return null;
}

/** The data and the earlier layers decide an input's shape; a stated shape must agree with it. */
function inputShapeProblem(entry: LayerEntry, tensor: tfl.SymbolicTensor): Problem | null {
  const key = "batchInputShape" in entry.args ? "batchInputShape" : "inputShape";
  const asked = entry.args[key];
  if (!Array.isArray(asked)) return null;
  const shape = tensor.shape.slice(1);
  const stated = key === "inputShape" ? asked : asked.slice(1);
  if (stated.length === shape.length && stated.every((size, i) => size === null || size === shape[i])) return null;
  const message = fitWords().statedShape({ shape: shapeText(shape), stated: JSON.stringify(stated), key });
  return error(message, [...entry.path, key]);
}

/** The config's own name if tfjs allows its characters, otherwise a name made from its place. */
function tfName(entry: LayerEntry, index: number, layers: readonly LayerEntry[]): string {
  if (/^[A-Za-z0-9][-\w.]*$/.test(entry.name)) return entry.name;
  let name = `layer_${index}`;
  while (layers.some((l) => l.name === name)) name += "_";
  return name;
}

/** The layer and the layers that it wraps, with names and places. */
function describe(entry: LayerEntry, layer: tfl.layers.Layer): BuiltLayer[] {
  const all: BuiltLayer[] = [];
  const visit = (
    name: string,
    type: string,
    path: JsonPath,
    args: JsonValue,
    of: tfl.layers.Layer,
    wrapper: BuiltLayer | null,
  ): BuiltLayer => {
    const inner: BuiltLayer[] = [];
    const self: BuiltLayer = { name, type, path, entry, layer: of, wrapper, inner };
    all.push(self);
    const wrapped = isObject(args) ? args["layer"] : undefined;
    if (isObject(wrapped)) {
      const innerType = String(wrapped["type"]);
      const own = wrapped["name"];
      const suffixes = type === "bidirectional" ? ["forward", "backward"] : [typeof own === "string" ? own : innerType];
      innerLayers(of).forEach((each, i) => {
        inner.push(visit(`${name}/${suffixes[i]}`, innerType, [...path, "layer"], wrapped, each, self));
      });
    } else if (of instanceof TransformerEncoder) {
      for (const part of of.layers) inner.push(visit(`${name}/${part.name}`, layerType(part), path, {}, part, self));
    }
    return self;
  };
  visit(entry.name, entry.type, entry.path, entry.args, layer, null);
  return all;
}

function disposeLayers(layers: readonly tfl.layers.Layer[]): void {
  const all = layers.flatMap(withInnerLayers);
  for (const weight of new Set(all.flatMap((layer) => layer.weights))) weight.dispose();
  for (const layer of all) {
    for (const key of ["dropoutMask", "recurrentDropoutMask"]) disposeMask(internal(layer, key));
  }
}

/** Disposes a mask: cells keep the masks of their last call. */
function disposeMask(mask: unknown): void {
  for (const tensor of Array.isArray(mask) ? mask : [mask]) if (tensor instanceof tf.Tensor) tensor.dispose();
}

function error(message: string, path: JsonPath): Problem {
  return { severity: "error", message, path, on: "value" };
}

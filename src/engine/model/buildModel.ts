/** Builds a tfjs model from the config's layers. */

import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import type { Problem } from "../../config/problem.ts";
import type { ConfigPath, JsonValue, LayerEntry } from "../../config/resolved.ts";
import { factoryName } from "../instrument/layers.ts";
import { TransformerEncoder } from "../layers/transformerEncoder.ts";
import { internal } from "../tfjs/internals.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { connectionProblem, type Incoming } from "./connectionProblem.ts";
import { innerProblem } from "./innerFit.ts";
import { innerLayers, withInnerLayers } from "./innerLayers.ts";
import { isObject } from "./layerArguments.ts";
import { nameFaults } from "./layerFault.ts";
import { makeLayer } from "./makeLayer.ts";
import { seedLayer } from "./seeding.ts";
import { shapeText } from "./shapeText.ts";
import { WeightBudget } from "./weightLimit.ts";

/** The name under which layers take the model's input. */
const inputName = "input";

/**
 * @param layers the model's entries; the output of the last one is the model's.
 * @param inputShape shape of one sample.
 * @param seed seed of all weights and of dropout: the same seed gives the same weights, whatever was built before.
 * @returns the model, or everything that is wrong with the entries.
 */
export function buildModel(
  layers: readonly LayerEntry[],
  inputShape: readonly number[],
  seed: number,
): BuiltModel | Problem[] {
  const problems: Problem[] = [];
  if (layers.length === 0) return [error("A model needs at least one layer.", [])];
  const made = layers.map((entry, i) =>
    entry.type === "inputLayer" ? null : makeLayer({ ...entry, name: tfName(entry, i, layers) }, problems),
  );
  problems.push(...graphProblems(layers));
  if (problems.length > 0) return problems;
  const own = made.filter((layer) => layer !== null);
  const budget = new WeightBudget();
  layers.forEach((entry, i) => {
    const layer = made[i];
    if (!layer) return;
    seedLayer(layer, seed, entry.name);
    budget.watch(layer);
  });
  const connected = connect(layers, made, inputShape);
  if ("problem" in connected) {
    disposeLayers(own);
    return [connected.problem];
  }
  const model = tfl.model({ inputs: connected.input, outputs: connected.output });
  const built = layers.flatMap((entry, i) => (made[i] ? describe(entry, made[i]) : []));
  nameFaults(built);
  return {
    model,
    layers: built,
    byLayer: new Map(built.map((b) => [b.layer, b])),
    logits: null,
    remarks: [],
    outputShape: connected.output.shape.slice(1).map(Number),
    parameters: model.weights.reduce((sum, w) => sum + tf.util.sizeFromShape(w.shape.map(Number)), 0),
    dispose: () => disposeLayers(own),
  };
}

interface Connected {
  readonly input: tfl.SymbolicTensor;
  readonly output: tfl.SymbolicTensor;
}

/** Connects the layers. Entries may come in any order as long as there is no circle. */
function connect(
  layers: readonly LayerEntry[],
  made: readonly (tfl.layers.Layer | null)[],
  inputShape: readonly number[],
): Connected | { readonly problem: Problem } {
  const input = tfl.input({ shape: [...inputShape], name: inputName, dtype: "float32" });
  const outputs = new Map<string, { readonly tensor: tfl.SymbolicTensor; readonly entry: LayerEntry | null }>();
  outputs.set(inputName, { tensor: input, entry: null });
  let waiting = layers.map((entry, i) => ({ entry, layer: made[i] ?? null }));
  while (waiting.length > 0) {
    const ready = waiting.filter(({ entry }) => entry.inputs.every((name) => outputs.has(name)));
    waiting = waiting.filter((w) => !ready.includes(w));
    const [stuck] = waiting;
    if (ready.length === 0 && stuck) {
      return {
        problem: error(
          `"${stuck.entry.name}" takes its own output, through ${stuck.entry.inputs.map((n) => `"${n}"`).join(", ")}. Connections must not form a circle.`,
          [...stuck.entry.path, "inputs"],
        ),
      };
    }
    for (const { entry, layer } of ready) {
      const sources = entry.inputs.map((name) => ({ name, ...outputs.get(name)! }));
      const result = apply(layer, entry, sources);
      if ("problem" in result) return result;
      outputs.set(entry.name, { tensor: result.tensor, entry });
    }
  }
  return { input, output: outputs.get(layers.at(-1)!.name)!.tensor };
}

interface Source {
  readonly name: string;
  readonly tensor: tfl.SymbolicTensor;
  readonly entry: LayerEntry | null;
}

function apply(
  layer: tfl.layers.Layer | null,
  entry: LayerEntry,
  sources: readonly Source[],
): { readonly tensor: tfl.SymbolicTensor } | { readonly problem: Problem } {
  const incoming = sources.map(
    ({ name, tensor, entry: from }): Incoming => ({ name, shape: tensor.shape.slice(1), entry: from }),
  );
  const tensors = sources.map((s) => s.tensor);
  const [first] = tensors;
  if (!first) throw new Error(`layer ${entry.name} has no inputs`);
  const contradiction = inputShapeProblem(entry, first);
  if (contradiction) return { problem: contradiction };
  if (!layer) return { tensor: first };
  const unfit = innerProblem(layer, entry, first.shape.slice(1));
  if (unfit) return { problem: unfit };
  try {
    const result = layer.apply(tensors.length === 1 ? first : tensors);
    // With returnState there are more outputs; no layer takes the states as input.
    const output = Array.isArray(result) ? result[0] : result;
    if (!(output instanceof tfl.SymbolicTensor)) throw new Error("The layer has no output.");
    const shape = output.shape.slice(1);
    // tfjs checks this only when it computes.
    if (entry.type === "reshape" && sizeOf(shape) !== sizeOf(first.shape.slice(1))) {
      const message = `"${entry.name}" (reshape) cannot make ${shapeText(shape)} of ${shapeText(first.shape.slice(1))}: ${sizeOf(shape)} values of ${sizeOf(first.shape.slice(1))}.`;
      return { problem: error(message, [...entry.path, "targetShape"]) };
    }
    // Some layers learn only now what they need.
    const found = innerProblem(layer, entry, first.shape.slice(1));
    if (found) return { problem: found };
    if (shape.every((d) => d !== null && d >= 1)) return { tensor: output };
    const from = incoming.map((i) => shapeText(i.shape)).join(", ");
    const key = ["kernelSize", "poolSize"].find((k) => k in entry.args);
    if (key !== undefined && shape.every((d) => d !== null)) {
      const message = `"${entry.name}" (${entry.type}): its window, ${JSON.stringify(entry.args[key])}, is longer than its input, ${from}.`;
      return { problem: error(message, [...entry.path, key]) };
    }
    const open = shape.some((d) => d === null || d < 0);
    const outcome = open ? "an output whose size changes at every step" : `an empty output, ${shapeText(shape)},`;
    return {
      problem: error(`"${entry.name}" (${entry.type}) would give ${outcome} for inputs of shape ${from}.`, [
        ...entry.path,
        "type",
      ]),
    };
  } catch (thrown) {
    return { problem: connectionProblem(thrown, entry, incoming) };
  }
}

function sizeOf(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, d) => product * Number(d), 1);
}

/** The data and the earlier layers decide an input's shape; a stated shape must agree with it. */
function inputShapeProblem(entry: LayerEntry, tensor: tfl.SymbolicTensor): Problem | null {
  const key = "batchInputShape" in entry.args ? "batchInputShape" : "inputShape";
  const asked = entry.args[key];
  if (!Array.isArray(asked)) return null;
  const shape = tensor.shape.slice(1);
  const stated = key === "inputShape" ? asked : asked.slice(1);
  if (stated.length === shape.length && stated.every((size, i) => size === null || size === shape[i])) return null;
  return error(
    `What enters here has shape ${shapeText(shape)} per sample, not ${JSON.stringify(stated)}. Leave "${key}" out.`,
    [...entry.path, key],
  );
}

function graphProblems(layers: readonly LayerEntry[]): Problem[] {
  const names = new Set([inputName, ...layers.map((l) => l.name)]);
  const used = new Set(layers.flatMap((l) => l.inputs));
  return layers.flatMap((entry, i): Problem[] => {
    if (entry.name === inputName)
      return [error(`"${inputName}" is the model's input; give the layer another name.`, [...entry.path, "name"])];
    if (layers.findIndex((l) => l.name === entry.name) < i)
      return [error(`There is another layer named "${entry.name}".`, [...entry.path, "name"])];
    const unknown = entry.inputs.find((name) => !names.has(name));
    if (unknown !== undefined) return [error(`There is no layer "${unknown}".`, [...entry.path, "inputs"])];
    if (i < layers.length - 1 && !used.has(entry.name)) {
      return [
        error(
          `No layer takes the output of "${entry.name}", so it would not be trained. Name it in the "inputs" of a later layer, or remove it.`,
          [...entry.path, "type"],
        ),
      ];
    }
    return [];
  });
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
    path: ConfigPath,
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
      for (const part of of.layers) inner.push(visit(`${name}/${part.name}`, factoryName(part), path, {}, part, self));
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

function error(message: string, path: ConfigPath): Problem {
  return { severity: "error", message, path, on: "value" };
}

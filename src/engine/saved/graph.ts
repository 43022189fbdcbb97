/** Reads a saved model's layers and their connections from either of Keras's notations. */

import type { JsonValue } from "../../config/resolved.ts";
import { isList, type JsonObject, objectAt, SavedError } from "../formats/models/savedModel.ts";

export interface SavedLayer {
  readonly name: string;
  /** Keras's class: `LSTM`. */
  readonly className: string;
  readonly config: JsonObject;
  /** Names of the layers whose outputs it takes; null stands for the model's input. */
  readonly inputs: readonly (string | null)[];
}

export interface SavedGraph {
  /** Shape of one sample, with null for an open dimension; null if the file does not say. */
  readonly inputShape: readonly (number | null)[] | null;
  /** The layers in order; the last one gives the model's output. */
  readonly layers: readonly SavedLayer[];
}

/** @throws SavedError unless every layer is used exactly once, between one input and one output. */
export function graphOf(topology: JsonObject): SavedGraph {
  const { class_name: className, config } = topology;
  if (className === "Sequential") return sequence(isList(config) ? config : listOf(objectAt(config)?.["layers"]));
  if (className === "Functional" || className === "Model") {
    const content = objectAt(config);
    if (content?.["layers"] !== undefined) return network(content);
  }
  throw new SavedError(
    typeof className === "string"
      ? `Its model has the class "${className}", which is custom code: only sequential and functional models describe their layers.`
      : "It does not say which layers the model has.",
  );
}

function sequence(items: readonly JsonValue[]): SavedGraph {
  const all = items.map(bare);
  const layers = all.filter((layer) => layer.className !== "InputLayer");
  return {
    inputShape: all[0] ? shapeOf(all[0].config) : null,
    layers: layers.map((layer, i) => ({ ...layer, inputs: [layers[i - 1]?.name ?? null] })),
  };
}

function network(content: JsonObject): SavedGraph {
  const [input, ...otherInputs] = endpoints(content["input_layers"]);
  const [output, ...otherOutputs] = endpoints(content["output_layers"]);
  if (input === undefined || otherInputs.length > 0)
    throw new SavedError(`It has ${1 + otherInputs.length} inputs; only models with one input can be trained here.`);
  if (output === undefined || otherOutputs.length > 0)
    throw new SavedError(`It has ${1 + otherOutputs.length} outputs; only models with one output can be trained here.`);
  const items = listOf(content["layers"]);
  const layers = items.map((item): SavedLayer => {
    const layer = bare(item);
    if (layer.className === "InputLayer") return { ...layer, inputs: [] };
    const inputs = inboundOf(layer.name, objectAt(item)?.["inbound_nodes"]);
    return { ...layer, inputs: inputs.map((name) => (name === input ? null : name)) };
  });
  const own = layers.filter((layer) => layer.className !== "InputLayer");
  const entry = layers.find((layer) => layer.name === input);
  return {
    inputShape: entry ? shapeOf(entry.config) : null,
    layers: [...own.filter((l) => l.name !== output), ...own.filter((l) => l.name === output)],
  };
}

function bare(item: JsonValue): Omit<SavedLayer, "inputs"> {
  const { class_name: className, config, name } = objectAt(item) ?? {};
  const content = objectAt(config);
  const own = name ?? content?.["name"];
  if (typeof className !== "string" || typeof own !== "string" || !content)
    throw new SavedError("One of its layers has no name, no class or no config.");
  return { name: own, className, config: content };
}

/** `batch_shape` (Keras 3) or `batch_input_shape` (Keras 2, tfjs) without the batch. */
function shapeOf(config: JsonObject): readonly (number | null)[] | null {
  const shape = config["batch_shape"] ?? config["batch_input_shape"];
  if (!isList(shape)) return null;
  return shape.slice(1).map((size) => (typeof size === "number" ? size : null));
}

/** `["out", 0, 0]` for a single endpoint, otherwise a list of them. */
function endpoints(value: JsonValue | undefined): readonly string[] {
  const list = listOf(value);
  if (typeof list[0] === "string") return [list[0]];
  return list.map((item) => (isList(item) && typeof item[0] === "string" ? item[0] : ""));
}

function inboundOf(layer: string, nodes: JsonValue | undefined): readonly string[] {
  const uses = listOf(nodes);
  if (uses.length > 1)
    throw new SavedError(
      `Its layer "${layer}" is used ${uses.length} times; layers that share weights are not supported here.`,
    );
  const [use] = uses;
  const sources = isList(use) ? use.map((source) => legacySource(layer, source)) : kerasTensors(layer, use);
  if (sources.length === 0) throw new SavedError(`Its layer "${layer}" has no input.`);
  return sources.map(({ name, index }) => {
    if (index === 0) return name;
    throw new SavedError(
      `Its layer "${layer}" takes the final state of "${name}"; only outputs can be passed on here.`,
    );
  });
}

interface Source {
  readonly name: string;
  /** Index into the layer's outputs. */
  readonly index: number;
}

/** Keras 2 and tfjs: `["lstm", node, output, arguments]`. */
function legacySource(layer: string, source: JsonValue): Source {
  const [name, node, index, args] = listOf(source);
  if (typeof name !== "string" || typeof index !== "number")
    throw new SavedError(`The inputs of its layer "${layer}" are not readable.`);
  if (node !== 0)
    throw new SavedError(
      `Its layer "${name}" is used more than once; layers that share weights are not supported here.`,
    );
  refuseArguments(layer, objectAt(args));
  return { name, index };
}

/** Keras 3: `{ args: [tensor or list of tensors], kwargs }`. */
function kerasTensors(layer: string, use: JsonValue | undefined): readonly Source[] {
  const node = objectAt(use);
  refuseArguments(layer, objectAt(node?.["kwargs"]));
  const visit = (value: JsonValue): readonly Source[] => {
    if (isList(value)) return value.flatMap(visit);
    const history = objectAt(objectAt(value)?.["config"])?.["keras_history"];
    if (isList(history)) return [legacySource(layer, [...history])];
    if (value === null) return [];
    throw new SavedError(`Its layer "${layer}" is called with something that is not a layer's output.`);
  };
  return visit(node?.["args"] ?? []);
}

/** Refuses call arguments, except for those that merely restate a default (null, training), which are ignored. */
function refuseArguments(layer: string, args: JsonObject | null): void {
  for (const [key, value] of Object.entries(args ?? {})) {
    if (value === null || (key === "training" && typeof value === "boolean")) continue;
    throw new SavedError(`Its layer "${layer}" is called with "${key}", which cannot be passed on here.`);
  }
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isList(value) ? value : [];
}

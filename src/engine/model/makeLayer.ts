/** Makes one tfjs layer from its config entry, with the layers inside it. */

import * as tfl from "@tensorflow/tfjs-layers";
import { didYouMean } from "../../config/didYouMean.ts";
import { cellTypes, recurrentTypes } from "../../config/layerKinds.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, JsonValue } from "../../config/resolved.ts";
import { ownFactory, ownTypes } from "../layers/factories.ts";
import { completeNormalization } from "../layers/plainNormalization.ts";
import { internal, setInternal } from "../tfjs/internals.ts";
import { isObject, type JsonObject, layerArguments } from "./layerArguments.ts";
import { plainMessage } from "./messages.ts";

/**
 * Names of the tf.layers functions that make a layer (the namespace also holds classes and `input`), and of our own
 * layers.
 */
export const layerTypes: readonly string[] = [
  ...Object.keys(tfl.layers).filter((name) => /^[a-z]/.test(name) && name !== "input"),
  ...ownTypes,
];

export interface LayerRequest {
  readonly type: string;
  /** Name for tfjs: unique within the model, with only the characters that it allows. */
  readonly name: string;
  readonly args: JsonObject;
  readonly path: JsonPath;
}

/** @returns the layer; or null, with the reasons added to `problems`. */
export function makeLayer(source: LayerRequest, problems: Problem[]): tfl.layers.Layer | null {
  const { type, name, args, path } = source;
  if (!layerTypes.includes(type)) {
    return refuse(problems, `Unknown layer type "${type}".${didYouMean(type, layerTypes)}`, [...path, "type"]);
  }
  if (cellTypes.includes(type)) {
    return refuse(
      problems,
      `"${type}" is a cell, not a layer. Write { "type": "rnn", "cell": { "type": "${type}", … } }.`,
      [...path, "type"],
    );
  }
  return construct(source, name, args, problems);
}

function construct(source: LayerRequest, name: string, args: JsonObject, problems: Problem[]): tfl.layers.Layer | null {
  const { type, path } = source;
  const before = problems.length;
  let count = 0;
  const made = layerArguments(
    type,
    args,
    path,
    (value, at, role) => {
      const inner = innerSource(type, `${name}/${role}_${count++}`, value, at, role, problems);
      return inner && construct(inner, inner.name, inner.args, problems);
    },
    problems,
  );
  if (problems.length > before) return null;
  const unused = peepholesWithout(args);
  if (unused) return refuse(problems, `"${unused}" has an effect only with "peepholes": true.`, [...path, unused]);
  const factory: unknown = ownFactory(type, args) ?? internal(tfl.layers, type);
  if (typeof factory !== "function") throw new Error(`the factory of ${type} is no function`);
  try {
    const layer: unknown = Reflect.apply(factory, undefined, [{ ...made, name }]);
    if (layer instanceof tfl.layers.Layer) return completed(source, layer);
    throw new Error(`the factory of ${type} made no layer`);
  } catch (error) {
    const message = plainMessage(error);
    return refuse(problems, `"${type}": ${message}`, guiltyArgument(message, args, path));
  }
}

function peepholesWithout(args: JsonObject): string | undefined {
  return args["peepholes"] === true ? undefined : Object.keys(args).find((key) => /^peephole[A-Z]/.test(key));
}

function completed({ type, args }: LayerRequest, layer: tfl.layers.Layer): tfl.layers.Layer {
  const reader = type === "bidirectional" ? args["layer"] : args;
  if (isObject(reader) && reader["ignoreMask"] === true) setInternal(layer, "ignoreMask", true);
  if (type === "resizing") return resizingOfBatches(layer);
  if (type === "batchNormalization" || type === "layerNormalization") return completeNormalization(layer);
  return type === "reshape" ? reshapeOfBatches(layer) : layer;
}

/**
 * Works around tfjs 4.22, which cannot infer the open size of a reshape if the batch size is also open, as it is in a
 * model.
 */
function reshapeOfBatches(layer: tfl.layers.Layer): tfl.layers.Layer {
  const target = internal(layer, "targetShape");
  const sizes = Array.isArray(target) ? target.map((d) => (typeof d === "number" && d >= 0 ? d : null)) : [];
  const known = sizes.reduce<number>((product, d) => product * (d ?? 1), 1);
  Object.defineProperty(layer, "computeOutputShape", {
    value: (shape: readonly (number | null)[]) => {
      const values = shape.slice(1).reduce<number>((product, d) => product * Number(d), 1);
      return [shape[0], ...sizes.map((d) => d ?? Math.floor(values / known))];
    },
  });
  return layer;
}

/**
 * Adapts tfjs 4.22's resizing layer to models: a model passes a list to each layer, but this one expects the tensor
 * itself, and it mistakes the shape of a batch for that of one image.
 */
function resizingOfBatches(layer: tfl.layers.Layer): tfl.layers.Layer {
  const call = layer.call.bind(layer);
  layer.call = (inputs, kwargs) => call(Array.isArray(inputs) && inputs[0] ? inputs[0] : inputs, kwargs);
  const [height, width] = ["height", "width"].map((key) => Number(internal(layer, key)));
  Object.defineProperty(layer, "computeOutputShape", {
    value: (shape: readonly (number | null)[]) => [shape[0], height, width, shape.at(-1)],
  });
  return layer;
}

/** The inner layer or cell that the argument at `path` describes. */
function innerSource(
  outer: string,
  name: string,
  value: JsonValue,
  path: JsonPath,
  role: "layer" | "cell",
  problems: Problem[],
): LayerRequest | null {
  const type = isObject(value) ? value["type"] : undefined;
  if (!isObject(value) || typeof type !== "string") {
    return refuse(problems, `Expected a ${role}: { "type": …, … }.`, path);
  }
  const known = role === "cell" ? cellTypes : layerTypes.filter((t) => !cellTypes.includes(t));
  if (!known.includes(type)) {
    return refuse(problems, `Unknown ${role} type "${type}".${didYouMean(type, known)}`, [...path, "type"]);
  }
  if (outer === "bidirectional" && !recurrentTypes.includes(type)) {
    return refuse(problems, `"bidirectional" wraps a recurrent layer (${recurrentTypes.join(", ")}), not "${type}".`, [
      ...path,
      "type",
    ]);
  }
  if (outer === "bidirectional" && type === "rnn") {
    const message = `tfjs cannot run "rnn" both ways: it loses the cell. Write the layer itself, e.g. "lstm" instead of an "lstmCell" in "rnn".`;
    return refuse(problems, message, [...path, "type"]);
  }
  const { type: _, name: __, ...args } = value;
  return { type, name, args, path };
}

/**
 * The argument that a tfjs message is about, if it contains the argument's name or value; otherwise the layer's type.
 */
function guiltyArgument(message: string, args: JsonObject, path: JsonPath): JsonPath {
  const words = new Set(message.match(/\w+/g));
  const key =
    Object.keys(args).find((k) => words.has(k)) ??
    Object.entries(args).find(([, v]) => (typeof v === "string" || typeof v === "number") && words.has(String(v)))?.[0];
  return [...path, key ?? "type"];
}

function refuse(problems: Problem[], message: string, path: JsonPath): null {
  problems.push({ severity: "error", message, path, on: "value" });
  return null;
}

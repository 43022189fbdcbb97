/** Makes one tfjs layer from its config entry, with the layers inside it. */

import * as tfl from "@tensorflow/tfjs-layers";
import { has } from "../../config/layerCatalogue.ts";
import { isObject, type JsonObject } from "../../config/merge.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, JsonValue } from "../../config/resolved.ts";
import { defaultsOf } from "../../config/schema/layers/index.ts";
import {
  batchNormalizationOfAnyAxis,
  batchNormalizationOfUnmasked,
  causalConvolution,
  centeredUpSampling,
  dilatedDepthwise,
  imagesFromStates,
  meanOfUnmasked,
} from "../layers/completions.ts";
import { ownFactory } from "../layers/factories.ts";
import { groupedConvolution } from "../layers/groupedConvolution.ts";
import { completeNormalization } from "../layers/plainNormalization.ts";
import { internal, setInternal } from "../tfjs/internals.ts";
import { layerArguments } from "./layerArguments.ts";
import { plainMessage } from "./messages.ts";

export interface LayerRequest {
  readonly type: string;
  /** Name for tfjs: unique within the model, with only the characters that it allows. */
  readonly name: string;
  readonly args: JsonObject;
  readonly path: JsonPath;
}

/**
 * @param source an entry that was resolved, so that its type and its arguments are known to be valid.
 * @returns the layer; or null, with what tfjs refuses added to `problems`.
 */
export function makeLayer(source: LayerRequest, problems: Problem[]): tfl.layers.Layer | null {
  const { type, name, args, path } = source;
  const own = ownFactory(type, args);
  const factory: unknown = own ?? internal(tfl.layers, type);
  if (typeof factory !== "function") throw new Error(`the factory of ${type} is no function`);
  const before = problems.length;
  let count = 0;
  // tfjs fills in the defaults of its own layers.
  const filled = own ? { ...defaultsOf(type), ...args } : args;
  try {
    const made = layerArguments(type, filled, path, (value, at, role) =>
      makeLayer(innerSource(`${name}/${role}_${count++}`, value, at), problems),
    );
    if (problems.length > before) return null;
    const layer: unknown = Reflect.apply(factory, undefined, [{ ...made, name }]);
    if (layer instanceof tfl.layers.Layer) return completed(source, layer);
    throw new Error(`the factory of ${type} made no layer`);
  } catch (error) {
    const message = plainMessage(error);
    return refuse(problems, `"${type}": ${message}`, guiltyArgument(message, args, path));
  }
}

function completed({ type, args }: LayerRequest, layer: tfl.layers.Layer): tfl.layers.Layer {
  // tfjs's bidirectional layer takes itself for trainable, whatever its arguments say.
  if (args["trainable"] === false) layer.trainable = false;
  const reader = type === "bidirectional" ? args["layer"] : args;
  for (const flag of ["ignoreMask", "zeroOutputForMask"])
    if (isObject(reader) && reader[flag] === true) setInternal(layer, flag, true);
  if (type === "globalAveragePooling1d") return meanOfUnmasked(layer);
  if (type === "upSampling2d" && args["interpolation"] === "centeredBilinear") return centeredUpSampling(layer);
  if (type === "convLstm2d") return imagesFromStates(layer);
  if (type === "depthwiseConv2d") return dilatedDepthwise(layer);
  const groups = args["groups"];
  if (typeof groups === "number" && groups > 1 && !has("normalizes", { type })) groupedConvolution(layer, groups);
  if (type === "conv1d" && args["padding"] === "causal") return causalConvolution(layer);
  if (type === "batchNormalization")
    return batchNormalizationOfUnmasked(batchNormalizationOfAnyAxis(completeNormalization(layer)));
  if (type === "resizing") return resizingOfBatches(layer);
  if (has("normalizes", { type })) return completeNormalization(layer);
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
function innerSource(name: string, value: JsonValue, path: JsonPath): LayerRequest {
  const { type, name: _, ...args } = isObject(value) ? value : {};
  return { type: String(type), name, args, path };
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

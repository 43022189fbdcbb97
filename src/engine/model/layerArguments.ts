/** Converts a layer's arguments, as resolved from a config, to those of its tf.layers factory. */

import * as tfl from "@tensorflow/tfjs-layers";
import { gatesOf } from "../../config/layerKinds.ts";
import { isObject, type JsonObject } from "../../config/merge.ts";
import type { JsonPath, JsonValue } from "../../config/resolved.ts";
import { Chrono } from "../layers/chrono.ts";
// Registers the activations that tfjs lacks.
import "../layers/activations.ts";
import { internal } from "../tfjs/internals.ts";

/** Makes the layer that an argument such as `layer` or `cell` describes; null when it reported a problem. */
export type MakeInner = (value: JsonValue, path: JsonPath, role: "layer" | "cell") => tfl.layers.Layer | null;

/**
 * @param type type of the layer.
 * @param args arguments that the config's schemas have accepted.
 * @throws what tfjs throws if it refuses one of them.
 */
export function layerArguments(
  type: string,
  args: JsonObject,
  path: JsonPath,
  makeInner: MakeInner,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([key, value]) => [key, argument(type, key, value, [...path, key], makeInner)]),
  );
}

const ownFlags = new Set(["stateful", "ignoreMask", "zeroOutputForMask"]);

function argument(type: string, key: string, value: JsonValue, path: JsonPath, makeInner: MakeInner): unknown {
  if (key === "layer") return makeInner(value, path, "layer");
  if (key === "cell" || key === "cells") {
    return Array.isArray(value)
      ? value.map((v: JsonValue, i) => makeInner(v, [...path, i], "cell"))
      : makeInner(value, path, "cell");
  }
  // instrument/carriedStates.ts implements `stateful`; tfjs's own would need the batch size. model/forward.ts implements
  // `ignoreMask` and `zeroOutputForMask`.
  if (value === null || ownFlags.has(key)) return undefined;
  if (value === "centeredBilinear") return "bilinear";
  if (isObject(value) && value["type"] === "chrono") return chrono(type, value);
  if (key.endsWith("Initializer")) return made(tfl.initializers, value);
  if (key.endsWith("Regularizer")) return made(tfl.regularizers, value);
  if (key.endsWith("Constraint")) return made(tfl.constraints, value);
  // A copy, because tfjs writes into its arguments.
  return structuredClone(value);
}

/** Names the class of the chrono initializer, which is how tfjs accepts an initializer that is not its own. */
function chrono(type: string, { maxLag, seed }: JsonObject): unknown {
  const config = { kind: gatesOf({ type }), maxLag, ...(typeof seed === "number" ? { seed } : {}) };
  return { className: Chrono.className, config };
}

/** What one of tfjs's factories in `namespace` makes of its name, or of `{ "type": name, ...arguments }`. */
function made(namespace: object, value: JsonValue): unknown {
  const { type, ...args } = isObject(value) ? value : { type: value };
  const factory = internal(namespace, String(type));
  if (typeof factory !== "function") throw new Error(`tfjs has no factory ${String(type)}.`);
  return Reflect.apply(factory, undefined, [structuredClone(args)]);
}

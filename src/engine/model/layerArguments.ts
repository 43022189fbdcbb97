/** Converts a layer's config arguments to those of its tf.layers factory. */

import * as tfl from "@tensorflow/tfjs-layers";
import { didYouMean } from "../../config/didYouMean.ts";
import { gatedKinds } from "../../config/layerKinds.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, JsonValue } from "../../config/resolved.ts";
import { Chrono } from "../layers/chrono.ts";
import { Exponential } from "../layers/exponential.ts";
import { internal } from "../tfjs/internals.ts";

export type JsonObject = { readonly [key: string]: JsonValue };

/** Makes the layer that an argument such as `layer` or `cell` describes; null when it reported a problem. */
export type MakeInner = (value: JsonValue, path: JsonPath, role: "layer" | "cell") => tfl.layers.Layer | null;

/** The activations that tfjs knows, by its names, and the one that we add. */
export const activations = [
  "elu",
  "hardSigmoid",
  "linear",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "tanh",
  "swish",
  "mish",
  "gelu",
  "gelu_new",
  Exponential.className,
] as const;

const counts = new Set(["units", "filters", "inputDim", "outputDim", "n", "depthMultiplier"]);

/**
 * @param type type of the layer.
 * @returns the arguments; what was wrong with them is in `problems`.
 */
export function layerArguments(
  type: string,
  args: JsonObject,
  path: JsonPath,
  makeInner: MakeInner,
  problems: Problem[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(args)) {
    const at = [...path, key];
    const made = isChrono(value) ? chrono(type, key, args, value, at) : argument(key, value, at, makeInner);
    if (made instanceof Refusal) problems.push(made.problem);
    else result[key] = made;
  }
  return result;
}

function argument(key: string, value: JsonValue, path: JsonPath, makeInner: MakeInner): unknown {
  if (key === "layer") return makeInner(value, path, "layer");
  if (key === "cell" || key === "cells") {
    return Array.isArray(value)
      ? value.map((v: JsonValue, i) => makeInner(v, [...path, i], "cell"))
      : makeInner(value, path, "cell");
  }
  // instrument/carriedStates.ts implements `stateful`; tfjs's own would need the batch size. model/forward.ts implements
  // `ignoreMask`.
  if (value === null || key === "stateful" || key === "ignoreMask") return undefined;
  if (counts.has(key) && !(typeof value === "number" && Number.isInteger(value) && value > 0)) {
    return problem(`"${key}" must be a whole number above 0, not ${JSON.stringify(value)}.`, path);
  }
  if (key === "activation" || key === "recurrentActivation") return activation(value, path);
  if (key.endsWith("Initializer")) return named("initializer", tfl.initializers, value, path);
  if (key.endsWith("Regularizer")) return named("regularizer", tfl.regularizers, value, path);
  if (key.endsWith("Constraint")) return named("constraint", tfl.constraints, value, path);
  // A copy, because tfjs writes into its arguments.
  return structuredClone(value);
}

function isChrono(value: JsonValue): value is JsonObject {
  return isObject(value) && value["type"] === "chrono";
}

/** Registers the chrono initializer and names its class, which is how tfjs accepts an unknown initializer. */
function chrono(type: string, key: string, args: JsonObject, { maxLag, seed }: JsonObject, path: JsonPath): unknown {
  const kind = gatedKinds[type];
  if (!kind || key !== "biasInitializer")
    return problem(`"chrono" is for the "biasInitializer" of lstm and gru.`, path);
  if (typeof maxLag !== "number" || !(maxLag > 2))
    return problem(`"chrono" needs a "maxLag" above 2: the longest dependency of the task, in timesteps.`, path);
  if (args["unitForgetBias"] === true)
    return problem(
      `"chrono" and "unitForgetBias" both set the bias of the forget gate: leave "unitForgetBias" out.`,
      path,
    );
  return { className: Chrono.className, config: { kind, maxLag, ...(typeof seed === "number" ? { seed } : {}) } };
}

function activation(value: JsonValue, path: JsonPath): unknown {
  if (typeof value === "string" && activations.some((name) => name === value)) return value;
  const guess = typeof value === "string" ? didYouMean(value, activations) : "";
  return problem(`Unknown activation ${JSON.stringify(value)}.${guess} Known: ${activations.join(", ")}.`, path);
}

type Kind = "initializer" | "regularizer" | "constraint";

/** Resolves a name, or `{ "type": name, ...arguments }`, of one of tfjs's factories in `namespace`. */
function named(kind: Kind, namespace: object, value: JsonValue, path: JsonPath): unknown {
  const name = typeof value === "string" ? value : isObject(value) ? value["type"] : undefined;
  if (typeof name !== "string") {
    return problem(`Expected the name of ${articleOf[kind]} ${kind}, or { "type": name } with its arguments.`, path);
  }
  const known = Object.keys(namespace);
  const factory = known.includes(name) ? internal(namespace, name) : undefined;
  if (typeof factory !== "function") {
    return problem(
      `Unknown ${kind} "${name}".${didYouMean(name, known)} Known: ${known.join(", ")}.`,
      typeof value === "string" ? path : [...path, "type"],
    );
  }
  const { type: _, ...args } = isObject(value) ? value : { type: name };
  try {
    const made: unknown = Reflect.apply(factory, undefined, [structuredClone(args)]);
    return made;
  } catch (error) {
    return problem(`"${name}": ${error instanceof Error ? error.message : String(error)}`, path);
  }
}

const articleOf: { readonly [kind in Kind]: string } = { initializer: "an", regularizer: "a", constraint: "a" };

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A problem instead of a value. */
class Refusal {
  readonly problem: Problem;
  constructor(problem: Problem) {
    this.problem = problem;
  }
}

function problem(message: string, path: JsonPath): Refusal {
  return new Refusal({ severity: "error", message, path, on: "value" });
}

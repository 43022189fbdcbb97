/** Arguments that tfjs takes and then fails on in the first step, because they do not fit the layer's shapes. */

import type { Problem } from "../../config/problem.ts";
import type { JsonValue } from "../../config/resolved.ts";
import { internal } from "../tfjs/internals.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { isObject } from "./layerArguments.ts";
import { shapeText } from "./shapeText.ts";

export function argumentProblems(built: BuiltModel): Problem[] {
  return built.layers.flatMap((layer) => [
    ...axisProblems(layer),
    ...constraintProblems(layer),
    ...noiseShapeProblems(layer),
  ]);
}

function at({ path, entry, wrapper }: BuiltLayer, key: string | undefined, message: string): Problem {
  const own = key !== undefined && wrapper === null && key in entry.args;
  return { severity: "error", message, path: [...path, own ? key : "type"], on: "value" };
}

const lastAxisOnly = ["softmax", "batchNormalization"];

/**
 * tfjs (4.22) has no softmax but along the last axis, and normalizes a batch along another one with the wrong entries'
 * mean and variance.
 */
function axisProblems(built: BuiltLayer): Problem[] {
  const { layer, name, type, wrapper } = built;
  const axis = internal(layer, "axis");
  if (!lastAxisOnly.includes(type) || wrapper || axis === -1 || axis === layer.outputShape.length - 1) return [];
  const message = `"${name}" (${type}) is asked for axis ${String(axis)}; tfjs computes it along the last axis only. Set "axis": -1.`;
  return [at(built, "axis", message)];
}

/** A constraint along an axis that its weight has not. */
function constraintProblems(built: BuiltLayer): Problem[] {
  const { layer, name, type, inner, entry } = built;
  if (inner.length > 0) return [];
  return layer.weights.flatMap(({ constraint, shape, originalName }): Problem[] => {
    const axis: unknown = constraint ? internal(constraint, "axis") : 0;
    if (typeof axis !== "number" || axis < shape.length) return [];
    const key = Object.keys(entry.args).find((k) => k.endsWith("Constraint") && axisOf(entry.args[k]) === axis);
    const weight = originalName.split("/").at(-1);
    const message = `"${name}" (${type}): a constraint along axis ${axis}, but the weight "${weight}" has no axis but ${shape.length === 1 ? "0" : `0 to ${shape.length - 1}`}.`;
    return [at(built, key, message)];
  });
}

function axisOf(constraint: JsonValue | undefined): JsonValue | undefined {
  return isObject(constraint) ? constraint["axis"] : undefined;
}

/** The shape of a dropout's mask: of each size of the input, with the batch, that size or 1; null where tfjs fills it in. */
function noiseShapeProblems(built: BuiltLayer): Problem[] {
  const { layer, name, type, wrapper } = built;
  const asked = internal(layer, "noiseShape");
  if (!Array.isArray(asked) || wrapper) return [];
  const shape = [null, ...layer.outputShape.slice(1).map(Number)];
  const filled = type !== "alphaDropout";
  const fits = asked.every((size: unknown, i) => size === 1 || (size === null ? filled : size === shape[i]));
  if (asked.length === shape.length && fits) return [];
  const message = `"${name}" (${type}): its mask ${JSON.stringify(asked)} does not fit ${shapeText(shape)}, its input with the batch first. Each size is that of the input or 1${filled ? ", or null for the input's" : ""}.`;
  return [at(built, "noiseShape", message)];
}

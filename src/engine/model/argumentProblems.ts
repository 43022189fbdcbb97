/** Finds arguments that tfjs accepts but fails on in the first step, because they do not fit the layer's shapes. */

import { isObject } from "../../config/merge.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonValue } from "../../config/resolved.ts";
import { internal } from "../tfjs/internals.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { shapeText } from "./messages.ts";

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

/** tfjs's softmax without an axis takes axis 1, which is time in a sequence, although it documents the last one. */
function axisProblems(built: BuiltLayer): Problem[] {
  const { layer, name, type, wrapper } = built;
  if (type !== "softmax" || wrapper || "axis" in built.entry.args || layer.outputShape.length === 2) return [];
  const message = `"${name}" (${type}) needs an axis here: set "axis": -1 for the units, or 1 for time.`;
  return [at(built, "axis", message)];
}

/** Constraints whose axis exceeds their weight's rank. */
function constraintProblems(built: BuiltLayer): Problem[] {
  const { layer, name, type, inner, entry } = built;
  if (inner.length > 0) return [];
  return layer.weights.flatMap(({ constraint, shape, originalName }): Problem[] => {
    const axis: unknown = constraint ? internal(constraint, "axis") : 0;
    if (typeof axis !== "number" || axis < shape.length) return [];
    const key = Object.keys(entry.args).find((k) => k.endsWith("Constraint") && axisOf(entry.args[k]) === axis);
    const weight = originalName.split("/").at(-1);
    const message = `"${name}" (${type}): the constraint uses axis ${axis}, but the weight "${weight}" has only ${shape.length === 1 ? "axis 0" : `axes 0 to ${shape.length - 1}`}.`;
    return [at(built, key, message)];
  });
}

function axisOf(constraint: JsonValue | undefined): JsonValue | undefined {
  return isObject(constraint) ? constraint["axis"] : undefined;
}

/**
 * Dropout masks of the wrong shape. Each size, with the batch, must be the input's or 1; null where tfjs fills it in.
 */
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

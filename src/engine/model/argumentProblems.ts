/** Finds arguments that tfjs accepts but fails on in the first step, because they do not fit the layer's shapes. */

import { isObject } from "../../config/merge.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonValue } from "../../config/resolved.ts";
import { buildingWords } from "../../messages/building.ts";
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
  return [at(built, "axis", buildingWords().needsAxis({ layer: name, type }))];
}

/** Constraints whose axis exceeds their weight's rank. */
function constraintProblems(built: BuiltLayer): Problem[] {
  const { layer, name, type, inner, entry } = built;
  if (inner.length > 0) return [];
  return layer.weights.flatMap(({ constraint, shape, originalName }): Problem[] => {
    if (!constraint) return [];
    const axis: unknown = internal(constraint, "axis");
    if (typeof axis !== "number" || axis < shape.length) return [];
    const key = Object.keys(entry.args).find((k) => k.endsWith("Constraint") && axisOf(entry.args[k]) === axis);
    const weight = originalName.split("/").at(-1) ?? "";
    const message = buildingWords().constraintAxis({ layer: name, type, axis, weight, axes: shape.length });
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
  const mask = JSON.stringify(asked);
  const words = buildingWords().maskShape({ layer: name, type, mask, shape: shapeText(shape), filled });
  return [at(built, "noiseShape", words)];
}

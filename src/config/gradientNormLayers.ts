/** Finds the recurrent layers on which `training.gradientNormRegularizer` has no effect. */

import { cellTypes, containerTypes, isSimple, recurrentTypes } from "./layerKinds.ts";
import { isObject } from "./merge.ts";
import type { Problem } from "./problem.ts";
import type { JsonPath, JsonValue, LayerEntry } from "./resolved.ts";

/** A warning at each of them, including those inside wrappers. */
export function beyondGradientNorm(layers: readonly LayerEntry[]): readonly Problem[] {
  return layers.flatMap(({ type, args, path }) => warningsOf(type, args, path));
}

function warningsOf(type: string, args: { readonly [key: string]: JsonValue }, path: JsonPath): readonly Problem[] {
  const inside = [
    ...inner(args["layer"], [...path, "layer"]),
    ...inner(args["cell"], [...path, "cell"]),
    ...inner(args["cells"], [...path, "cells"]),
  ];
  if (inside.length > 0 || containerTypes.includes(type)) return inside;
  const warn = (message: string, at: JsonPath): readonly Problem[] => [
    { severity: "warning", message, path: at, on: "value" },
  ];
  if (isSimple({ type })) {
    const dropout = args["recurrentDropout"];
    if (typeof dropout !== "number" || dropout === 0) return [];
    const message =
      "training.gradientNormRegularizer has no effect on a layer with recurrent dropout, because it uses U without the dropout.";
    return warn(message, [...path, "recurrentDropout"]);
  }
  if (!recurrentTypes.includes(type) && !cellTypes.includes(type)) return [];
  const message = `training.gradientNormRegularizer has no effect on ${type}: it is defined for the single state of a simpleRNN, which passes through one activation.`;
  return warn(message, [...path, "type"]);
}

function inner(value: JsonValue | undefined, path: JsonPath): readonly Problem[] {
  if (Array.isArray(value)) return value.flatMap((item: JsonValue, i) => inner(item, [...path, i]));
  if (!isObject(value)) return [];
  const { type } = value;
  return typeof type === "string" ? warningsOf(type, value, path) : [];
}

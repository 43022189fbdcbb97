/** Whether a wrapped layer can take what its wrapper gives it: tfjs asks only the wrapper, and fails at the first step. */

import type * as tfl from "@tensorflow/tfjs-layers";
import type { Problem } from "../../config/problem.ts";
import type { ConfigPath, JsonValue, LayerEntry } from "../../config/resolved.ts";
import { wantedForm } from "./connectionProblem.ts";
import { innerLayers } from "./innerLayers.ts";
import { isObject } from "./layerArguments.ts";
import { shapeText } from "./shapeText.ts";

type Shape = readonly (number | null)[];

/**
 * @param shape of one sample of the wrapper's input.
 * @returns what is wrong with the layer inside `timeDistributed`, however deep; null: nothing
 */
export function innerProblem(
  layer: tfl.layers.Layer,
  { type, args, name, path }: LayerEntry,
  shape: Shape,
): Problem | null {
  return visit(layer, type, args, `"${name}"`, path, shape);
}

function visit(
  layer: tfl.layers.Layer,
  type: string,
  args: JsonValue,
  shown: string,
  path: ConfigPath,
  shape: Shape,
): Problem | null {
  const described = isObject(args) ? args["layer"] : undefined;
  const [inner] = innerLayers(layer);
  if (type !== "timeDistributed" || !inner || !isObject(described)) return null;
  const innerType = String(described["type"]);
  const each = shape.slice(1);
  const place = [...path, "layer"];
  const wanted = wantedAxes(inner, each.length);
  // What is flat already it leaves as it is.
  if (wanted === null || innerType === "flatten")
    return visit(inner, innerType, described, `${shown}, its layer`, place, each);
  const needs = wanted === 2 ? "a sequence: (timesteps, features)" : `${wanted} axes: ${wantedForm(wanted)}`;
  return {
    severity: "error",
    message: `${shown} (timeDistributed) gives each timestep alone to the layer in it, "${innerType}": shape ${shapeText(each)}. That layer needs ${needs}. Write it without "timeDistributed", or give each timestep more axes.`,
    path: [...place, "type"],
    on: "value",
  };
}

/** Axes of a sample that a layer asks for and does not get; null: they are as it wants them. */
function wantedAxes(layer: tfl.layers.Layer, axes: number): number | null {
  for (const spec of layer.inputSpec ?? []) {
    const { ndim, minNDim, maxNDim } = spec ?? {};
    const got = axes + 1;
    if (typeof ndim === "number" && got !== ndim) return ndim - 1;
    if (typeof minNDim === "number" && got < minNDim) return minNDim - 1;
    if (typeof maxNDim === "number" && got > maxNDim) return maxNDim - 1;
  }
  return null;
}

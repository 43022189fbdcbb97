/**
 * Checks whether a wrapped layer can take what its wrapper passes to it: tfjs asks only the wrapper, and fails in the
 * first step.
 */

import type * as tfl from "@tensorflow/tfjs-layers";
import { isObject } from "../../config/merge.ts";
import type { Problem } from "../../config/problem.ts";
import type { JsonPath, JsonValue, LayerEntry } from "../../config/resolved.ts";
import { buildingWords } from "../../messages/building.ts";
import { wantedForm } from "./connectionProblem.ts";
import { innerLayers } from "./innerLayers.ts";
import { shapeText } from "./messages.ts";

type Shape = readonly (number | null)[];

/**
 * @param shape shape of one sample of the wrapper's input.
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
  path: JsonPath,
  shape: Shape,
): Problem | null {
  const described = isObject(args) ? args["layer"] : undefined;
  const [inner] = innerLayers(layer);
  if (type !== "timeDistributed" || !inner || !isObject(described)) return null;
  const innerType = String(described["type"]);
  const each = shape.slice(1);
  const place = [...path, "layer"];
  const wanted = wantedAxes(inner, each.length);
  // flatten leaves a flat input unchanged.
  if (wanted === null || innerType === "flatten")
    return visit(inner, innerType, described, buildingWords().itsLayer(shown), place, each);
  const form = wantedForm(wanted);
  const needs = wanted === 2 ? buildingWords().sequence : buildingWords().axesOfForm({ axes: wanted, form });
  return {
    severity: "error",
    message: buildingWords().innerShape({ layer: shown, inner: innerType, shape: shapeText(each), needs }),
    path: [...place, "type"],
    on: "value",
  };
}

/** Number of axes of a sample that a layer requires but does not get; null: its input fits. */
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

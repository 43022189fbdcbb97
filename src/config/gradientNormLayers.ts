/** Finds the recurrent layers on which `training.gradientNormRegularizer` has no effect. */

import { configWords } from "../messages/config.ts";
import { has } from "./layerCatalogue.ts";
import { cellTypes, isSimple, recurrentTypes } from "./layerKinds.ts";
import { type LayerPart, partsOf } from "./layerParts.ts";
import type { Problem } from "./problem.ts";
import type { JsonPath, LayerEntry } from "./resolved.ts";

/** A warning at each of them, including those inside wrappers. */
export function beyondGradientNorm(layers: readonly LayerEntry[]): readonly Problem[] {
  return layers.flatMap(partsOf).flatMap(warningsOf);
}

function warningsOf({ type, args, path }: LayerPart): readonly Problem[] {
  if (has("contains", { type })) return [];
  const warn = (message: string, at: JsonPath): readonly Problem[] => [
    { severity: "warning", message, path: at, on: "value" },
  ];
  if (isSimple({ type })) {
    const dropout = args["recurrentDropout"];
    if (typeof dropout !== "number" || dropout === 0) return [];
    const message = configWords().dropoutUnregularized;
    return warn(message, [...path, "recurrentDropout"]);
  }
  if (!recurrentTypes.includes(type) && !cellTypes.includes(type)) return [];
  const message = configWords().notRegularized(type);
  return warn(message, [...path, "type"]);
}

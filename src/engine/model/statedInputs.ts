/** Checks what layers state about their input, which the layers before them determine. */

import type { Problem } from "../../config/problem.ts";
import { buildingWords } from "../../messages/building.ts";
import type { BuiltModel } from "./builtModel.ts";

/** Warns about an "inputDim" that is not the number of features that enter the layer: it has no effect. */
export function statedInputWarnings({ layers }: BuiltModel): Problem[] {
  return layers.flatMap(({ layer, name, type, entry, wrapper, path }): Problem[] => {
    const stated = entry.args["inputDim"];
    // An embedding's inputDim is the size of its vocabulary.
    if (wrapper !== null || type === "embedding" || typeof stated !== "number") return [];
    const [input] = [layer.input].flat();
    const features = input?.shape.at(-1);
    if (features === stated || typeof features !== "number") return [];
    const message = buildingWords().statedFeatures({ layer: name, type, features, stated });
    return [{ severity: "warning", message, path: [...path, "inputDim"], on: "value" }];
  });
}

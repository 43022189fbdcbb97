/** Checks what layers state about their input, which the layers before them determine. */

import type { Problem } from "../../config/problem.ts";
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
    const message = `"${name}" (${type}) gets ${features} ${features === 1 ? "feature" : "features"}, not ${stated}. "inputDim" has no effect: leave it out.`;
    return [{ severity: "warning", message, path: [...path, "inputDim"], on: "value" }];
  });
}

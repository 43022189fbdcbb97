/** Lets several layers of a model use the same weights. */

import type * as tfl from "@tensorflow/tfjs-layers";
import type { Problem } from "../../config/problem.ts";
import type { LayerEntry } from "../../config/resolved.ts";
import { buildingWords } from "../../messages/building.ts";
import { internal, isOn, setInternal } from "../tfjs/internals.ts";
import { withInnerLayers } from "./innerLayers.ts";
import { shapeText } from "./messages.ts";

type Layer = tfl.layers.Layer;

/** Whether a layer computes with another layer's weights. It lists none of its own then. */
export function sharesWeights(layer: Layer): boolean {
  return isOn(layer, "sharesWeights");
}

/**
 * Replaces the variables of each sharing layer by those of its source, which alone lists them: so each is counted,
 * updated and saved once, and its gradient is the sum over all uses.
 *
 * @param made the built layer of each entry.
 * @returns the first pair of layers whose weights have different shapes; null: there is none.
 */
export function shareWeights(entries: readonly LayerEntry[], made: readonly (Layer | null)[]): Problem | null {
  for (const [i, { name, shares, path }] of entries.entries()) {
    const layer = made[i];
    const source = made[entries.findIndex((each) => each.name === shares)];
    if (shares === undefined || !layer || !source) continue;
    for (const [k, weight] of layer.weights.entries()) {
      const own = source.weights[k];
      if (!own || own.shape.join() !== weight.shape.join()) {
        const message = buildingWords().cannotShare({
          layer: name,
          shares,
          weight: weight.originalName.split("/").at(-1) ?? "",
          needed: shapeText(weight.shape),
          shape: shapeText(own?.shape ?? []),
        });
        return { severity: "error", message, path, on: "value" };
      }
    }
    for (const [k, weight] of layer.weights.entries()) {
      const former = internal(weight, "val");
      setInternal(weight, "val", source.weights[k]?.read());
      if (typeof former === "object" && former !== null && "dispose" in former)
        Reflect.apply(Object(former.dispose), former, []);
    }
    for (const part of withInnerLayers(layer)) {
      setInternal(part, "_trainableWeights", []);
      setInternal(part, "_nonTrainableWeights", []);
      setInternal(part, "_losses", []);
      setInternal(part, "sharesWeights", true);
    }
  }
  return null;
}

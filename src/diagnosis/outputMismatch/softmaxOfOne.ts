/** A softmax over one unit: eᶻ / eᶻ = 1 whatever z is, and its slope is exactly 0. */

import { isRegression } from "../../config/regression.ts";
import type { LossName } from "../../config/resolved.ts";
import { outputWords } from "../../messages/outputFindings.ts";
import { present } from "../fixes/fix.ts";
import { activationFix } from "../fixes/outputFixes.ts";
import { layerSource } from "../layerSource.ts";
import { activationPlace, type Check } from "./mismatch.ts";
import { targetRange } from "./targetRange.ts";

export const softmaxOfOne: Check = ({ history, model, chain }) =>
  history.info.layers.flatMap((layer, index) => {
    if (layer.activation !== "softmax" || layer.width !== 1 || layer.recurrent !== null) return [];
    const known = chain.find((link) => link.layer === layer);
    const source = layerSource(model, layer.path, layer.type);
    const link = known ?? { top: layer, layer, index, source, merge: null };
    const isOutput = known !== undefined && chain.indexOf(known) === 0;
    return [
      {
        kind: "softmax-of-one",
        severity: isOutput ? "error" : "warning",
        layer,
        place: activationPlace(link),
        message: outputWords().softmaxOfOne(layer.name),
        explanation: outputWords().softmaxOfOneWhy,
        evidence: { units: 1 },
        fixes: present([
          activationFix(
            model,
            chain,
            link,
            isOutput && !fitsSigmoid(history.info.data, model.training.loss) ? "linear" : "sigmoid",
          ),
        ]),
      },
    ];
  });

/** Whether a sigmoid reaches the targets. */
function fitsSigmoid(data: Parameters<typeof targetRange>[0], loss: LossName): boolean {
  const range = targetRange(data);
  return range === null || !isRegression(loss) || (range.low >= 0 && range.high <= 1);
}

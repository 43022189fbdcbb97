/**
 * The output of a regression rectifies and is zero for every sample: its slope there is 0, so no gradient reaches any
 * weight. It stays at zero for ever, whatever the targets are.
 */

import { rectifies } from "../../config/activations.ts";
import { isRegression } from "../../config/regression.ts";
import type { LossName } from "../../config/resolved.ts";
import { outputWords } from "../../messages/outputFindings.ts";
import { median, tail } from "../../protocol/history/median.ts";
import { allDead } from "../deadLayer.ts";
import { present } from "../fixes/fix.ts";
import { deadOutputFix } from "../fixes/outputFixes.ts";
import type { Link } from "../outputChain.ts";
import { maker } from "../outputRange.ts";
import { activationPlace, type Check, type Context } from "./mismatch.ts";

export const deadOutput: Check = (context) => {
  const { history, model, chain, learning } = context;
  const link = deadMaker(context);
  if (!link) return [];
  const { minSteps } = history.info.diagnosis.rules["dead-units"];
  return [
    {
      kind: "dead",
      severity: learning.state === "left" ? "warning" : "error",
      layer: link.layer,
      place: activationPlace(link),
      message: outputWords().deadOutput({ name: link.layer.name, activation: link.layer.activation }),
      explanation: outputWords().deadOutputWhy(minSteps),
      evidence: { share: 1, steps: learning.steps },
      fixes: present([deadOutputFix(model, chain, link)]),
    },
  ];
};

/** The rectifying layer that makes the output of a regression, if it is dead. */
function deadMaker(context: Context): Link | undefined {
  const { history } = context;
  const link = rectifyingOutput(context.model.training.loss, context.chain);
  const series = link && history.series("activationDead", link.index);
  const { minSteps } = history.info.diagnosis.rules["dead-units"];
  if (!series || series.length < minSteps) return undefined;
  return median(tail(series, minSteps)) >= allDead ? link : undefined;
}

/** The layer that makes the output of a regression, if it rectifies. */
export function rectifyingOutput(loss: LossName | null, chain: readonly Link[]): Link | undefined {
  const index = maker(chain);
  const link = index === undefined ? undefined : chain[index];
  return link && loss !== null && isRegression(loss) && isRectified(link) ? link : undefined;
}

function isRectified({ layer }: Link): boolean {
  return layer.activation !== null && rectifies(layer.activation) && layer.recurrent === null;
}

/** An epsilon that outweighs the gradients' size, by which Adam and its kin divide, so that the updates come to nothing. */

import { optimizerDefaults } from "../../config/defaults.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { hardlyMoves, movementOf } from "../movement.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";
import { optimizerHold } from "./optimizerHold.ts";

/** From here on epsilon is no guard against a division by zero any more: values of up to 0.001 are in common use. */
const large = 0.01;

export const largeEpsilon: HoldCheck = ({ history, model, learning }) => {
  const { optimizer } = model.training;
  if (!("epsilon" in optimizer) || optimizer.epsilon < large || !hardlyMoves(history)) return undefined;
  const usual = optimizerDefaults[optimizer.type].epsilon;
  return optimizerHold(model, {
    kind: "epsilon",
    key: "epsilon",
    usual,
    title: learningWords().usualEpsilon(formatNumber(usual)),
    message: learningWords().epsilon({ epsilon: formatNumber(optimizer.epsilon), optimizer: optimizer.type }),
    explanation: learningWords().epsilonWhy({
      usual: formatNumber(usual),
      movement: formatPercent(movementOf(history)),
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({ optimizerEpsilon: optimizer.epsilon, movement: movementOf(history) }),
  });
};

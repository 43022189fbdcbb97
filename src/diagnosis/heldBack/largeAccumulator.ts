/** Sums of squares with which Adagrad begins, so large that the updates come to nothing. */

import { optimizerDefaults } from "../../config/defaults.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { hardlyMoves, movementOf } from "../movement.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";
import { optimizerHold } from "./optimizerHold.ts";

/** Squares of usual gradients take whole runs to add up to this; 0.1 to 1 is in common use. */
const large = 100;

export const largeAccumulator: HoldCheck = ({ history, model, learning }) => {
  const { optimizer } = model.training;
  if (optimizer.type !== "adagrad" || optimizer.initialAccumulator < large || !hardlyMoves(history)) return undefined;
  const usual = optimizerDefaults.adagrad.initialAccumulator;
  return optimizerHold(model, {
    kind: "accumulator",
    key: "initialAccumulator",
    usual,
    title: learningWords().usualAccumulator(formatNumber(usual)),
    message: learningWords().accumulator(formatNumber(optimizer.initialAccumulator)),
    explanation: learningWords().accumulatorWhy({
      factor: formatNumber(Math.sqrt(optimizer.initialAccumulator)),
      usual: formatNumber(usual),
      movement: formatPercent(movementOf(history)),
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({ initialAccumulator: optimizer.initialAccumulator, movement: movementOf(history) }),
  });
};

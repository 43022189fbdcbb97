/** Sums of squares with which Adagrad begins, so large that the updates come to nothing. */

import { optimizerDefaults } from "../../config/defaults.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { optimizerEdits } from "../fixes/trainingFixes.ts";
import { hardlyMoves, movementOf } from "../movement.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** Squares of usual gradients take whole runs to add up to this; 0.1 to 1 is in common use. */
const large = 100;

export const largeAccumulator: HoldCheck = ({ history, model, learning }) => {
  const { optimizer } = model.training;
  if (optimizer.type !== "adagrad" || optimizer.initialAccumulator < large || !hardlyMoves(history)) return undefined;
  const usual = optimizerDefaults.adagrad.initialAccumulator;
  return {
    kind: "accumulator",
    layer: null,
    place: [...model.trainingPath, "optimizer", "initialAccumulator"],
    message: learningWords().accumulator(formatNumber(optimizer.initialAccumulator)),
    explanation: learningWords().accumulatorWhy({
      factor: formatNumber(Math.sqrt(optimizer.initialAccumulator)),
      usual: formatNumber(usual),
      movement: formatPercent(movementOf(history)),
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({ initialAccumulator: optimizer.initialAccumulator, movement: movementOf(history) }),
    fixes: [
      {
        id: "usual-accumulator",
        title: learningWords().usualAccumulator(formatNumber(usual)),
        edits: optimizerEdits(model, { initialAccumulator: usual }),
      },
    ],
  };
};

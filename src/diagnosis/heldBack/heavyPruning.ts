/** Pruning that leaves too few weights to learn with. */

import { learningWords } from "../../messages/learningFindings.ts";
import { formatPercent } from "../../protocol/numberText.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** Zhu & Gupta (2017), table 3: recurrent nets lose a lot from here on, and little at 0.8. */
const heavy = 0.97;
const usual = 0.8;

export const heavyPruning: HoldCheck = ({ model, learning }) => {
  const { pruning } = model.training;
  if (pruning === null || pruning.sparsity < heavy) return undefined;
  const path = [...model.trainingPath, "pruning", "sparsity"];
  return {
    kind: "pruning",
    layer: null,
    place: path,
    message: learningWords().pruning(formatPercent(pruning.sparsity)),
    explanation: learningWords().pruningWhy({
      left: formatPercent(1 - pruning.sparsity),
      usual: formatPercent(usual),
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({ share: pruning.sparsity, loss: learning.loss, baselineLoss: learning.baseline }),
    fixes: [
      { id: "less-pruning", title: learningWords().lessPruning(formatPercent(usual)), edits: [{ path, value: usual }] },
    ],
  };
};

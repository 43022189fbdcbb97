/** A softmax in a regression whose targets do not sum to 1: one output can be right only at the others' expense. */

import { isRegression } from "../../config/regression.ts";
import { outputWords } from "../../messages/outputFindings.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { present } from "../fixes/fix.ts";
import { activationFix } from "../fixes/outputFixes.ts";
import { maker } from "../outputRange.ts";
import { activationPlace, type Check, unlessLearnt } from "./mismatch.ts";

/** Deviation of the mean sum from 1 that is more than rounding. */
const tolerance = 0.05;

export const sumsToOne: Check = ({ history, model, learning, chain }) => {
  const index = maker(chain);
  const link = index === undefined ? undefined : chain[index];
  const columns = history.info.data?.targets.columns ?? [];
  if (!isRegression(model.training.loss) || link?.layer.activation !== "softmax") return [];
  if (columns.length < 2 || columns.length !== link.layer.width) return [];
  const sum = columns.reduce((total, { mean }) => total + mean, 0);
  if (Math.abs(sum - 1) <= tolerance) return [];
  return [
    {
      kind: "sum",
      severity: unlessLearnt("warning", learning),
      layer: link.layer,
      place: activationPlace(link),
      message: outputWords().targetSum({ sum: formatNumber(sum), name: link.layer.name }),
      explanation: outputWords().sharesOfWhole,
      evidence: { targetSum: sum, units: columns.length },
      fixes: present([activationFix(model, chain, link, "linear")]),
    },
  ];
};

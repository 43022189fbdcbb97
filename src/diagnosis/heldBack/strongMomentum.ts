/** Momentum so strong that the weights go on where they were going, far beyond what the gradients say now. */

import { learningWords } from "../../messages/learningFindings.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";
import { optimizerHold } from "./optimizerHold.ts";

/** Sutskever et al. (2013) go up to 0.99 in long runs, with rates that are smaller accordingly. */
const strong = 0.99;
const usual = 0.9;

/** Share of the run over which single gradients go on to act. */
const lasting = 0.1;

export const strongMomentum: HoldCheck = ({ history, model, learning }) => {
  const { optimizer } = model.training;
  if (!("momentum" in optimizer) || optimizer.momentum <= strong) return undefined;
  // The sum of the geometric series: steps over which a gradient acts, and factor of the rate (Goh 2017).
  const steps = 1 / (1 - optimizer.momentum);
  if (steps < lasting * history.lastStep) return undefined;
  return optimizerHold(model, {
    kind: "momentum",
    key: "momentum",
    usual,
    title: learningWords().usualMomentum(usual),
    message: learningWords().momentum({
      momentum: formatNumber(optimizer.momentum),
      factor: formatNumber(steps),
    }),
    explanation: learningWords().momentumWhy({
      factor: formatNumber(steps),
      rate: formatNumber(optimizer.learningRate * steps),
      usual,
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({
      momentum: optimizer.momentum,
      learningRate: optimizer.learningRate,
      effectiveRate: optimizer.learningRate * steps,
    }),
  });
};

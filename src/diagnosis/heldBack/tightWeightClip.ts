/** A limit on all weights that leaves next to nothing of them. */

import { learningWords } from "../../messages/learningFindings.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { kernelLeft } from "../movement.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** Share of its initial norm below which a kernel is too small for any output. */
const little = 0.1;

export const tightWeightClip: HoldCheck = ({ history, model, learning }) => {
  const { weightClip } = model.training;
  const key = weightClip?.value !== null ? "value" : "maxNorm";
  const limit = weightClip?.[key] ?? null;
  const left = kernelLeft(history);
  if (limit === null || !(left < little)) return undefined;
  const path = [...model.trainingPath, "weightClip"];
  return {
    kind: "weight-clip",
    layer: null,
    place: [...path, key],
    message: learningWords().weightClip({ limit: formatNumber(limit), left: formatPercent(left) }),
    explanation: learningWords().weightClipWhy({ steps: learning.steps, standing: standingText(learning) }),
    evidence: evidence({ limit, kernelLeft: left, loss: learning.loss, baselineLoss: learning.baseline }),
    fixes: [{ id: "no-weight-clip", title: learningWords().noWeightClip, edits: [{ path, value: undefined }] }],
  };
};

/** A limit on the norm of weights that leaves them too small for any output. */

import { isObject } from "../../config/merge.ts";
import type { JsonPath, JsonValue } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** Norms of 3 to 4 are usual (Srivastava et al. 2014, section 5.1); the initial weights of a unit have one of about 1. */
const tight = 0.1;
const usual = 3;

const limiting = ["maxNorm", "minMaxNorm"];
const constraints = ["kernelConstraint", "recurrentConstraint", "depthwiseConstraint", "pointwiseConstraint"];

interface Limit {
  readonly layer: string;
  readonly path: JsonPath;
  readonly key: string;
  readonly norm: number;
}

export const tightConstraint: HoldCheck = ({ model, learning }) => {
  const limits = model.layers
    .flatMap(({ name, args, path }) => limitsOf(name, args, path))
    .filter(({ norm }) => norm <= tight);
  const [worst] = limits.toSorted((a, b) => a.norm - b.norm);
  if (!worst) return undefined;
  return {
    kind: "constraint",
    layer: worst.layer,
    place: worst.path,
    message: learningWords().constraint({ layer: worst.layer, constraint: worst.key, norm: formatNumber(worst.norm) }),
    explanation: learningWords().constraintWhy({ usual, steps: learning.steps, standing: standingText(learning) }),
    evidence: evidence({
      largestNorm: worst.norm,
      loss: learning.loss,
      baselineLoss: learning.baseline,
      steps: learning.steps,
    }),
    fixes: [
      {
        id: "usual-norm",
        title: learningWords().usualNorm(usual),
        edits: limits.map(({ path }) => ({ path, value: usual })),
      },
    ],
  };
};

function limitsOf(layer: string, args: { readonly [key: string]: JsonValue }, path: JsonPath): readonly Limit[] {
  return Object.entries(args).flatMap(([key, value]): readonly Limit[] => {
    if (!isObject(value)) return [];
    if (key === "layer" || key === "cell") return limitsOf(layer, value, [...path, key]);
    const { type, maxValue } = value;
    if (!constraints.includes(key) || !limiting.includes(String(type)) || typeof maxValue !== "number") return [];
    return [{ layer, key, path: [...path, key, "maxValue"], norm: maxValue }];
  });
}

/** Dropout at a rate that leaves next to nothing of a layer's output. */

import { has } from "../../config/layerCatalogue.ts";
import type { JsonPath, JsonValue } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import type { Fix } from "../../protocol/finding.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** Srivastava et al. (2014) find 0.5 good for hidden units, and rising losses from 0.8 on. */
const heavy = 0.9;
const usual = 0.5;

const rates = ["rate", "dropout", "recurrentDropout"];

interface Drop {
  readonly layer: string;
  readonly path: JsonPath;
  readonly rate: number;
}

export const heavyDropout: HoldCheck = ({ model, learning }) => {
  const drops = model.layers
    .flatMap(({ name, type, args, path }) => dropsOf(name, { type, ...args }, path))
    .filter(({ rate }) => rate >= heavy);
  const worst = drops.sort((a, b) => b.rate - a.rate)[0];
  if (!worst) return undefined;
  return {
    kind: "dropout",
    layer: worst.layer,
    place: worst.path,
    message: learningWords().dropout({ rate: formatPercent(worst.rate), layer: worst.layer }),
    explanation: learningWords().dropoutWhy({
      rate: formatPercent(1 - worst.rate),
      factor: formatNumber(1 / (1 - worst.rate)),
      usual,
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({
      rate: worst.rate,
      loss: learning.loss,
      baselineLoss: learning.baseline,
      steps: learning.steps,
    }),
    fixes: [lowered(drops, 0.2), lowered(drops, usual)],
  };
};

function dropsOf(layer: string, given: { readonly [key: string]: JsonValue }, path: JsonPath): readonly Drop[] {
  const own = rates.flatMap((key): Drop[] => {
    const rate = given[key];
    if (typeof rate !== "number" || (key === "rate" && !has("drops", { type: String(given["type"]) }))) return [];
    return [{ layer, path: [...path, key], rate }];
  });
  const inner = (["layer", "cell"] as const).flatMap((key) => {
    const value = given[key];
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? dropsOf(layer, value as { readonly [key: string]: JsonValue }, [...path, key])
      : [];
  });
  return [...own, ...inner];
}

function lowered(drops: readonly Drop[], rate: number): Fix {
  return {
    id: `dropout-${rate}`,
    title: learningWords().lowerDropout(rate),
    edits: drops.map(({ path }) => ({ path, value: rate })),
  };
}

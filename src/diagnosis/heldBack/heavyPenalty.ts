/** Regularization that outweighs the data: the weights shrink, and with them what they could learn. */

import { isObject } from "../../config/merge.ts";
import type { JsonPath, JsonValue } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import type { Fix } from "../../protocol/finding.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { kernelLeft } from "../movement.ts";
import { standingText } from "../reasonToWorry.ts";
import { evidence } from "../rule.ts";
import type { HoldCheck } from "./hold.ts";

/** A usual factor: Krizhevsky et al. (2012) take 0.0005. */
const usual = 1e-4;

/** Factors below this are no cause on their own. */
const least = 1e-3;

/** Share of their initial norm below which the kernels count as shrunk. */
const shrunk = 0.5;

interface Regularizer {
  readonly layer: string;
  readonly path: JsonPath;
  readonly written: JsonValue;
  /** The largest of its factors. */
  readonly factor: number;
}

export const heavyPenalty: HoldCheck = ({ history, model, learning }) => {
  const penalty = history.series("penalty")?.[0];
  const loss = history.series("loss")?.[0];
  if (penalty === undefined || loss === undefined || !(penalty > loss)) return undefined;
  const regularizers = model.layers
    .flatMap(({ name, args, path }) => regularizersOf(name, args, path))
    .filter(({ factor }) => factor >= least)
    .sort((a, b) => b.factor - a.factor);
  const [worst] = regularizers;
  const left = kernelLeft(history);
  if (!worst || !(left < shrunk)) return undefined;
  const now = history.latest("penalty") ?? Number.NaN;
  return {
    kind: "penalty",
    layer: worst.layer,
    place: worst.path,
    message: learningWords().penalty({ penalty: formatNumber(penalty), times: formatNumber(penalty / loss) }),
    explanation: learningWords().penaltyWhy({
      layer: worst.layer,
      more: regularizers.length > 1 ? learningWords().andMore(regularizers.length - 1) : "",
      factor: formatNumber(worst.factor),
      usual,
      now: formatNumber(now),
      left: formatNumber(left),
      steps: learning.steps,
      standing: standingText(learning),
    }),
    evidence: evidence({
      penalty,
      firstLoss: loss,
      times: penalty / loss,
      penaltyNow: now,
      factor: worst.factor,
      kernelLeft: left,
      baselineLoss: learning.baseline,
    }),
    fixes: [
      {
        id: "lower-penalty",
        title: learningWords().lowerPenalty(usual),
        edits: regularizers.map(({ path, written }) => ({ path, value: lowered(written) })),
      },
      {
        id: "no-penalty",
        title: learningWords().noPenalty,
        edits: regularizers.map(({ path }) => ({ path, value: undefined })),
      },
    ] satisfies readonly Fix[],
  };
};

function regularizersOf(
  layer: string,
  args: { readonly [key: string]: JsonValue },
  path: JsonPath,
): readonly Regularizer[] {
  return Object.entries(args).flatMap(([key, written]): readonly Regularizer[] => {
    if (key === "layer" || key === "cell")
      return isObject(written) ? regularizersOf(layer, written, [...path, key]) : [];
    if (!key.endsWith("Regularizer")) return [];
    return [{ layer, path: [...path, key], written, factor: Math.max(...factorsOf(written).map(([, v]) => v)) }];
  });
}

/** A regularizer's factors by name; an omitted one is 0.01, as in tfjs and Keras. */
function factorsOf(written: JsonValue): readonly (readonly ["l1" | "l2", number])[] {
  const type = isObject(written) ? written["type"] : written;
  return (["l1", "l2"] as const).flatMap((name) => {
    if (type !== name && type !== "l1l2") return [];
    const value = isObject(written) ? written[name] : undefined;
    return [[name, typeof value === "number" ? value : 0.01] as const];
  });
}

function lowered(written: JsonValue): JsonValue {
  const type = isObject(written) ? written["type"] : written;
  return {
    type: type ?? "l2",
    ...Object.fromEntries(factorsOf(written).map(([name, v]) => [name, Math.min(v, usual)])),
  };
}

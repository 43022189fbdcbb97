/** An activation applied to an activation: the range that remains. */

import { givesShares, image } from "../../config/activations.ts";
import { isRegression } from "../../config/regression.ts";
import { outputWords } from "../../messages/outputFindings.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { present } from "../fixes/fix.ts";
import { activationFix } from "../fixes/outputFixes.ts";
import { isFunction, keepsValues, maker, rangeOf } from "../outputRange.ts";
import { activationPlace, type Check } from "./mismatch.ts";
import { rangeText } from "./outOfReach.ts";

/** A probability that cannot come closer to 0 and 1 than this cannot answer. */
const certain = 0.05;

/** For classifications only; the check of the targets covers regressions. */
export const squashedTwice: Check = ({ model, chain }) => {
  const { loss } = model.training;
  const first = maker(chain);
  const outer = first === undefined ? undefined : chain[first];
  if (isRegression(loss) || first === undefined || !outer) return [];
  const implicit = model.training.fromLogits;
  const inner = implicit ? first : isFunction(outer) ? nextMaker(first) : undefined;
  const before = inner === undefined ? undefined : chain[inner];
  const range = inner === undefined ? null : rangeOf(chain, inner);
  const squash = implicit ? (loss === "binaryCrossentropy" ? "sigmoid" : "softmax") : outer.layer.activation;
  if (!before || !range || squash === null || !givesShares(squash)) return [];
  const left = image(squash, range, chain[0]?.top.width ?? null);
  if (left.low <= certain && left.high >= 1 - certain) return [];
  const { layer } = before;
  return [
    {
      kind: "squashed-twice",
      // A warning even if the net learns: it cannot get below the loss of that certainty.
      severity: "warning",
      layer,
      place: activationPlace(before),
      message: outputWords().canOnlyBe({
        squashed:
          squash === layer.activation
            ? outputWords().twice(squash)
            : outputWords().ofWhatGives({ squash, name: layer.name, activation: layer.activation }),
        range: rangeText(left),
      }),
      explanation: outputWords().squashedTwiceWhy({
        name: layer.name,
        range: rangeText(range),
        squash,
        low: formatNumber(Number(left.low.toPrecision(3))),
        high: formatNumber(Number(left.high.toPrecision(3))),
      }),
      evidence: { lowestProbability: left.low, highestProbability: left.high },
      fixes: present([activationFix(model, chain, before, "linear")]),
    },
  ];

  function nextMaker(from: number): number | undefined {
    const next = chain.findIndex((link, i) => i > from && !keepsValues(link));
    return next < 0 ? undefined : next;
  }
};

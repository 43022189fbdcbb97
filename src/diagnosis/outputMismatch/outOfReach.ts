/**
 * A bounded or rectifying output compared with the range of the targets of a regression.
 *
 * The damage is the least loss that the output can have, compared with that of the best constant answer. An *error* if
 * most targets lie outside, or if no answer within the range is better than a constant one. A *warning* from a
 * hundredth on, or if one target in twenty is out of reach. A few outliers, or targets that are hardly out of reach,
 * are ignored.
 */

import type { Range } from "../../config/activations.ts";
import { isRegression } from "../../config/regression.ts";
import { outputWords } from "../../messages/outputFindings.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { linearOutputFixes } from "../fixes/outputFixes.ts";
import { maker, rangeOf } from "../outputRange.ts";
import { activationPlace, type Check, unlessLearnt } from "./mismatch.ts";
import { targetRange, unreached } from "./targetRange.ts";

/** Shares of the targets, and of the baseline loss, below which nothing is reported. */
const least = 0.01;

/** Share of the targets that is reported even if little is lost by it, from this share of the baseline on. */
const many = 0.05;
const hardly = 1e-3;

const most = 0.5;

export const outOfReach: Check = ({ history, model, output, learning, chain }) => {
  const { data, baselineLoss } = history.info;
  const { loss } = model.training;
  const index = maker(chain);
  const link = index === undefined ? undefined : chain[index];
  const given = index === undefined ? null : rangeOf(chain, index);
  const targets = targetRange(data);
  if (!isRegression(loss) || !link || !given || !targets) return [];
  const outside = unreached(data, given, loss);
  if (!outside) return [];
  const lost = baselineLoss === null ? Number.POSITIVE_INFINITY : outside.leastLoss / baselineLoss;
  if (outside.share < least || !(lost >= (outside.share >= many ? hardly : least))) return [];
  const never = outside.share > most || lost >= 1;
  const activation = link.layer.activation ?? "";
  return [
    {
      kind: "range",
      severity: unlessLearnt(never ? "error" : "warning", learning),
      layer: link.layer,
      place: activationPlace(link),
      message: outputWords().outOfReach({
        low: formatNumber(targets.low),
        high: formatNumber(targets.high),
        name: link.layer.name,
        activation,
        range: rangeText(given),
      }),
      explanation: outputWords().outOfReachWhy({
        share: formatPercent(outside.share),
        leastLoss: formatNumber(outside.leastLoss),
        constant: baselineLoss === null ? "" : outputWords().constantLoss(formatNumber(baselineLoss)),
      }),
      evidence: {
        share: outside.share,
        leastLoss: outside.leastLoss,
        ...(baselineLoss === null ? {} : { baselineLoss }),
        lowestTarget: targets.low,
        highestTarget: targets.high,
        lowestOutput: given.low,
        highestOutput: given.high,
      },
      fixes: linearOutputFixes(model, chain, link, given, targets, output?.name ?? null),
    },
  ];
};

/** `0 to 1`, `no less than 0`. */
export function rangeText({ low, high }: Range): string {
  const from = formatNumber(Number(low.toPrecision(3)));
  const to = formatNumber(Number(high.toPrecision(3)));
  if (!Number.isFinite(high)) return outputWords().notBelow(from);
  return Number.isFinite(low) ? outputWords().fromTo({ from, to }) : outputWords().notAbove(to);
}

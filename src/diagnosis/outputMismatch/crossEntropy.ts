/**
 * A cross-entropy takes probabilities (or logits, with `fromLogits`). For any other input it takes the logarithm of a
 * value that may be negative and is cut off at 10⁻⁷, where it passes no gradient.
 */

import { isSigmoid, type Range } from "../../config/activations.ts";
import { isRegression } from "../../config/regression.ts";
import type { LossName } from "../../config/resolved.ts";
import { listWords } from "../../messages/lists.ts";
import { outputWords } from "../../messages/outputFindings.ts";
import { present } from "../fixes/fix.ts";
import { activationFix, logitsFix, lossFix, withoutLogitsFix } from "../fixes/outputFixes.ts";
import type { Link } from "../outputChain.ts";
import { maker, rangeOf } from "../outputRange.ts";
import { activationPlace, type Check, type Context, type Mismatch } from "./mismatch.ts";

export const crossEntropy: Check = (context) => {
  const { model, chain } = context;
  const { loss } = model.training;
  const index = maker(chain);
  const link = index === undefined ? undefined : chain[index];
  const range = index === undefined ? null : rangeOf(chain, index);
  if (isRegression(loss) || !link || !range) return [];
  if (model.training.fromLogits) return squashes(link) ? [probabilitiesAsLogits(context, link)] : [];
  if (loss === "binaryCrossentropy") return binary(context, link, range);
  return categorical(context, link, range);
};

function squashes({ layer }: Link): boolean {
  return isSigmoid(layer.activation ?? undefined) || layer.activation === "softmax";
}

function within({ low, high }: Range): boolean {
  return low >= 0 && high <= 1;
}

function binary(context: Context, link: Link, range: Range): readonly Mismatch[] {
  const { activation, width } = link.layer;
  if (!within(range)) return [noProbabilities(context, link, range, "sigmoid")];
  if (activation !== "softmax" || (width ?? 1) < 2) return [];
  return [exclusiveYesOrNo(context, link, width ?? 2)];
}

function categorical(context: Context, link: Link, range: Range): readonly Mismatch[] {
  const { activation } = link.layer;
  if (activation === "softmax" || (within(range) && !isSigmoid(activation ?? undefined))) return [];
  if (!within(range)) return [noProbabilities(context, link, range, "softmax")];
  return [eachByItself(context, link)];
}

function noProbabilities(
  { model, output, chain }: Context,
  link: Link,
  range: Range,
  activation: "sigmoid" | "softmax",
): Mismatch {
  const { layer } = link;
  const { loss } = model.training;
  const what = layer.activation === null || layer.activation === "linear" ? "linear" : layer.activation;
  return {
    kind: "no-probabilities",
    severity: "warning",
    layer,
    place: activationPlace(link),
    message: outputWords().notProbabilities({ loss, name: layer.name, what }),
    explanation: outputWords().notProbabilitiesWhy({
      isSoftmax: activation === "softmax",
      name: layer.name,
      outside: outsideText(range),
      activation,
    }),
    evidence: { lowestOutput: range.low, highestOutput: range.high },
    fixes: present([
      activationFix(model, chain, link, activation),
      what === "linear" ? logitsFix(model, output) : undefined,
    ]),
  };
}

function outsideText({ low, high }: Range): string {
  const sides = [low < 0 ? outputWords().below0 : null, high > 1 ? outputWords().above1 : null];
  return listWords().and(sides.filter((s) => s !== null));
}

/** Sigmoids judge each class by itself; a categorical loss expects one distribution over the classes. */
function eachByItself({ model, output, chain }: Context, link: Link): Mismatch {
  const { layer } = link;
  const { loss } = model.training;
  return {
    kind: "no-distribution",
    severity: "warning",
    layer,
    place: activationPlace(link),
    message: outputWords().classByClass({ loss, name: layer.name, activation: layer.activation }),
    explanation: outputWords().classByClassWhy,
    evidence: {},
    fixes: present([
      activationFix(model, chain, link, "softmax"),
      loss === "categoricalCrossentropy" ? lossFix(model, output, "binaryCrossentropy") : undefined,
    ]),
  };
}

/** Two softmax units under a binary loss learn the same as one sigmoid: legal, but odd. */
function exclusiveYesOrNo({ model, output, history, chain }: Context, link: Link, width: number): Mismatch {
  const { layer } = link;
  const columns = history.info.data?.targets.columns ?? [];
  const sum = columns.length === width ? columns.reduce((s, { mean }) => s + mean, 0) : 1;
  const several = Math.abs(sum - 1) > 0.05;
  return {
    kind: "binary-softmax",
    severity: several ? "warning" : "information",
    layer,
    place: several ? activationPlace(link) : [...model.trainingPath, "loss"],
    message: several
      ? outputWords().targetSum({ sum: sum.toPrecision(2), name: layer.name })
      : outputWords().tiedTogether({ width, name: layer.name }),
    explanation: several ? outputWords().tiedTogetherWhy : outputWords().tiedSmall,
    evidence: { units: width, ...(columns.length === width ? { targetSum: sum } : {}) },
    fixes: present([
      several ? activationFix(model, chain, link, "sigmoid") : lossFix(model, output, "categoricalCrossentropy"),
    ]),
  };
}

function probabilitiesAsLogits({ model, output, chain }: Context, link: Link): Mismatch {
  const { layer } = link;
  const loss: LossName = model.training.loss;
  return {
    kind: "logits",
    severity: "warning",
    layer,
    place: activationPlace(link),
    message: outputWords().notLogits({ loss, name: layer.name, activation: layer.activation }),
    explanation: outputWords().notLogitsWhy,
    evidence: {},
    fixes: present([activationFix(model, chain, link, "linear"), withoutLogitsFix(model, output)]),
  };
}

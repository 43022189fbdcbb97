/**
 * `data-scale`: inputs or targets are far from unit scale, and the run goes badly in a way that this causes.
 *
 * It needs the findings of the other rules: the same data may be learnt well, and then nothing is reported.
 */

import { rangeOfActivation } from "../../config/activations.ts";
import { optimizerDefaults } from "../../config/defaults.ts";
import type { JsonPath, ResolvedModel } from "../../config/resolved.ts";
import type { Finding, FindingCode } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { troubleOf } from "../dataScale/symptoms.ts";
import { areBytes, scaleFixes } from "../fixes/scaleFixes.ts";
import { extremeOf, type OffScale, offScales, sizeOf } from "../offScale.ts";
import { evidence, findingId } from "../rule.ts";
import { outlierShare, spreadText } from "../text/dataText.ts";

/** @param symptoms findings of the other rules */
export function dataScale(history: RunHistory, model: ResolvedModel, symptoms: readonly Finding[]): readonly Finding[] {
  const { data, diagnosis } = history.info;
  const { kind } = model.data;
  if (!diagnosis.rules["data-scale"].enabled || !data || (kind !== "table" && kind !== "arrays")) return [];
  const off = offScales(data, model.training.loss);
  if (off.length === 0) return [];
  const trouble = troubleOf(history, model, off, symptoms);
  if (!trouble) return [];
  const first = graverReason(model, symptoms);
  return [
    {
      id: findingId("data-scale", model.name, null),
      code: "data-scale",
      severity: first === null ? trouble.severity : "information",
      model: model.name,
      layer: null,
      weight: null,
      place: placeOf(model, off[0]!),
      timesteps: null,
      step: 1,
      message: `${off.map(messagePart).join(" and ")}: scale them`,
      explanation: [...off.map(effectText), trouble.because, first ?? ""].filter((text) => text !== "").join(" "),
      evidence: evidence(
        Object.fromEntries(
          off.flatMap(({ side, worst, off: columns }) => [
            [`${side}Mean`, worst.mean],
            [`${side}Deviation`, worst.deviation],
            [`${side}Min`, worst.min],
            [`${side}Max`, worst.max],
            [`${side}Columns`, columns],
            ...(worst.outliers > 0 ? [[`${side}Outliers`, worst.outliers]] : []),
          ]),
        ),
      ),
      fixes: scaleFixes(
        model,
        off.map(({ side }) => side),
        {
          bytes: kind === "arrays" && data.reading?.scale === 1 && areBytes(data.inputs.overall),
          bounded: isBounded(history),
        },
      ),
    },
  ];
}

/** Causes that scaling the data does not remove. */
const graver: readonly FindingCode[] = ["output-mismatch", "symmetric-units"];
/** Effects of initial weights; later, large updates may have blown up the weights. */
const ofInitialWeights: readonly FindingCode[] = ["exploding-through-time", "exploding-through-depth"];
/** Multiple of the optimizer's usual learning rate at which even data of unit scale fail. */
const wildRate = 100;

function graverReason(model: ResolvedModel, symptoms: readonly Finding[]): string | null {
  const grave = symptoms.filter((f) => f.severity !== "information");
  const found =
    grave.find((f) => graver.includes(f.code)) ?? grave.find((f) => ofInitialWeights.includes(f.code) && f.step <= 1);
  if (found) return `This is not the main cause: fix ${found.code} first.`;
  const { type, learningRate } = model.training.optimizer;
  const usual = optimizerDefaults[type].learningRate;
  if (learningRate < wildRate * usual) return null;
  return `The learning rate, ${formatNumber(learningRate)}, is ${formatNumber(learningRate / usual)} times the usual one: fix that first.`;
}

/** The column, or the file of an array. */
function placeOf({ data, dataPath }: ResolvedModel, { side, column }: OffScale): JsonPath {
  if (data.kind === "arrays") return [...dataPath, side, "file"];
  return column === null ? [...dataPath, side] : [...dataPath, side, column];
}

function messagePart(off: OffScale): string {
  const { side, kind, worst, off: several, columns, column } = off;
  const subject =
    column === null || columns === 1
      ? side
      : `${several} of ${columns} columns of the ${side}${worst.name === null ? "" : ` ("${worst.name}"${several > 1 ? " the most" : ""})`}`;
  if (kind === "small")
    return `${subject} vary by no more than ${formatNumber(worst.deviation)} (mean ${formatNumber(worst.mean)})`;
  const reach = `${several === 1 && column !== null && columns > 1 ? "reaches" : "reach"} ${formatNumber(extremeOf(worst))}`;
  const few = kind === "outliers" ? `; outliers: ${outlierShare(worst.outliers)}` : "";
  return `${subject} ${reach} (${spreadText(worst)}${few})`;
}

/** Why the scale matters. */
function effectText({ side, kind, worst }: OffScale): string {
  const size = formatNumber(sizeOf(worst));
  if (kind === "outliers")
    return `A few values of the ${side} lie far from the others, and each causes an update of its own size. Check whether they are mistakes; scaling leaves them just as far from the others.`;
  if (kind === "small")
    return side === "inputs"
      ? "The differences between samples are lost beside the biases: the weights would have to be as large as the inputs are small."
      : "The differences between samples are lost beside the outputs of a net with random weights; errors and gradients are as small as the targets.";
  return side === "inputs"
    ? `Initial weights and learning rates are made for inputs of mean 0 and deviation 1. Inputs of size ${size} make the inputs of activations as large, and multiply the curvature of the loss by ${formatNumber(sizeOf(worst) ** 2)}: the largest stable rate is as many times smaller.`
    : `Errors and gradients are as large as the targets, of size ${size}, until the output has grown to match them.`;
}

/** Whether the output is bounded or cannot be negative. */
function isBounded({ info }: RunHistory): boolean {
  const activation = info.layers.at(-1)?.activation ?? "linear";
  const { low, high } = rangeOfActivation(activation);
  return low >= 0 || (Number.isFinite(low) && Number.isFinite(high));
}

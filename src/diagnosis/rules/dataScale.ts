/**
 * `data-scale`: inputs or targets are far from unit scale, and the run goes badly in a way that this causes.
 *
 * It needs the findings of the other rules: the same data may be learnt well, and then nothing is reported.
 */

import { rangeOfActivation } from "../../config/activations.ts";
import { optimizerDefaults } from "../../config/defaults.ts";
import type { JsonPath, ResolvedModel } from "../../config/resolved.ts";
import { learningWords } from "../../messages/learningFindings.ts";
import { listWords } from "../../messages/lists.ts";
import type { Finding, FindingCode, Fix } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import { troubleOf } from "../dataScale/symptoms.ts";
import { areBytes, scaleFixes } from "../fixes/scaleFixes.ts";
import { extremeOf, type OffScale, offScales, sizeOf } from "../offScale.ts";
import { evidence, findingId } from "../rule.ts";
import { outlierShare, spreadText } from "../text/dataText.ts";

/** @param symptoms findings of the other rules */
export function dataScale(history: RunHistory, model: ResolvedModel, symptoms: readonly Finding[]): readonly Finding[] {
  if (!history.info.diagnosis.rules["data-scale"].enabled) return [];
  const off = offScaleOf(history, model);
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
      message: learningWords().scaleThem(listWords().and(off.slice(0, mostTold).map(messagePart))),
      explanation: [...new Set(off.slice(0, mostTold).map(effectText)), trouble.because, first ?? ""]
        .filter((text) => text !== "")
        .join(" "),
      evidence: evidence(
        Object.fromEntries(
          firstOfEachSide(off).flatMap(({ side, worst, off: columns }) => [
            [`${side}Mean`, worst.mean],
            [`${side}Deviation`, worst.deviation],
            [`${side}Min`, worst.min],
            [`${side}Max`, worst.max],
            [`${side}Columns`, columns],
            ...(worst.outliers > 0 ? [[`${side}Outliers`, worst.outliers]] : []),
          ]),
        ),
      ),
      fixes: fixesOfScale(history, model),
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
  if (found) return learningWords().notMainCause(found.code);
  const { type, learningRate } = model.training.optimizer;
  const usual = optimizerDefaults[type].learningRate;
  if (learningRate < wildRate * usual) return null;
  return learningWords().wildRate({
    learningRate: formatNumber(learningRate),
    times: formatNumber(learningRate / usual),
  });
}

/** The sides of data from files that are far from unit scale. */
function offScaleOf({ info: { data } }: RunHistory, model: ResolvedModel): readonly OffScale[] {
  return data && isFromFiles(model.data.kind) ? offScales(data, model.training.loss) : [];
}

/** Fixes that bring the data to unit scale, whether or not the run goes badly; none if they are there. */
export function fixesOfScale(history: RunHistory, model: ResolvedModel): readonly Fix[] {
  const { data, diagnosis } = history.info;
  if (!diagnosis.rules["data-scale"].enabled) return [];
  const off = offScaleOf(history, model);
  if (!data || off.length === 0) return [];
  return scaleFixes(model, off, {
    bytes: model.data.kind === "arrays" && data.reading?.scale === 1 && areBytes(data.inputs.overall),
    bounded: (output) => isBounded(history, output),
  });
}

/** Most arrays that are told one by one. */
const mostTold = 4;

function isFromFiles(kind: ResolvedModel["data"]["kind"]): boolean {
  return kind === "table" || kind === "arrays" || kind === "namedArrays";
}

function firstOfEachSide(off: readonly OffScale[]): readonly OffScale[] {
  return off.filter(({ side }, i) => off.findIndex((other) => other.side === side) === i);
}

/** The column, or the file of an array. */
function placeOf({ data, dataPath }: ResolvedModel, { side, array, column }: OffScale): JsonPath {
  if (data.kind === "namedArrays" && array !== null) return [...dataPath, side, array, "file"];
  if (data.kind === "arrays" || data.kind === "namedArrays") return [...dataPath, side, "file"];
  return column === null ? [...dataPath, side] : [...dataPath, side, column];
}

function messagePart(off: OffScale): string {
  const { side, array, kind, worst, off: several, columns, column } = off;
  const subject =
    column === null || columns === 1
      ? learningWords().side(side, array)
      : learningWords().columnsOf({
          several,
          columns,
          side,
          array,
          name: worst.name === null ? "" : ` ("${worst.name}"${several > 1 ? learningWords().theMost : ""})`,
        });
  if (kind === "small")
    return learningWords().varyLittle({
      subject,
      deviation: formatNumber(worst.deviation),
      mean: formatNumber(worst.mean),
    });
  const few = kind === "outliers" ? learningWords().outliers(outlierShare(worst.outliers)) : "";
  return learningWords().reaches({
    subject,
    one: several === 1 && column !== null && columns > 1,
    extreme: formatNumber(extremeOf(worst)),
    spread: spreadText(worst),
    few,
  });
}

/** Why the scale matters. */
function effectText({ side, kind, worst }: OffScale): string {
  const size = formatNumber(sizeOf(worst));
  if (kind === "outliers") return learningWords().outliersWhy(side);
  if (kind === "small") return side === "inputs" ? learningWords().smallInputs : learningWords().smallTargets;
  return side === "inputs"
    ? learningWords().largeInputs({ size, curvature: formatNumber(sizeOf(worst) ** 2) })
    : learningWords().largeTargets(size);
}

/** Whether an output is bounded or cannot be negative. @param name null: the only output */
function isBounded({ info: { layers } }: RunHistory, name: string | null): boolean {
  const layer = name === null ? layers.at(-1) : layers.find((each) => each.name === name);
  const activation = layer?.activation ?? "linear";
  const { low, high } = rangeOfActivation(activation);
  return low >= 0 || (Number.isFinite(low) && Number.isFinite(high));
}

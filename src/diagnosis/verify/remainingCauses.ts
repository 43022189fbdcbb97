/**
 * Other possible causes for a net that no fix of a finding helps: first by what is known about it, else by what is
 * usual.
 */

import { anything, rangeOfActivation } from "../../config/activations.ts";
import type { Side } from "../../config/scaling.ts";
import { listWords } from "../../messages/lists.ts";
import { verificationWords } from "../../messages/verification.ts";
import type { ColumnFacts, DataFacts } from "../../protocol/dataFacts.ts";
import { type Finding, type FindingCode, severities } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { maxCauses } from "../../protocol/verification.ts";
import { rescaled, unchanged } from "../offScale.ts";

/** Distance from unit scale above which a net usually trains badly: ten times too large or too small, or off centre. */
const farFromUnit = 10;

/** Share of all timesteps above which padding weighs. */
const muchPadding = 0.1;

/**
 * @param finding the finding whose fixes were tried.
 * @param found all findings of the present model.
 * @returns one line each, the likeliest first.
 */
export function remainingCauses(finding: Finding, found: readonly Finding[], history: RunHistory): readonly string[] {
  const others = found
    .filter(
      ({ code, layer, severity }) => severity !== "information" && (code !== finding.code || layer !== finding.layer),
    )
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  // What is information here may be so because of the finding whose fixes did not help.
  const told = new Set<FindingCode>([finding.code, ...others.map(({ code }) => code)]);
  const findings = others.map(({ code, message, layer }) =>
    listWords().named({ name: `${code}${layer === null ? "" : verificationWords().ofLayer(layer)}`, text: message }),
  );
  const facts = [
    ...dataCauses(history, told),
    ...outputCauses(history, told),
    ...batchCauses(history, told),
    ...trainingCauses(history, told),
  ];
  return [...findings, ...facts].slice(0, maxCauses);
}

function dataCauses({ info: { data, layers } }: RunHistory, told: ReadonlySet<FindingCode>): readonly string[] {
  const causes: string[] = [];
  if (!told.has("data-scale")) {
    if (data === null) causes.push(verificationWords().causeDataScale);
    else
      for (const [part, seen] of partsWithScale(data))
        if (unscaled(seen))
          causes.push(
            verificationWords().causeScaleOf({
              part,
              min: formatNumber(seen.min),
              max: formatNumber(seen.max),
              deviation: formatNumber(seen.deviation),
            }),
          );
  }
  const padding = data?.padding;
  if (!told.has("padding") && padding && !padding.masked && padding.share > muchPadding)
    causes.push(verificationWords().causePadding(formatPercent(padding.share)));
  if (data === null && !told.has("padding") && layers.some(({ recurrent }) => recurrent !== null))
    causes.push(verificationWords().causeUnmasked);
  return causes;
}

/** Inputs and targets as the net gets them. Indices that an embedding looks up have no scale, and neither have classes. */
function partsWithScale({ inputs, targets, reading = unchanged, classes }: DataFacts): readonly [Side, ColumnFacts][] {
  return [
    ...(reading.as === "values" ? [["inputs", rescaled(inputs.overall, reading)] as [Side, ColumnFacts]] : []),
    ...(classes === null ? [["targets", targets.overall] as [Side, ColumnFacts]] : []),
  ];
}

/** Constant columns have no scale. */
function unscaled({ mean, deviation, min, max }: ColumnFacts): boolean {
  const largest = Math.max(Math.abs(min), Math.abs(max));
  if (!(largest > 0) || min === max) return false;
  return largest > farFromUnit || deviation < 1 / farFromUnit / farFromUnit || Math.abs(mean) > farFromUnit * deviation;
}

function outputCauses({ info: { data, layers } }: RunHistory, told: ReadonlySet<FindingCode>): readonly string[] {
  if (told.has("output-mismatch")) return [];
  const activation = layers.at(-1)?.activation ?? null;
  const range = activation === null ? anything : rangeOfActivation(activation);
  if (data === null || data.classes !== null) return [verificationWords().causeOutput];
  const { min, max } = data.targets.overall;
  if (min < range.low || max > range.high)
    return [
      verificationWords().causeRange({
        activation,
        low: formatNumber(range.low),
        high: formatNumber(range.high),
        min: formatNumber(min),
        max: formatNumber(max),
      }),
    ];
  return [];
}

function batchCauses({ info: { batchSize, layers } }: RunHistory, told: ReadonlySet<FindingCode>): readonly string[] {
  const layer = layers.find(({ type }) => type === "batchNormalization");
  if (batchSize !== 1 || !layer || told.has("held-back")) return [];
  return [verificationWords().causeLoneBatch(layer.name)];
}

/** Share of the baseline loss below which a quick model has found something. */
const little = 0.95;

function trainingCauses({ info: { data } }: RunHistory, told: ReadonlySet<FindingCode>): readonly string[] {
  const causes: string[] = [];
  if (!told.has("update-ratio") && !told.has("loss-diverging")) causes.push(verificationWords().causeRate);
  const achievable = data?.lag?.achievable ?? null;
  if (!told.has("nothing-to-learn") && (achievable === null || achievable >= little))
    causes.push(verificationWords().causeNothing);
  return causes;
}

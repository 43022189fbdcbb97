/** Facts about data, in words. */

import type { LossName } from "../../config/resolved.ts";
import { dataWords } from "../../messages/dataTexts.ts";
import { listWords } from "../../messages/lists.ts";
import type { ColumnFacts, DataFacts, PartFacts } from "../../protocol/dataFacts.ts";
import { formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { type OffScale, offScales } from "../offScale.ts";

/** `mean 120, deviation 69.3`. */
export function spreadText({ mean, deviation }: ColumnFacts): string {
  return dataWords().spread({ mean: formatNumber(mean), deviation: formatNumber(deviation) });
}

/** One line for the inputs, one for the targets, and one for each remarkable fact. */
export function dataLines(facts: DataFacts, loss: LossName): readonly string[] {
  const { samples, inputs, targets, classes, padding, reading } = facts;
  const indices = reading?.as === "indices";
  if (facts.arrays) return arrayLines(facts.samples, facts.arrays, offScales(facts, loss));
  const lines = [
    dataWords().samples({
      samples,
      indices,
      range: rangeText(inputs.overall),
      spread: indices ? "" : `${dataWords().comma}${spreadText(inputs.overall)}`,
    }),
    classes === null
      ? dataWords().targets({ range: rangeText(targets.overall), spread: spreadText(targets.overall) })
      : dataWords().classTargets(classesText(classes)),
  ];
  if (reading?.as === "normalized") lines.push(dataWords().normalized);
  if (reading && (reading.scale !== 1 || reading.offset !== 0))
    lines.push(dataWords().rescaled(rescaledText(inputs.overall, reading)));
  const off = offScales(facts, loss);
  if (off.length > 0) lines.push(offScaleLine(off));
  if (!indices) lines.push(...remarks("input", inputs));
  if (classes === null) lines.push(...remarks("target", targets));
  if (padding) {
    lines.push(
      dataWords().padding({
        share: formatPercent(padding.share),
        at: padding.at,
        masked: padding.masked,
        longest: padding.longest,
      }),
    );
  }
  return lines;
}

/** One line for each array, and one for the remarkable ones. */
function arrayLines(
  samples: number,
  { inputs, targets }: NonNullable<DataFacts["arrays"]>,
  off: readonly OffScale[],
): readonly string[] {
  const plain = ({ overall }: PartFacts) => `${rangeText(overall)}${dataWords().comma}${spreadText(overall)}`;
  const lines = [
    dataWords().onlySamples(samples),
    ...inputs.map(({ name, reading, facts: { overall } }) => {
      const indices = reading.as === "indices";
      const spread = indices ? "" : `${dataWords().comma}${spreadText(overall)}`;
      return dataWords().inputArray({ name, indices, range: rangeText(overall), spread });
    }),
    ...targets.map(({ name, facts, classes }) =>
      dataWords().targetArray({ name: name ?? "", text: classes ? classesText(classes) : plain(facts) }),
    ),
  ];
  return off.length > 0 ? [...lines, offScaleLine(off)] : lines;
}

function offScaleLine(off: readonly OffScale[]): string {
  const named = off.map(({ side, array }) => `${dataWords().side(side)}${array === null ? "" : ` "${array}"`}`);
  return dataWords().offScale(listWords().and(named));
}

function rangeText({ min, max }: ColumnFacts): string {
  return dataWords().fromTo({ min: formatNumber(min), max: formatNumber(max) });
}

function rescaledText({ min, max }: ColumnFacts, { scale, offset }: { scale: number; offset: number }): string {
  const [a, b] = [scale * min + offset, scale * max + offset];
  return dataWords().to({ low: formatNumber(Math.min(a, b)), high: formatNumber(Math.max(a, b)) });
}

/** Most classes that are named one by one. */
const named = 6;

function classesText(classes: readonly number[]): string {
  const shown = classes.slice(0, named).join(dataWords().comma);
  return dataWords().classes({ n: classes.length, shown, more: classes.length > named });
}

/** Most columns that are named one by one. */
const listed = 5;

function remarks(noun: string, { columns }: PartFacts): string[] {
  const where = (holds: (column: ColumnFacts) => boolean) =>
    columns.flatMap((column, i) => (holds(column) ? [columnName(columns, i)] : []));
  const lines: string[] = [];
  const constant = where((c) => c.deviation === 0);
  if (constant.length > 0) lines.push(dataWords().constant({ noun, columns: columnsText(constant) }));
  const duplicates = columns.flatMap((c, i) =>
    c.duplicateOf === null || c.deviation === 0
      ? []
      : [dataWords().sameAs({ column: columnName(columns, i), other: columnName(columns, c.duplicateOf) })],
  );
  if (duplicates.length > 0) lines.push(dataWords().duplicate({ noun, columns: columnsText(duplicates) }));
  const outliers = columns.flatMap((c, i) =>
    c.outliers > 0
      ? [
          listWords().aside({
            text: columnName(columns, i),
            aside: listWords().commas([outlierShare(c.outliers), rangeText(c)]),
          }),
        ]
      : [],
  );
  if (outliers.length > 0) lines.push(dataWords().outliers({ noun, columns: columnsText(outliers) }));
  return lines;
}

/** A column by its name, else by its number from 1. */
function columnName(columns: readonly ColumnFacts[], index: number): string {
  const name = columns[index]?.name;
  return name === null || name === undefined ? String(index + 1) : `"${name}"`;
}

function columnsText(names: readonly string[]): string {
  const more = names.length > listed ? dataWords().andMore(names.length - listed) : "";
  return dataWords().columns({ one: names.length === 1, names: names.slice(0, listed).join(dataWords().comma), more });
}

/** A share in words: 0.0003 % must not round to nothing. */
export function outlierShare(share: number): string {
  return share < 0.001 ? dataWords().ofMillion(formatNumber(share * 1e6)) : dataWords().ofValues(formatPercent(share));
}

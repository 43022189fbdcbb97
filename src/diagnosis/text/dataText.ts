/** Facts about data, in words. */

import type { LossName } from "../../config/resolved.ts";
import type { ColumnFacts, DataFacts, PartFacts } from "../../protocol/dataFacts.ts";
import { count, formatNumber, formatPercent } from "../../protocol/numberText.ts";
import { offScales } from "../offScale.ts";

/** `mean 120, deviation 69.3`. */
export function spreadText({ mean, deviation }: ColumnFacts): string {
  return `mean ${formatNumber(mean)}, deviation ${formatNumber(deviation)}`;
}

/** One line for the inputs, one for the targets, and one for each remarkable fact. */
export function dataLines(facts: DataFacts, loss: LossName): readonly string[] {
  const { samples, inputs, targets, classes, padding, reading } = facts;
  const indices = reading?.as === "indices";
  const lines = [
    `${count(samples, "sample")} to learn from; inputs ${indices ? "are indices " : ""}${rangeText(inputs.overall)}${indices ? "" : `, ${spreadText(inputs.overall)}`}`,
    classes === null
      ? `targets ${rangeText(targets.overall)}, ${spreadText(targets.overall)}`
      : `targets ${classesText(classes)}`,
  ];
  if (reading?.as === "normalized") lines.push("a layer of the net normalizes the inputs before their first weights");
  if (reading && (reading.scale !== 1 || reading.offset !== 0))
    lines.push(`a layer of the net rescales the inputs to ${rescaledText(inputs.overall, reading)}`);
  const off = offScales(facts, loss);
  if (off.length > 0) lines.push(`${off.map(({ side }) => side).join(" and ")} far from unit scale`);
  if (!indices) lines.push(...remarks("input", inputs));
  if (classes === null) lines.push(...remarks("target", targets));
  if (padding) {
    lines.push(
      `${formatPercent(padding.share)} of the timesteps are padding (zeros at the ${padding.at}), ${padding.masked ? "masked" : "not masked"}; the longest sample has ${count(padding.longest, "timestep")} without it`,
    );
  }
  return lines;
}

function rangeText({ min, max }: ColumnFacts): string {
  return `from ${formatNumber(min)} to ${formatNumber(max)}`;
}

function rescaledText({ min, max }: ColumnFacts, { scale, offset }: { scale: number; offset: number }): string {
  const [a, b] = [scale * min + offset, scale * max + offset];
  return `${formatNumber(Math.min(a, b))} to ${formatNumber(Math.max(a, b))}`;
}

/** Most classes that are named one by one. */
const named = 6;

function classesText(classes: readonly number[]): string {
  const shown = classes.slice(0, named).join(", ");
  return `are classes: ${classes.length} occur, ${shown}${classes.length > named ? ", …" : ""}`;
}

/** Most columns that are named one by one. */
const listed = 5;

function remarks(noun: string, { columns }: PartFacts): string[] {
  const where = (holds: (column: ColumnFacts) => boolean) =>
    columns.flatMap((column, i) => (holds(column) ? [columnName(columns, i)] : []));
  const lines: string[] = [];
  const constant = where((c) => c.deviation === 0);
  if (constant.length > 0) lines.push(`constant ${noun} ${columnsText(constant)}`);
  const duplicates = columns.flatMap((c, i) =>
    c.duplicateOf === null || c.deviation === 0
      ? []
      : [`${columnName(columns, i)} (same as ${columnName(columns, c.duplicateOf)})`],
  );
  if (duplicates.length > 0) lines.push(`duplicate ${noun} ${columnsText(duplicates)}`);
  const outliers = columns.flatMap((c, i) =>
    c.outliers > 0 ? [`${columnName(columns, i)} (${outlierShare(c.outliers)}, ${rangeText(c)})`] : [],
  );
  if (outliers.length > 0) lines.push(`outliers in ${noun} ${columnsText(outliers)}`);
  return lines;
}

/** A column by its name, else by its number from 1. */
function columnName(columns: readonly ColumnFacts[], index: number): string {
  const name = columns[index]?.name;
  return name === null || name === undefined ? String(index + 1) : `"${name}"`;
}

function columnsText(names: readonly string[]): string {
  const more = names.length > listed ? ` and ${names.length - listed} more` : "";
  return `${names.length === 1 ? "column" : "columns"} ${names.slice(0, listed).join(", ")}${more}`;
}

/** A share in words: 0.0003 % must not round to nothing. */
export function outlierShare(share: number): string {
  return share < 0.001 ? `${formatNumber(share * 1e6)} of a million values` : `${formatPercent(share)} of the values`;
}

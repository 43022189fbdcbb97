/** Report of a deep probe: each figure with its sentence and a small picture. */

import { sparkline } from "../../diagnosis/text/sparklineCharacters.ts";
import { reportWords } from "../../messages/report.ts";
import type { DeepFlow, DeepResult } from "../../protocol/deep.ts";
import { formatDecades, formatGain, formatNumber } from "../../protocol/numberText.ts";
import type { Output } from "../io.ts";
import { atRight, wrap } from "./layout.ts";
import { blockGrid, spectrumBars } from "./pictures.ts";
import { type Style, styleFor } from "./style.ts";

/** Most exponents that are listed; JSON has them all. */
const listed = 8;
const gridRows = 16;
const barWidth = 24;

export function deepReport(result: DeepResult, out: Output): string {
  const style = styleFor(out);
  const { model, layer, type, units, timesteps, steps, sequences, readings } = result;
  const facts = [
    reportWords().deepFacts({ type, units, timesteps, reversed: result.reversed }),
    steps === 0 ? reportWords().fresh : reportWords().afterSteps(steps),
    reportWords().sequences(sequences),
    reportWords().seconds(formatNumber(result.milliseconds / 1000)),
  ];
  const section = (title: string, reading: string, picture: readonly string[]): string[] => [
    "",
    style.bold(title),
    ...wrap(reading, out.columns, "  "),
    ...picture.map((line) => `  ${line}`),
  ];
  const lines = [
    `${style.bold(`${model} / ${layer}`)}  ${style.dim(facts.join(" · "))}`,
    ...section(reportWords().flow, readings.flow, flowPicture(result, out, style)),
    ...section(reportWords().exponents, readings.exponents, exponentBars(result, style)),
    ...section(reportWords().matrices, readings.matrices, matrixLines(result)),
    ...section(reportWords().products, readings.products, productTable(result, style)),
  ];
  return `${lines.join("\n")}\n`;
}

function flowPicture({ flow, timesteps }: DeepResult, out: Output, style: Style): string[] {
  if (flow.lossTimesteps.length === 0) return [];
  const [first] = flow.states;
  if (!first) return [];
  if (flow.lossTimesteps.length === 1) {
    const cells = Math.min(64, out.columns - 20);
    return [`${style.accent(sparkline(first.logNorm, cells))}  ${style.dim(`t = ${timesteps} … 1`)}`];
  }
  const label = (t: number): string => String(t).padStart(String(timesteps).length + 2);
  const grid = blockGrid(matrixOf(flow, first, timesteps), gridRows, Math.min(48, out.columns - 14));
  const rows = grid.lines.map((line, i) => {
    const ends = i === 0 ? label(timesteps) : i === grid.lines.length - 1 ? label(1) : label(0).replace(/\d/g, " ");
    return `${style.dim(ends)} ${style.accent(line)}`;
  });
  const [from, to] = [flow.lossTimesteps[0], flow.lossTimesteps.at(-1)];
  return [
    ...rows,
    style.dim(`${" ".repeat(label(1).length)} ${reportWords().flowLegend({ from: String(from), to: String(to) })}`),
  ];
}

function matrixOf(
  { lossTimesteps }: DeepFlow,
  { logNorm }: DeepFlow["states"][number],
  timesteps: number,
): readonly Float64Array[] {
  return Array.from(lossTimesteps, (_, i) => logNorm.subarray(i * timesteps, (i + 1) * timesteps));
}

function exponentBars({ exponents }: DeepResult, style: Style): string[] {
  if (!exponents) return [];
  const factors = [...exponents.mean].slice(0, listed).map(Math.exp);
  const most = Math.max(1, ...factors);
  const lines = factors.map((factor, i) => {
    const bar = "━".repeat(Math.max(0, Math.round((factor / most) * barWidth))).padEnd(barWidth, "─");
    return `${style.dim(`λ${i + 1}`)} ${style.accent(bar)} ${formatGain(factor)}`;
  });
  const more = exponents.mean.length - factors.length;
  return more > 0 ? [...lines, style.dim(reportWords().andBelow(more))] : lines;
}

function matrixLines({ matrices }: DeepResult): string[] {
  const width = Math.max(0, ...matrices.map((m) => m.name.length));
  return matrices.map(
    ({ name, logSingularValues }) =>
      `${name.padEnd(width)}  ${spectrumBars(
        [...logSingularValues].map((v) => 10 ** v),
        32,
      )}`,
  );
}

function productTable({ products }: DeepResult, style: Style): string[] {
  if (!products) return [];
  const { spans, width, logSingularValues } = products;
  const rows = Array.from(spans, (span, i) => {
    const values = logSingularValues.subarray(i * width, (i + 1) * width);
    return [span, values[0]!, values[values.length >> 1]!, values.at(-1)!] as const;
  });
  const cells = (line: readonly string[]): string => line.map((cell) => atRight(cell, 9)).join("");
  return [
    style.dim(cells(reportWords().productHeads)),
    ...rows.map(([span, ...values]) => cells([String(span), ...values.map(formatDecades)])),
  ];
}

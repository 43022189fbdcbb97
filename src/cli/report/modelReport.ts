/** The report of one model: how far its layers carry the gradient back through time, its loss, its findings. */

import { learningOf } from "../../diagnosis/learning.ts";
import { estimateSentence } from "../../diagnosis/text/lagText.ts";
import { cellOfLag, sparkline } from "../../diagnosis/text/sparklineCharacters.ts";
import { type LayerSummary, modelSummary } from "../../diagnosis/text/summary.ts";
import { reportWords } from "../../messages/report.ts";
import type { Finding } from "../../protocol/finding.ts";
import type { RunHistory } from "../../protocol/history.ts";
import { needText } from "../../protocol/needText.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import type { TestQuantity } from "../../protocol/quantities.ts";
import type { RunInfo } from "../../protocol/run.ts";
import { type ConfigFile, placeText } from "../configFile.ts";
import type { Measured } from "../measured.ts";
import { endText } from "./endText.ts";
import { displayWidth, fill, wrap } from "./layout.ts";
import type { Style } from "./style.ts";

const indent = "  ";

/** Lines without line ends. */
export function modelReport(measured: Measured, file: ConfigFile, width: number, style: Style): string[] {
  const { history, findings } = measured;
  const end = endText(measured);
  if (!history || history.lastStep === 0) return [heading(measured.model.name, end, width, style)];
  const summary = modelSummary(history, findings);
  const paint = summary.severity ? style.severity[summary.severity] : style.good;
  return [
    heading(measured.model.name, end, width, style),
    ...wrap(summary.reach, width, indent).map((line) => paint(line)),
    ...layerLines(summary.layers, history, width, style),
    ...lossLine(history, style),
    ...(summary.provisional === null ? [] : [`${indent}${style.dim(reportWords().provisional(summary.provisional))}`]),
    ...lagLines(history, width, style),
    ...findings.flatMap((f) => ["", ...findingLines(f, file, width, style)]),
  ];
}

function heading(name: string, end: string, width: number, style: Style): string {
  const room = width - displayWidth(name) - displayWidth(end);
  return room < 2 ? `${style.bold(name)}  ${style.dim(end)}` : style.bold(name) + " ".repeat(room) + style.dim(end);
}

function layerLines(layers: readonly LayerSummary[], history: RunHistory, width: number, style: Style): string[] {
  if (layers.length === 0) return [];
  const nameWidth = Math.min(24, Math.max(...layers.map((l) => displayWidth(l.name))));
  const labelWidth = Math.max(
    ...layers.map((l) => displayWidth(l.short) + (l.reversed ? displayWidth(reportWords().backward) : 0)),
  );
  const cells = Math.min(60, Math.max(8, width - indent.length - nameWidth - labelWidth - 4));
  const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
  return [
    "",
    ...layers.map((layer) => {
      const curve = layer.logNorm ? sparkline(layer.logNorm, cells, epsilon) : "";
      const padding = " ".repeat(cells - curve.length);
      const note = layer.reversed ? style.dim(reportWords().backward) : "";
      return `${indent}${fill(layer.name, nameWidth)}  ${paintCurve(layer, curve, style)}${padding}  ${layer.short}${note}`;
    }),
  ];
}

/** Highlights the part that the gradient reaches. */
function paintCurve(layer: LayerSummary, curve: string, style: Style): string {
  const { reach, logNorm } = layer;
  if (!reach || !logNorm || curve === "") return style.dim(curve);
  const skipped = logNorm.length - reach.last;
  const cut = cellOfLag(Math.min(logNorm.length - 1, skipped + reach.horizon), logNorm.length, curve.length) + 1;
  return style.accent(curve.slice(0, cut)) + style.dim(curve.slice(cut));
}

function lossLine(history: RunHistory, style: Style): string[] {
  const losses = history.series("loss");
  const first = losses?.[0];
  const last = history.latest("loss");
  if (first === undefined || last === undefined) return [];
  const { baselineLoss } = history.info;
  const baseline = baselineLoss === null ? "" : style.dim(reportWords().baseline(formatNumber(baselineLoss)));
  return [
    `${indent}${reportWords().lossLine({ first: formatNumber(first), last: formatNumber(last) })}${baseline}`,
    ...metricLines(history),
    ...testLine(history),
  ];
}

/** One line per metric, with its values for the newest batch and the newest test. */
function metricLines(history: RunHistory): string[] {
  return history.info.columns.flatMap(({ quantity, name }) => {
    const value = quantity === "metric" ? history.latest("metric", null, name) : undefined;
    if (name === null || value === undefined) return [];
    const tested = history.series("testMetric", null, name)?.findLast((v) => !Number.isNaN(v));
    const test = tested === undefined ? null : formatNumber(tested);
    return [`${indent}${reportWords().metric({ name, value: formatNumber(value), test })}`];
  });
}

/** The lag that the data suggest, if nobody states it, and what the trained net uses of it. */
function lagLines(history: RunHistory, width: number, style: Style): string[] {
  const { info, need } = history;
  const learnt = learningOf(history).state === "left";
  const timesteps = need?.timesteps ?? (info.requiredLag === null ? null : longestSequence(info));
  const asked = timesteps === null ? null : estimateSentence(info.data?.lag ?? null, timesteps, { learnt, need });
  return [
    ...(asked === null ? [] : wrap(asked, width, indent).map((line) => style.dim(line))),
    ...(need ? wrap(needText(need), width, indent) : []),
  ];
}

function longestSequence({ layers }: RunInfo): number | null {
  const lengths = layers.flatMap((layer) => layer.recurrent?.timesteps ?? []);
  return lengths.length === 0 ? null : Math.max(...lengths);
}

/** The newest figures of the samples kept for testing. */
function testLine(history: RunHistory): string[] {
  const newest = (quantity: TestQuantity) => history.series(quantity)?.findLast((value) => !Number.isNaN(value));
  const [loss, accuracy] = [newest("testLoss"), newest("testAccuracy")];
  if (loss === undefined) return [];
  const shown = { loss: formatNumber(loss), accuracy: accuracy === undefined ? null : formatNumber(accuracy) };
  return [`${indent}${reportWords().testLine(shown)}`];
}

function findingLines(finding: Finding, file: ConfigFile, width: number, style: Style): string[] {
  const { severity, code, place, layer, timesteps } = finding;
  const where = [layer, timesteps ? reportWords().timesteps({ first: timesteps[0], last: timesteps[1] }) : null].filter(
    (s) => s !== null,
  );
  const deeper = `${indent}${indent}`;
  return [
    `${indent}${style.severity[severity](reportWords().severities[severity])} ${style.bold(code)}${where.length > 0 ? ` · ${where.join(" · ")}` : ""}`,
    `${deeper}${style.accent(placeText(file, place))}`,
    ...wrap(finding.message, width, deeper),
    ...wrap(finding.explanation, width, deeper).map((line) => style.dim(line)),
    ...finding.fixes.flatMap(({ title }) => {
      const [first = "", ...rest] = wrap(title, width - 2, deeper);
      return [`${deeper}${style.good("›")} ${first.trimStart()}`, ...rest.map((line) => `  ${line}`)];
    }),
  ];
}

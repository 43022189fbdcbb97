/** The terminal report: models one after the other, and a table if there are several. */

import { runFigures } from "../../diagnosis/runFigures.ts";
import { reportWords } from "../../messages/report.ts";
import { formatNumber } from "../../protocol/numberText.ts";
import type { ConfigFile } from "../configFile.ts";
import type { Output } from "../io.ts";
import type { Measured } from "../measured.ts";
import { againstBase } from "./againstBase.ts";
import type { ReportedRun } from "./comparedRuns.ts";
import { comparisonTable } from "./comparisonTable.ts";
import { endText } from "./endText.ts";
import { modelReport } from "./modelReport.ts";
import { type Style, styleFor } from "./style.ts";

export function report(results: readonly Measured[], file: ConfigFile, out: Output): string {
  const style = styleFor(out);
  const backend = results.find((r) => r.history)?.history?.info.backend.label;
  const title = [file.name, backend].filter((s) => s !== undefined).join(" · ");
  const blocks = [
    [style.dim(title)],
    ...results.map((r) => modelReport(r, file, out.columns, style)),
    legend(results, style),
    ...(results.length > 1 ? comparison(results.map(comparedRun), out.columns, style) : []),
  ];
  return `${blocks
    .filter((b) => b.length > 0)
    .map((b) => b.join("\n"))
    .join("\n\n")}\n`;
}

/** The table, and the effect of each model's change to the one it extends: blocks of lines. */
export function comparison(runs: readonly ReportedRun[], width: number, style: Style): string[][] {
  return [comparisonTable(runs, width, style), againstBase(runs, width, style)];
}

export function comparedRun(measured: Measured): ReportedRun {
  const { model, history, findings } = measured;
  return {
    name: model.name,
    base: model.base,
    figures: history && history.lastStep > 0 ? runFigures(history, findings) : null,
    end: endText(measured),
  };
}

function legend(results: readonly Measured[], style: Style): string[] {
  const history = results.find((r) => r.history?.info.layers.some((l) => l.recurrent))?.history;
  if (!history) return [];
  const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
  return [reportWords().curves, reportWords().glyphs(formatNumber(epsilon * 100))].map((l) => style.dim(l));
}

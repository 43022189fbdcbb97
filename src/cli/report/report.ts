/** The terminal report: models one after the other, and a table when there are several. */

import { formatNumber } from "../../diagnosis/text/numbers.ts";
import type { ConfigFile } from "../configFile.ts";
import type { Output } from "../io.ts";
import type { Measured } from "../measured.ts";
import { columnWidths } from "./layout.ts";
import { comparisonHead, comparisonRow, modelReport } from "./modelReport.ts";
import { type Style, styleFor } from "./style.ts";

export function report(results: readonly Measured[], file: ConfigFile, out: Output): string {
  const style = styleFor(out);
  const backend = results.find((r) => r.history)?.history?.info.backend.label;
  const title = [file.name, backend].filter((s) => s !== undefined).join(" · ");
  const blocks = [
    [style.dim(title)],
    ...results.map((r) => modelReport(r, file, out.columns, style)),
    ...(results.length > 1 ? [table(results, style)] : []),
    legend(results, style),
  ];
  return `${blocks
    .filter((b) => b.length > 0)
    .map((b) => b.join("\n"))
    .join("\n\n")}\n`;
}

function table(results: readonly Measured[], style: Style): string[] {
  const rows = results.map(comparisonRow);
  const widths = columnWidths([comparisonHead, ...rows]);
  const line = (cells: readonly string[]) =>
    cells
      .map((c, i) => c.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    style.dim(line(comparisonHead)),
    ...rows.map((row, i) => {
      const gravest = results[i]?.findings[0]?.severity;
      const text = line(row);
      return gravest === "error" || gravest === "warning" ? style.severity[gravest](text) : text;
    }),
  ];
}

function legend(results: readonly Measured[], style: Style): string[] {
  const history = results.find((r) => r.history?.info.layers.some((l) => l.recurrent))?.history;
  if (!history) return [];
  const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
  return [
    "Curves: size of the state gradient, backward in time: left the last timestep, right the first.",
    `▅ as at the end  ▁ below ${formatNumber(epsilon * 100)} %  █ a thousand times as large  · zero  ✕ NaN or Infinity`,
  ].map((l) => style.dim(l));
}

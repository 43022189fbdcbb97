/** Names of a run's scalars in files. */

import type { Column, RunInfo } from "./run.ts";

/** `loss`, `outputGradientNorm dense`, `horizon simple_rnn h`. */
export function columnName(info: RunInfo, { quantity, layer, name }: Column): string {
  return [quantity, layer === null ? "" : (info.layers[layer]?.name ?? String(layer)), name ?? ""]
    .filter((s) => s !== "")
    .join(" ");
}

/** A cell of a CSV file (RFC 4180). */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

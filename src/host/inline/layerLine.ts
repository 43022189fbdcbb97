/** The note at the end of a recurrent layer's line: `█▇▅▃▂▁▁▁  34/99 · ×0.87 per timestep`. */

import { shorten } from "../../config/shorten.ts";
import { sparkline } from "../../diagnosis/text/sparkline.ts";
import { type LayerSummary, modelSummary } from "../../diagnosis/text/summary.ts";
import type { ConfigView, LayerView, ModelView } from "../findings/configView.ts";

export const sparklineCells = 16;

export interface LineNote {
  /** An offset somewhere on the line. */
  readonly offset: number;
  readonly text: string;
  readonly tone: "plain" | "warning" | "error" | "stale";
}

/** One note per line: the layers of a wrapper share their line. */
export function notesOf(view: ConfigView): readonly LineNote[] {
  const shared = sharedLines(view);
  return view.models.flatMap((model) => modelNotes(model, shared));
}

function modelNotes(model: ModelView, shared: ReadonlySet<number>): readonly LineNote[] {
  const history = model.shown?.history;
  if (!history || history.lastStep === 0) return [];
  const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
  const summaries = modelSummary(history, model.shown?.findings ?? []).layers;
  const byOffset = new Map<number, { view: LayerView; summary: LayerSummary }[]>();
  for (const view of model.layers) {
    const summary = summaries.find((s) => s.layer === view.index);
    if (summary) byOffset.set(view.range.offset, [...(byOffset.get(view.range.offset) ?? []), { view, summary }]);
  }
  return [...byOffset].map(([offset, layers]) => ({
    offset,
    text: [
      ...(shared.has(offset) ? [`${shorten(model.name)}:`] : []),
      layers.map(({ summary }) => layerText(summary, epsilon, layers.length > 1)).join("  │  "),
    ].join(" "),
    tone: toneOf(
      model,
      layers.map(({ view }) => view),
    ),
  }));
}

function layerText({ name, logNorm, short }: LayerSummary, epsilon: number, named: boolean): string {
  const parts = [
    named ? shorten(name.split("/").at(-1) ?? "") : undefined,
    logNorm ? sparkline(logNorm, sparklineCells, epsilon) : undefined,
    short,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join("  ");
}

function toneOf(model: ModelView, layers: readonly LayerView[]): LineNote["tone"] {
  if (model.stale) return "stale";
  const severities = layers.flatMap((layer) => layer.findings.map((f) => f.finding.severity));
  if (severities.includes("error")) return "error";
  return severities.includes("warning") ? "warning" : "plain";
}

/** Offsets of layers that several models share by `extends`. */
function sharedLines(view: ConfigView): ReadonlySet<number> {
  const models = new Map<number, Set<string>>();
  for (const model of view.models)
    for (const { range } of model.layers)
      models.set(range.offset, (models.get(range.offset) ?? new Set()).add(model.name));
  return new Set([...models].filter(([, names]) => names.size > 1).map(([offset]) => offset));
}

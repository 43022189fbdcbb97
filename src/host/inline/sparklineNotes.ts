/** The note at the end of a recurrent layer's line: `█▇▅▃▂▁▁▁  34/99 · ×0.87 per timestep`. */

import { shorten } from "../../config/shorten.ts";
import { sparkline } from "../../diagnosis/text/sparklineCharacters.ts";
import { type LayerSummary, modelSummary } from "../../diagnosis/text/summary.ts";
import { inlineWords } from "../../messages/inline.ts";
import type { ConfigView, LayerView, ModelView } from "../findings/configView.ts";

export const sparklineCells = 16;

export interface LineNote {
  /** An offset somewhere on the line. */
  readonly offset: number;
  readonly text: string;
  /** The sparkline alone, or several with a bar between them. */
  readonly picture: string;
  /** The figures alone; null if the line has several layers. */
  readonly figures: string | null;
  readonly tone: "plain" | "warning" | "error" | "stale";
}

/** The note of one model on a line. */
interface ModelNote extends LineNote {
  readonly model: string;
}

/** Tones, the one that matters most first: of several models with one layer, one is shown. */
const tones = ["error", "warning", "plain", "stale"] as const;

/** One note per line: the layers of a wrapper share it, and of several models the gravest is shown. */
export function notesOf(view: ConfigView): readonly LineNote[] {
  const byOffset = new Map<number, ModelNote[]>();
  for (const note of view.models.flatMap(modelNotes))
    byOffset.set(note.offset, [...(byOffset.get(note.offset) ?? []), note]);
  return [...byOffset.values()].flatMap((notes) => {
    const [first] = [...notes].sort((a, b) => tones.indexOf(a.tone) - tones.indexOf(b.tone));
    if (!first) return [];
    if (notes.length === 1) return [first];
    return [
      {
        ...first,
        text: inlineWords().oneOfModels({ model: shorten(first.model), text: first.text, models: notes.length }),
      },
    ];
  });
}

export interface PlacedNotes {
  /** Notes at the ends of lines. */
  readonly onLine: readonly LineNote[];
  /** Notes of lines that are too long: these stand in the layer's lens. */
  readonly inLens: readonly LineNote[];
}

/** Columns of a usual note with its distance from the text: `  ▅▅▅▄▄▃▃▂▂▁▁▁▁▁▁▁  34/99 · ×0.87 per timestep`. */
const noteColumns = 48;

/**
 * Divides the notes by the lengths of their lines alone, so that no note moves while its figures change.
 *
 * @param lastColumn the last column in which notes should end: the minimap covers what lies beyond
 */
export function placedNotes(view: ConfigView, lastColumn: number): PlacedNotes {
  const notes = notesOf(view);
  const fits = ({ offset }: LineNote): boolean => lengthAt(view.text, offset) + noteColumns <= lastColumn;
  return { onLine: notes.filter(fits), inLens: notes.filter((note) => !fits(note)) };
}

/** Columns of the line around an offset; a tab counts as four. */
function lengthAt(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const line = text.slice(start, end < 0 ? undefined : end);
  return line.length + 3 * (line.split("\t").length - 1);
}

function modelNotes(model: ModelView): readonly ModelNote[] {
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
    model: model.name,
    offset,
    text: layers.map(({ summary }) => layerText(summary, epsilon, layers.length > 1)).join("  │  "),
    picture: layers.map(({ summary }) => pictureOf(summary, epsilon)).join(" │ "),
    figures: layers.length === 1 ? (layers[0]?.summary.short ?? null) : null,
    tone: toneOf(layers.map(({ view }) => view)),
  }));
}

function layerText(summary: LayerSummary, epsilon: number, named: boolean): string {
  const name = named ? shorten(summary.name.split("/").at(-1) ?? "") : "";
  return [name, pictureOf(summary, epsilon), summary.short].filter((part) => part !== "").join("  ");
}

function pictureOf({ logNorm }: LayerSummary, epsilon: number): string {
  return logNorm ? sparkline(logNorm, sparklineCells, epsilon) : "";
}

function toneOf(layers: readonly LayerView[]): LineNote["tone"] {
  if (layers.every(({ stale }) => stale)) return "stale";
  const severities = layers.flatMap((layer) => layer.findings.map((f) => f.finding.severity));
  if (severities.includes("error")) return "error";
  return severities.includes("warning") ? "warning" : "plain";
}

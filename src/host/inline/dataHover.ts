/** The Markdown of the hover on a `data` section: what was measured of the data when they were loaded. */

import { dataLines } from "../../diagnosis/text/dataText.ts";
import type { ModelView } from "../runs/findingsStore.ts";
import { escapeMarkdown } from "./markdown.ts";

/**
 * One text for each data set: models that share their section share what is known of it.
 * @param models whose section is hovered over.
 */
export function dataHoverTexts(models: readonly ModelView[]): readonly string[] {
  const texts = new Map<string, ModelView[]>();
  for (const model of models) {
    const facts = model.shown?.history?.info.data;
    const training = model.shown?.model.training;
    if (!facts || !training) continue;
    const lines = dataLines(facts, training.loss).map((line) => `- ${escapeMarkdown(line)}`);
    const text = lines.join("\n");
    texts.set(text, [...(texts.get(text) ?? []), model]);
  }
  return [...texts].map(([text, of]) => {
    const names = of.map(({ name }) => escapeMarkdown(name)).join(", ");
    const stale = of.every((model) => model.stale) ? " · *measured before your edit*" : "";
    return `**data** of ${names}${stale}\n\n${text}`;
  });
}

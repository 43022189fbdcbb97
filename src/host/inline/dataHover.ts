/** The Markdown of the hover on a `data` section: facts measured when the data were loaded. */

import type { LossName } from "../../config/resolved.ts";
import { shorten, shortMessage } from "../../config/shorten.ts";
import { dataLines } from "../../diagnosis/text/dataText.ts";
import { inlineWords } from "../../messages/inline.ts";
import type { DataFacts } from "../../protocol/dataFacts.ts";
import type { ModelView } from "../findings/configView.ts";
import { escapeMarkdown } from "./markdown.ts";

/** What the shown run of a model knows about its data. */
export interface KnownData {
  readonly name: string;
  readonly stale: boolean;
  readonly facts: DataFacts;
  readonly loss: LossName;
}

/** Empty for models that were not run. */
export function knownData({ name, stale, shown }: ModelView): readonly KnownData[] {
  const facts = shown?.history?.info.data;
  return shown?.model && facts ? [{ name, stale, facts, loss: shown.model.training.loss }] : [];
}

/** One text for each data set: models that share a section share its facts. */
export function dataHoverTexts(known: readonly KnownData[]): readonly string[] {
  const texts = new Map<string, KnownData[]>();
  for (const data of known) {
    const lines = dataLines(data.facts, data.loss).map((line) => `- ${escapeMarkdown(shortMessage(line))}`);
    const text = lines.join("\n");
    texts.set(text, [...(texts.get(text) ?? []), data]);
  }
  return [...texts].map(([text, of]) => {
    const names = of.map(({ name }) => escapeMarkdown(shorten(name))).join(", ");
    const stale = of.every((data) => data.stale) ? inlineWords().measuredBeforeMark : "";
    return inlineWords().dataOf({ names, stale, text });
  });
}

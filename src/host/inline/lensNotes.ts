/** Hovers' text of what the lens of a program says in its own words, such as what it cannot measure. */

import { shorten } from "../../config/shorten.ts";
import { commands } from "../../contributions.ts";
import { inlineWords } from "../../messages/inline.ts";
import { programWords } from "../../messages/programs.ts";
import type { ModelView } from "../findings/configView.ts";
import { lensNotesOf } from "../runs/lensNotes.ts";
import { commandLink, escapeMarkdown } from "./markdown.ts";

/** One paragraph about a layer; none if nothing is said. @param layer its name */
export function layerNotes({ shown }: ModelView, layer: string): readonly string[] {
  const notes = lensNotesOf(shown).filter((note) => note.layer === layer);
  return notes.length === 0 ? [] : [listed(notes.map(({ text }) => text))];
}

/** All that is said of a run, for the line that began it; undefined if nothing is. */
export function runNotes(model: ModelView): string | undefined {
  const { shown } = model;
  const notes = lensNotesOf(shown);
  if (!shown || notes.length === 0) return undefined;
  const texts = notes.map(({ layer, text }) =>
    layer === null ? text : programWords().named({ name: shorten(layer), title: text }),
  );
  const show = commandLink(inlineWords().showInPanel, commands.selectRun, [shown.runId, true]);
  return [`**${escapeMarkdown(shorten(model.name))}**`, listed(texts), show].join("\n\n");
}

function listed(texts: readonly string[]): string {
  return [`**${programWords().lensNotes}**`, "", ...texts.map((text) => `- ${escapeMarkdown(text)}`)].join("\n");
}

/** What the lens of a program says in its own words, such as what it cannot measure. */

import { programWords } from "../../src/messages/programs.ts";
import type { PanelNote } from "../../src/protocol/panelMessages.ts";
import type { Block } from "../charts/scheduler.ts";
import { el } from "../dom.ts";
import type { View } from "../state/store.ts";

export class NotesBlock implements Block {
  readonly interval = 250;
  readonly element: HTMLElement;
  readonly #list = el("ul", { class: "lens-notes" });
  #shown: readonly PanelNote[] | null = null;

  constructor() {
    this.element = el(
      "section",
      { class: "block notes", "aria-labelledby": "notes-title" },
      el("div", { class: "block-head" }, el("h2", { id: "notes-title" }, programWords().lensNotes)),
      this.#list,
    );
  }

  render({ notes }: View): void {
    this.element.hidden = notes.length === 0;
    if (notes === this.#shown) return;
    this.#shown = notes;
    this.#list.replaceChildren(
      ...notes.map(({ layer, text }) =>
        el("li", {}, layer === null ? text : programWords().named({ name: layer, title: text })),
      ),
    );
  }
}

/** Keeps the panel's selection across reloads. */

import type * as vscode from "vscode";
import * as z from "zod";
import { mostCompared } from "../../protocol/panelMessages.ts";
import { DisposableStore } from "../disposableStore.ts";
import type { PanelHost } from "./panelHost.ts";

const key = "gradlens.panel.selection";

const selectionSchema = z.object({
  selected: z.string().nullable(),
  compared: z.array(z.string()).max(mostCompared),
});

export class KeptSelection {
  readonly #state: vscode.Memento;
  readonly #panel: PanelHost;
  readonly #former: z.infer<typeof selectionSchema> | undefined;
  readonly #subscriptions: DisposableStore;

  constructor(state: vscode.Memento, panel: PanelHost) {
    this.#state = state;
    this.#panel = panel;
    this.#former = selectionSchema.safeParse(state.get(key)).data;
    this.#subscriptions = new DisposableStore(panel.onSelect(() => this.#keep()));
  }

  /** Selects what the former window showed, unless the user has asked for a run since. */
  restore(): void {
    if (!this.#former || this.#panel.selected?.askedBy === "user") return;
    const { selected, compared } = this.#former;
    if (selected !== null) this.#panel.select(selected);
    if (this.#panel.selected) this.#panel.compare(compared);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #keep(): void {
    const selection = { selected: this.#panel.selected?.runId ?? null, compared: this.#panel.compared };
    void this.#state.update(key, selection);
  }
}

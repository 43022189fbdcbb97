/** Keeps the panel's selection across reloads. */

import type * as vscode from "vscode";
import * as z from "zod";
import { mostCompared } from "../../protocol/panelMessages.ts";
import { DisposableStore } from "../disposableStore.ts";
import type { RunStore } from "../store/runStore.ts";
import type { PanelHost } from "./panelHost.ts";

const key = "gradlens.panel.selection";

const selectionSchema = z.object({
  selected: z.string().nullable(),
  compared: z.array(z.string()).max(mostCompared),
  pinned: z.boolean().catch(false),
});

export class KeptSelection {
  readonly #state: vscode.Memento;
  readonly #panel: PanelHost;
  readonly #kept: RunStore;
  readonly #former: z.infer<typeof selectionSchema> | undefined;
  readonly #subscriptions: DisposableStore;

  constructor(state: vscode.Memento, panel: PanelHost, kept: RunStore) {
    this.#state = state;
    this.#panel = panel;
    this.#kept = kept;
    this.#former = selectionSchema.safeParse(state.get(key)).data;
    this.#subscriptions = new DisposableStore(panel.onSelect(() => this.#keep()));
  }

  /** Selects what the former window showed, unless the user has asked for a run since. */
  async restore(): Promise<void> {
    if (!this.#former) return;
    const { selected, compared, pinned } = this.#former;
    if (pinned) this.#panel.pin(true);
    for (const runId of [selected, ...compared]) if (runId !== null) await this.#kept.load(runId);
    if (this.#panel.selected?.askedBy === "user") return;
    if (selected !== null) this.#panel.select(selected);
    if (this.#panel.selected) this.#panel.compare(compared);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #keep(): void {
    const { selected, compared, pinned } = this.#panel;
    const selection = { selected: selected?.runId ?? null, compared, pinned };
    void this.#state.update(key, selection);
  }
}

/** Code lenses above models and flagged layers. */

import * as vscode from "vscode";
import { toRange } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import type { RenderLoop } from "../renderLoop.ts";
import { noteColumn, type Settings } from "../settings.ts";
import { LensChanges } from "./lensChanges.ts";
import { lensesOf } from "./lenses.ts";
import { placedNotes } from "./sparklineNotes.ts";

export class LensProvider implements vscode.CodeLensProvider {
  readonly #store: FindingsStore;
  readonly #settings: () => Settings;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #changes = new LensChanges(() => this.#changed.fire());
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(store: FindingsStore, settings: () => Settings, loop: RenderLoop) {
    this.#store = store;
    this.#settings = settings;
    loop.onRender(({ uri }) => this.#changes.changed(uri));
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    this.#changes.asked(document.uri.toString());
    const settings = this.#settings();
    const view = settings.codeLens ? this.#store.view(document.uri.toString()) : undefined;
    // If the editor's text is ahead of the store's, an event is still on its way, and the editor will ask again.
    if (!view || view.text !== document.getText()) return [];
    const { inLens } = placedNotes(view, noteColumn(settings));
    return lensesOf(view, vscode.workspace.isTrusted, settings.decorations ? inLens : []).map(
      (lens) =>
        new vscode.CodeLens(toRange(document, { offset: lens.offset, length: 0 }), {
          // VS Code does not draw a plain space after an icon.
          title: lens.title.replaceAll(/(\$\([\w~-]+\)) /g, "$1\u00a0"),
          tooltip: lens.tooltip,
          command: lens.command,
          arguments: [...lens.args],
        }),
    );
  }

  dispose(): void {
    this.#changes.dispose();
    this.#changed.dispose();
  }
}

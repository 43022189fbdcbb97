/** Sparklines at the ends of recurrent layers' lines. */

import * as vscode from "vscode";
import { DisposableStore } from "../disposableStore.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import type { RenderLoop } from "../renderLoop.ts";
import { noteColumn, type Settings } from "../settings.ts";
import { type LineNote, placedNotes } from "./sparklineNotes.ts";

const colours: { readonly [tone in LineNote["tone"]]: string } = {
  plain: "editorCodeLens.foreground",
  warning: "editorWarning.foreground",
  error: "editorError.foreground",
  stale: "disabledForeground",
};

export class Decorations {
  readonly #store: FindingsStore;
  readonly #settings: () => Settings;
  readonly #type = vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    after: { margin: "0 0 0 2em" },
  });
  readonly #subscriptions: DisposableStore;

  constructor(store: FindingsStore, settings: () => Settings, loop: RenderLoop) {
    this.#store = store;
    this.#settings = settings;
    this.#subscriptions = new DisposableStore(
      loop.onRender(({ uri }) => this.#render(uri)),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.#renderEditor(editor);
      }),
      this.#type,
    );
  }

  /** The note on each line (0-based) of a config; empty if switched off. */
  notes(document: vscode.TextDocument): readonly { line: number; text: string; tone: LineNote["tone"] }[] {
    const settings = this.#settings();
    const view = settings.decorations ? this.#store.view(document.uri.toString()) : undefined;
    if (!view || view.text !== document.getText()) return [];
    return placedNotes(view, noteColumn(settings)).onLine.map(({ offset, text, tone }) => ({
      line: document.positionAt(offset).line,
      text,
      tone,
    }));
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #render(uri: string): void {
    for (const editor of vscode.window.visibleTextEditors)
      if (editor.document.uri.toString() === uri) this.#renderEditor(editor);
  }

  #renderEditor(editor: vscode.TextEditor): void {
    const options = this.notes(editor.document).map(({ line, text, tone }): vscode.DecorationOptions => {
      const end = editor.document.lineAt(line).range.end;
      return {
        range: new vscode.Range(end, end),
        renderOptions: {
          after: {
            contentText: text,
            color: new vscode.ThemeColor(colours[tone]),
            ...(tone === "stale" ? { fontStyle: "italic" } : {}),
          },
        },
      };
    });
    editor.setDecorations(this.#type, options);
  }
}

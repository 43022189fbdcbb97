/** Hovers on the lines of measured layers, and on the key of the data. */

import * as vscode from "vscode";
import { toRange } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import type { Settings } from "../settings.ts";
import { dataHoverTexts, knownData } from "./dataHover.ts";
import { hoverCommands, hoverText } from "./hoverText.ts";

export class Hovers implements vscode.HoverProvider {
  readonly #store: FindingsStore;
  readonly #settings: () => Settings;

  constructor(store: FindingsStore, settings: () => Settings) {
    this.#store = store;
    this.#settings = settings;
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const uri = document.uri.toString();
    const view = this.#settings().hover ? this.#store.view(uri) : undefined;
    if (!view || view.text !== document.getText()) return undefined;
    const found = view.models.flatMap((model) =>
      model.layers
        .filter(
          (layer) =>
            concerns(document, position, layer.range.offset) ||
            layer.findings.some((f) => toRange(document, f.range).contains(position)),
        )
        .flatMap((layer) => hoverText(uri, model, layer) ?? []),
    );
    const ofData = view.models.filter(({ data }) => data !== undefined && toRange(document, data).contains(position));
    const texts = [...dataHoverTexts(ofData.flatMap(knownData)), ...found];
    if (texts.length === 0) return undefined;
    return new vscode.Hover(
      texts.map((text) => {
        const markdown = new vscode.MarkdownString(text);
        markdown.isTrusted = { enabledCommands: hoverCommands };
        return markdown;
      }),
      document.lineAt(position).range,
    );
  }
}

/**
 * Whether the position is on the layer's type or at the end of its line, where the sparkline is; elsewhere the schema's
 * hovers apply.
 */
function concerns(document: vscode.TextDocument, position: vscode.Position, offset: number): boolean {
  const start = document.positionAt(offset);
  if (position.line !== start.line) return false;
  const word =
    document.getText(new vscode.Range(start, document.lineAt(start).range.end)).match(/^"[^"]*"/)?.[0].length ?? 1;
  return (
    (position.character >= start.character && position.character <= start.character + word) ||
    position.character >= document.lineAt(start).range.end.character
  );
}

/** Hovers on the lines of measured layers, and on the key of the data. */

import * as vscode from "vscode";
import type { Range } from "../../config/source.ts";
import { severities } from "../../protocol/finding.ts";
import { toRange } from "../documents.ts";
import type { ConfigView, LayerView } from "../findings/configView.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import type { Settings } from "../settings.ts";
import { dataHoverTexts, knownData } from "./dataHover.ts";
import { briefHoverText, hoverCommands, hoverText } from "./hoverText.ts";
import { runNotes } from "./lensNotes.ts";
import { shownFindings } from "./shownFindings.ts";

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
    const at = (range: Range): boolean => toRange(document, range).contains(position);
    const here = view.models.flatMap((model) =>
      model.layers
        .filter(
          (layer) =>
            concerns(document, position, layer.range.offset) ||
            (model.program !== undefined && at(layer.range)) ||
            layer.findings.some(({ range }) => at(range)),
        )
        .map((layer) => ({ model, layer })),
    );
    // Models that share a layer share its line: the gravest is shown in full, each other in one line.
    here.sort((a, b) => gravity(a.layer) - gravity(b.layer));
    const [first] = here;
    const shown = this.#underlined(view, at);
    const found = here.flatMap(({ model, layer }) =>
      first === undefined || model === first.model
        ? (hoverText(uri, model, layer, shown) ?? [])
        : (briefHoverText(model, layer) ?? []),
    );
    const ofData = view.models.filter(({ data }) => data !== undefined && toRange(document, data).contains(position));
    const begun = view.models.filter(({ program }) => program?.begun && at(program.begun));
    const said = begun.flatMap((model) => runNotes(model) ?? []);
    const texts = [...dataHoverTexts(ofData.flatMap(knownData)), ...found, ...said];
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

  /** The sentences of the squiggles under the position, which VS Code shows above the hover. */
  #underlined(view: ConfigView, at: (range: Range) => boolean): Set<string> {
    const { diagnostics, diagnosticsLevel } = this.#settings();
    const shown = diagnostics ? shownFindings(view, diagnosticsLevel) : [];
    return new Set(shown.filter(({ found }) => at(found.range)).map(({ found }) => found.finding.message));
  }
}

/** 0 for a layer with an error, and more for anything less grave. */
function gravity({ findings }: LayerView): number {
  return Math.min(severities.length, ...findings.map(({ finding }) => severities.indexOf(finding.severity)));
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

/** Each fix of a finding as a quick fix. An edit of the open document: nothing is saved, undo takes it back. */

import * as vscode from "vscode";
import { applyEdits } from "../../config/applyEdits.ts";
import type { Finding, Fix } from "../../protocol/finding.ts";
import { toRange } from "../documents.ts";
import type { FindingsStore } from "../runs/findingsStore.ts";
import type { Settings } from "../settings.ts";
import { diagnosticSource } from "./diagnostics.ts";

export class FixActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };
  readonly #store: FindingsStore;
  readonly #settings: () => Settings;

  constructor(store: FindingsStore, settings: () => Settings) {
    this.#store = store;
    this.#settings = settings;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const view = this.#settings().diagnostics ? this.#store.view(document.uri.toString()) : undefined;
    if (!view || view.text !== document.getText()) return [];
    return view.models.flatMap((model) =>
      model.findings
        .filter((f) => toRange(document, f.range).intersection(range) !== undefined)
        .flatMap(({ finding }) =>
          finding.fixes.map((fix) => {
            const action = new vscode.CodeAction(`${fix.title} (${model.name})`, vscode.CodeActionKind.QuickFix);
            action.edit = fixEdit(document, fix);
            action.diagnostics = context.diagnostics.filter((d) => isOf(d, finding));
            return action;
          }),
        ),
    );
  }
}

/** The whole fix as one edit of the document. */
export function fixEdit(document: vscode.TextDocument, fix: Fix): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of applyEdits(document.getText(), fix.edits))
    edit.replace(document.uri, toRange(document, { offset, length }), content);
  return edit;
}

function isOf(diagnostic: vscode.Diagnostic, finding: Finding): boolean {
  return (
    diagnostic.source === diagnosticSource &&
    typeof diagnostic.code === "object" &&
    diagnostic.code.value === finding.code &&
    diagnostic.message.includes(finding.message)
  );
}

/** Feeds the findings store with the open config documents. */

import * as vscode from "vscode";
import { isConfigPath } from "../contributions.ts";
import type { FindingsStore } from "./findings/findingsStore.ts";
import { cellScheme } from "./findings/programTexts.ts";

export function isConfig(document: vscode.TextDocument): boolean {
  return isConfigPath(document.uri.path);
}

/** The config in the active editor, else in any visible one. */
export function activeConfig(): vscode.TextDocument | undefined {
  const active = vscode.window.activeTextEditor?.document;
  if (active && isConfig(active)) return active;
  return vscode.window.visibleTextEditors.map((editor) => editor.document).find(isConfig);
}

export function openConfig(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

/** Whether a document is a Python program on disk. */
export function isProgram({ uri, languageId }: vscode.TextDocument): boolean {
  if (uri.scheme === cellScheme) return languageId === "python";
  return uri.scheme === "file" && uri.path.endsWith(".py");
}

/** Selects configs whatever the language of their document. */
export const selector = [{ pattern: "**/gradlens.json" }, { pattern: "**/*.gradlens.json" }];

/** Selects programs: files, and cells of notebooks. */
export const programSelector = [
  { pattern: "**/*.py", scheme: "file" },
  { language: "python", scheme: cellScheme },
];

/** Whether findings may stand in a document: in a config, or in a program. */
function isTracked(document: vscode.TextDocument): boolean {
  return isConfig(document) || isProgram(document);
}

export function trackDocuments(store: FindingsStore): vscode.Disposable {
  const open = (document: vscode.TextDocument): void => {
    if (isTracked(document)) store.open(document.uri.toString(), document.getText());
  };
  for (const document of vscode.workspace.textDocuments) open(document);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(open),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (!isTracked(document) || contentChanges.length === 0) return;
      const uri = document.uri.toString();
      store.change(
        uri,
        document.getText(),
        contentChanges.map((c) => ({ offset: c.rangeOffset, length: c.rangeLength, inserted: c.text.length })),
      );
      // Read again from its file, or undone: as good as saved.
      if (!document.isDirty) store.save(uri);
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (isConfig(document)) store.save(document.uri.toString());
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (isTracked(document)) store.close(document.uri.toString());
    }),
  );
}

/** Converts the characters `offset … offset + length` to a VS Code range. */
export function toRange(document: vscode.TextDocument, range: { offset: number; length: number }): vscode.Range {
  return new vscode.Range(document.positionAt(range.offset), document.positionAt(range.offset + range.length));
}

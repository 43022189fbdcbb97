/** Finds a column for a document, so that nothing covers the panel, which may be the active tab. */

import * as vscode from "vscode";

/** The column in which the document is visible, else one in which any text is. */
export function columnFor(uri: string): vscode.ViewColumn {
  const editors = vscode.window.visibleTextEditors.filter(({ viewColumn }) => viewColumn !== undefined);
  const shown = editors.find(({ document }) => document.uri.toString() === uri) ?? editors[0];
  return shown?.viewColumn ?? vscode.ViewColumn.One;
}

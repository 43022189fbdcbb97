/** The workspace folder that a new file goes to. */

import * as vscode from "vscode";

/** Undefined if there is no folder, null if the user cancelled. */
export async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined | null> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length < 2) return folders[0];
  return (await vscode.window.showWorkspaceFolderPick()) ?? null;
}

/** Opens a file in an editor of its own. */
export async function show(file: vscode.Uri): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file), { preview: false });
}

export function exists(file: vscode.Uri): Thenable<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

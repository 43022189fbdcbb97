/** Writes what the user has asked for; a file system of another extension is that extension's to keep safe. */

import * as vscode from "vscode";
import { newFile, replaceFile } from "./writeFile.ts";

/** @param kind whether a file with that name is replaced. @returns false when it could not be written, which the user is told. */
export async function writeUri(target: vscode.Uri, bytes: Uint8Array, kind: "new" | "replace"): Promise<boolean> {
  try {
    if (target.scheme !== "file") await vscode.workspace.fs.writeFile(target, bytes);
    else if (kind === "new") newFile(target.fsPath, bytes);
    else replaceFile(target.fsPath, bytes);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t("The file could not be written: {0}", reason));
    return false;
  }
}

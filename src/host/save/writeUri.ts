/**
 * Writes a file that the user chose; for a virtual file system, the extension that provides it is responsible for
 * safety.
 */

import * as vscode from "vscode";
import { SafeFolder } from "../../files/safeFolder.ts";
import { hostWords } from "../../messages/host.ts";
import { complain } from "../notify.ts";
import { newFile, replaceFile } from "./writeFile.ts";

/**
 * @param kind whether an existing file may be replaced. @returns false if it could not be written; the user has then
 * been told.
 */
export async function writeUri(target: vscode.Uri, bytes: Uint8Array, kind: "new" | "replace"): Promise<boolean> {
  try {
    if (target.scheme !== "file") await vscode.workspace.fs.writeFile(target, bytes);
    else if (kind === "new") newFile(target.fsPath, bytes);
    else replaceFile(target.fsPath, bytes);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void complain(hostWords().notWritten(reason));
    return false;
  }
}

/** Makes a folder in one that exists. @throws UnsafePlace if a link is in its place, else the file system's error. */
export async function makeFolder(parent: vscode.Uri, name: string): Promise<vscode.Uri> {
  const folder = vscode.Uri.joinPath(parent, name);
  if (folder.scheme === "file") SafeFolder.open(parent.fsPath, name).close();
  else await vscode.workspace.fs.createDirectory(folder);
  return folder;
}

/** The gallery: copies an example that comes with the extension into the workspace, and opens its config. */

import * as vscode from "vscode";
import { type ExampleName, exampleNames } from "../../messages/exampleNames.ts";
import { galleryWords } from "../../messages/gallery.ts";
import { complain } from "../notify.ts";
import { makeFolder, writeUri } from "../save/writeUri.ts";
import { chooseFolder, exists, show } from "./workspaceFolder.ts";

/** @param name the example; by default the user is asked. */
export async function openExample(extension: vscode.Uri, name?: unknown): Promise<void> {
  const example = exampleNames.find((known) => known === name) ?? (await chooseExample());
  if (example === undefined) return;
  const folder = await chooseTarget();
  if (folder === undefined) return;
  try {
    const target = await makeFolder(folder, await freeName(folder, example));
    if (await copy(vscode.Uri.joinPath(extension, "examples", example), target))
      await show(vscode.Uri.joinPath(target, "gradlens.json"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void complain(galleryWords().notCopied(reason));
  }
}

async function chooseExample(): Promise<ExampleName | undefined> {
  const items = exampleNames.map((name) => ({ name, label: name, detail: galleryWords().shows(name) }));
  const options = { placeHolder: galleryWords().choose, matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.name;
}

/** A folder of the workspace; without one, a folder that the user chooses. Undefined: cancelled. */
async function chooseTarget(): Promise<vscode.Uri | undefined> {
  const folder = await chooseFolder();
  if (folder !== undefined) return folder?.uri;
  const options = { canSelectFiles: false, canSelectFolders: true, openLabel: galleryWords().copyHere };
  return (await vscode.window.showOpenDialog(options))?.[0];
}

async function freeName(parent: vscode.Uri, name: string): Promise<string> {
  for (let i = 1; ; i++) {
    const free = i === 1 ? name : `${name}-${i}`;
    if (!(await exists(vscode.Uri.joinPath(parent, free)))) return free;
  }
}

/** Copies the files of a folder. @returns whether all were written; otherwise the user has been told. */
async function copy(from: vscode.Uri, to: vscode.Uri): Promise<boolean> {
  for (const [name, type] of await vscode.workspace.fs.readDirectory(from)) {
    if (type !== vscode.FileType.File) continue;
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(from, name));
    if (!(await writeUri(vscode.Uri.joinPath(to, name), bytes, "new"))) return false;
  }
  return true;
}

/** Opens the runs that were dropped on a page. What comes from a page is checked as if somebody else had written it. */

import * as vscode from "vscode";
import { runEditorType } from "../../contributions.ts";
import { hostWords } from "../../messages/host.ts";
import { inform } from "../notify.ts";
import { isEventFile } from "../store/runFolders.ts";

/** Longest name of a dropped file that a message repeats. */
const longestName = 100;

/** Opens each run in its editor, and says which of the addresses have none. */
export async function openDropped(addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    const uri = addressOf(address);
    const file = uri && (await eventFileOf(uri));
    if (file) await vscode.commands.executeCommand("vscode.openWith", file, runEditorType);
    else void inform(hostWords().noRunDropped(nameOf(address)));
  }
}

/**
 * The address of a file that this window may read anyway: on this machine, or on the file system of a folder of the
 * workspace. A file on another host of the network is none: to look at it would send credentials there.
 */
export function addressOf(address: string): vscode.Uri | null {
  try {
    const uri = vscode.Uri.parse(address, true);
    if (uri.scheme === "file") return uri.authority === "" ? uri : null;
    const folders = vscode.workspace.workspaceFolders ?? [];
    return folders.some((folder) => folder.uri.scheme === uri.scheme && folder.uri.authority === uri.authority)
      ? uri
      : null;
  } catch {
    return null;
  }
}

/** An event file itself, or the first one of a folder: all files of a folder are one run. */
async function eventFileOf(uri: vscode.Uri): Promise<vscode.Uri | null> {
  try {
    const { type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.Directory) === 0)
      return (type & vscode.FileType.File) !== 0 && isEventFile(nameOf(uri.path)) ? uri : null;
    const names = (await vscode.workspace.fs.readDirectory(uri)).map(([name]) => name).filter(isEventFile);
    const [first] = names.sort();
    return first === undefined ? null : vscode.Uri.joinPath(uri, first);
  } catch {
    return null;
  }
}

function nameOf(path: string): string {
  return (path.split(/[/\\]/).findLast((part) => part !== "") ?? path).slice(0, longestName);
}

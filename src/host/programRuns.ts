/**
 * Finds the folders into which programs write their runs, `.gradlens/runs` in any folder of a trusted workspace, and
 * follows them: by events of the file system, and by a poll for file systems that send none.
 */

import path from "node:path";
import * as vscode from "vscode";
import { DisposableStore } from "./disposableStore.ts";
import { isProgram } from "./documents.ts";

/** Folders above a program in which it may have been started, at most. */
const levels = 8;

const pattern = "**/.gradlens/runs/**/*tfevents*";

/** Most event files by which the folders are found. */
const mostFiles = 5000;

/** Milliseconds for which changes are read together, and between two polls. */
const settle = 300;
const poll = 10_000;

export class ProgramRuns {
  readonly #changed: () => void;
  readonly #subscriptions: DisposableStore;
  readonly #roots = new Set<string>();
  readonly #poll: NodeJS.Timeout;
  #waiting: NodeJS.Timeout | undefined;

  /** @param changed a run may have come, or gone on */
  constructor(changed: () => void) {
    this.#changed = changed;
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const seen = (uri: vscode.Uri): void => {
      this.#add(uri);
      this.#tell();
    };
    this.#subscriptions = new DisposableStore(
      watcher,
      watcher.onDidCreate(seen),
      watcher.onDidChange(seen),
      watcher.onDidDelete(() => this.#tell()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.find()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.find()),
    );
    this.#poll = setInterval(() => {
      const awaited = beside().length > 0 || (this.#roots.size > 0 && vscode.window.state.focused);
      if (awaited && vscode.workspace.isTrusted) this.#changed();
    }, poll);
  }

  /** Absolute paths; none in Restricted Mode, where nothing of a workspace is read unasked. */
  get roots(): readonly string[] {
    if (!vscode.workspace.isTrusted) return [];
    const usual = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === "file")
      .map(({ uri }) => vscode.Uri.joinPath(uri, ".gradlens", "runs").fsPath);
    return [...new Set([...usual, ...beside(), ...this.#roots])];
  }

  /** Looks for runs that are there already. */
  async find(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const before = this.#roots.size;
    for (const file of await vscode.workspace.findFiles(pattern, "**/node_modules/**", mostFiles)) this.#add(file);
    if (this.#roots.size > before) this.#tell();
  }

  dispose(): void {
    clearInterval(this.#poll);
    clearTimeout(this.#waiting);
    this.#subscriptions.dispose();
  }

  #add({ scheme, fsPath }: vscode.Uri): void {
    const parts = fsPath.split(path.sep);
    const at = parts.lastIndexOf(".gradlens");
    if (scheme === "file" && at > 0) this.#roots.add(parts.slice(0, at + 2).join(path.sep));
  }

  #tell(): void {
    this.#waiting ??= setTimeout(() => {
      this.#waiting = undefined;
      if (vscode.workspace.isTrusted) this.#changed();
    }, settle);
  }
}

/** Where the programs that are visible would write their runs: beside themselves, or above, within the workspace. */
function beside(): readonly string[] {
  return vscode.window.visibleTextEditors
    .map(({ document }) => document)
    .filter(isProgram)
    .flatMap(({ uri }) => {
      const top = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
      const found: string[] = [];
      let folder = path.dirname(uri.fsPath);
      while (top !== undefined && found.length < levels) {
        found.push(path.join(folder, ".gradlens", "runs"));
        if (folder === top || path.dirname(folder) === folder) break;
        folder = path.dirname(folder);
      }
      return found;
    });
}

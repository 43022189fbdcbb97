/**
 * Finds the folders into which programs write their runs, `.gradlens/runs` in any folder of a trusted workspace, and
 * follows them: by events of the file system, and by a poll for file systems that send none.
 */

import path from "node:path";
import * as vscode from "vscode";
import { DisposableStore } from "./disposableStore.ts";

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
    this.#poll = setInterval(() => this.#roots.size > 0 && vscode.window.state.focused && this.#changed(), poll);
  }

  /** Absolute paths; none in Restricted Mode, where nothing of a workspace is read unasked. */
  get roots(): readonly string[] {
    if (!vscode.workspace.isTrusted) return [];
    const usual = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === "file")
      .map(({ uri }) => vscode.Uri.joinPath(uri, ".gradlens", "runs").fsPath);
    return [...new Set([...usual, ...this.#roots])];
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

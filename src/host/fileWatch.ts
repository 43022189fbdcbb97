/**
 * Watches the files that configs name, data and saved models, and no others. A measurement made with a file that has
 * changed on disk is stale. Inactive in Restricted Mode, where nothing is read for a config either.
 */

import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { DisposableStore } from "./disposableStore.ts";
import type { FindingsStore } from "./findings/findingsStore.ts";
import { namedFiles, namedFilesOf } from "./findings/namedFiles.ts";
import type { RunService } from "./runs/runService.ts";

export class FileWatch {
  readonly #runs: RunService;
  readonly #store: FindingsStore;
  readonly #changed: (file: string) => void;
  /** Watchers by folder: replacing a file by another of its name deletes and recreates it. */
  readonly #watchers = new Map<string, vscode.FileSystemWatcher>();
  readonly #subscriptions: DisposableStore;
  /**
   * The named files with a stamp that tells whether each is unchanged: events come late, and several for one change.
   */
  #files: ReadonlyMap<string, string> = new Map();

  /** @param changed called with the absolute path of a named file that was written, made or deleted */
  constructor(runs: RunService, store: FindingsStore, changed: (file: string) => void) {
    this.#runs = runs;
    this.#store = store;
    this.#changed = changed;
    this.#subscriptions = new DisposableStore(
      store.onChange(({ cause }) => {
        if (cause !== "progress") this.#look();
      }),
      runs.onRemove(() => this.#look()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#look()),
    );
    this.#look();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const watcher of this.#watchers.values()) watcher.dispose();
    this.#watchers.clear();
  }

  #look(): void {
    const named = vscode.workspace.isTrusted ? within(this.#named()) : [];
    this.#files = new Map(named.map((file) => [file, this.#files.get(file) ?? stampOf(file)]));
    const folders = new Set(named.map((file) => path.dirname(file)));
    for (const [folder, watcher] of this.#watchers)
      if (!folders.has(folder)) {
        watcher.dispose();
        this.#watchers.delete(folder);
      }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watchers.set(folder, this.#watch(folder));
  }

  /** The files named by the open configs as they are, and by what was measured. */
  #named(): readonly string[] {
    const open = this.#store.uris.flatMap((text) => {
      const uri = vscode.Uri.parse(text, true);
      const models = uri.scheme === "file" ? (this.#store.view(text)?.models ?? []) : [];
      return models.flatMap(({ model }) => (model ? namedFiles(model, uri.fsPath) : []));
    });
    return [...open, ...this.#runs.runs.flatMap(namedFilesOf)];
  }

  #watch(folder: string): vscode.FileSystemWatcher {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(folder), "*"));
    const look = ({ fsPath }: vscode.Uri): void => {
      const before = this.#files.get(fsPath);
      const now = before === undefined ? undefined : stampOf(fsPath);
      if (now === undefined || now === before) return;
      this.#files = new Map([...this.#files, [fsPath, now]]);
      this.#changed(fsPath);
    };
    watcher.onDidChange(look);
    watcher.onDidCreate(look);
    watcher.onDidDelete(look);
    return watcher;
  }
}

/** Most files, and most folders, that are watched: a foreign config may name any number. */
const mostFiles = 1000;
const mostFolders = 100;

/** The first `mostFiles` files, without duplicates, of the first folders. */
function within(files: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  return [...new Set(files)].slice(0, mostFiles).filter((file) => {
    const folder = path.dirname(file);
    if (folders.size < mostFolders) folders.add(folder);
    return folders.has(folder);
  });
}

/** Modification time and size; empty if there is no file, or none that may be read. */
function stampOf(file: string): string {
  try {
    const { mtimeMs, size } = fs.statSync(file);
    return `${mtimeMs} ${size}`;
  } catch {
    return "";
  }
}

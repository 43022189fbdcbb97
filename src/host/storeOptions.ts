/** Where the window's runs are kept, and how many of them. */

import path from "node:path";
import * as vscode from "vscode";
import type { Log } from "./log.ts";
import type { Settings } from "./settings.ts";
import type { RunStoreOptions } from "./store/runStore.ts";
import { sharedStorage } from "./store/sharedStorage.ts";

/** Runs are kept in the workspace's storage, or in its first folder; without a workspace, in the user's storage. */
export function storeOptions(
  context: vscode.ExtensionContext,
  settings: () => Settings,
  log: Log,
  uriOf: RunStoreOptions["uriOf"],
  others: () => readonly string[],
): RunStoreOptions {
  const project = (): vscode.Uri | undefined => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    return settings().runsLocation === "project" && vscode.workspace.isTrusted && folder?.scheme === "file"
      ? vscode.Uri.joinPath(folder, ".gradlens", "runs")
      : undefined;
  };
  return {
    root: () => {
      const root = project();
      if (root) return root.fsPath;
      const storage = context.storageUri ?? context.globalStorageUri;
      return storage.scheme === "file" ? path.join(sharedStorage(storage.fsPath), "runs") : null;
    },
    // Where programs write by default (docs/pytorch.md).
    others,
    limits: () => ({ bytes: settings().runsMaxSize, age: settings().runsMaxAge }),
    keep: () => settings().keepRuns,
    uriOf,
    mayBeOf: (folder, configPath) => !isInWorkspace(folder) || isInWorkspace(configPath),
    log: log.write,
  };
}

function isInWorkspace(file: string): boolean {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)) !== undefined;
}

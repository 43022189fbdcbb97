/** The configs with which runs were started, as read-only documents. */

import path from "node:path";
import * as vscode from "vscode";
import type { RunStore } from "../store/runStore.ts";
import type { ListedRun } from "./runList.ts";

const scheme = "gradlens-config";

/** The document of a run's config. Its name does not make it a config of the workspace. */
export function configTextUri({ runId, config }: ListedRun): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${path.basename(config)}c`, query: runId });
}

export function registerConfigTexts(kept: RunStore): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: async ({ query }) => (await kept.load(query))?.configText ?? "",
  });
}

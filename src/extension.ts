/** The entry and exit points for VS Code. */

import "./host/interpretedSchemas.ts";

import { performance } from "node:perf_hooks";
import type * as vscode from "vscode";
import { startServices } from "./host/services.ts";
import type { ExtensionApi } from "./host/testApi.ts";

export function activate(context: vscode.ExtensionContext): ExtensionApi {
  return startServices(context, performance.now());
}

/** Nothing to do: VS Code disposes the context's subscriptions. */
export function deactivate(): void {}

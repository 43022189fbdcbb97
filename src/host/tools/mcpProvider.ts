/**
 * Offers the command line's server of the Model Context Protocol to VS Code (1.101 and newer), so that its chat can list
 * models, measure them and verify fixes. It is detected, because the API is newer than the oldest VS Code that we run on:
 * https://code.visualstudio.com/api/extension-guides/ai/mcp
 */

import * as vscode from "vscode";
import { mcpProviderId } from "../../contributions.ts";
import { classOf, disposableOf, languageModelFunction } from "./newerApi.ts";

/** How VS Code starts a server. */
export interface ServerStart {
  /** Folder of all the configs that it reads. */
  readonly folder: string;
  readonly label: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
  readonly version: string;
}

/** The servers: one for each folder of a trusted workspace, as each reads only the configs of its own folder. */
export function serverStarts(
  cli: string,
  version: string,
  folders: readonly { readonly name: string; readonly path: string }[],
): readonly ServerStart[] {
  return folders.map(({ name, path }) => ({
    folder: path,
    label: folders.length === 1 ? "Gradient Lens" : `Gradient Lens: ${name}`,
    command: process.execPath,
    args: [cli, "mcp", path],
    // VS Code's own program runs scripts as Node does if told to.
    env: { ELECTRON_RUN_AS_NODE: "1" },
    version,
  }));
}

/** @param api the `vscode` module; a test gives its own */
export function offerMcpServer(
  starts: () => readonly ServerStart[],
  changed: vscode.Event<unknown>,
  api: object = vscode,
): vscode.Disposable {
  const register = languageModelFunction(api, "registerMcpServerDefinitionProvider");
  const Definition = classOf(api, "McpStdioServerDefinition");
  if (!register || !Definition) return { dispose: () => {} };
  return disposableOf(
    register(mcpProviderId, {
      onDidChangeMcpServerDefinitions: changed,
      provideMcpServerDefinitions: () =>
        starts().map(
          ({ label, command, args, env, version }) => new Definition(label, command, [...args], env, version),
        ),
    }),
  );
}

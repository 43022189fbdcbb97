/** The tools for programs and language models, for each folder of a trusted workspace. */

import * as vscode from "vscode";
import { offerChatTools } from "./chatTools.ts";
import { offerMcpServer, serverStarts } from "./mcpProvider.ts";
import { ToolServers } from "./toolServers.ts";

export interface OfferedTools {
  readonly extensionUri: vscode.Uri;
  readonly version: string;
  /** Milliseconds after which a process that nobody asks anything is ended. */
  readonly idleTimeout: () => number;
}

export function offerTools({ extensionUri, version, idleTimeout }: OfferedTools): vscode.Disposable {
  const cli = vscode.Uri.joinPath(extensionUri, "dist", "cli.js").fsPath;
  const folders = () =>
    vscode.workspace.isTrusted
      ? (vscode.workspace.workspaceFolders ?? [])
          .filter(({ uri }) => uri.scheme === "file")
          .map(({ name, uri }) => ({ name, path: uri.fsPath }))
      : [];
  const starts = () => serverStarts(cli, version, folders());
  const servers = new ToolServers({ starts, version, idleTimeout });
  return vscode.Disposable.from(
    servers,
    offerChatTools(servers),
    offerMcpServer(starts, vscode.workspace.onDidChangeWorkspaceFolders),
  );
}

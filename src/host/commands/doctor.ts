/** The command "Doctor": reports what runs here and why, as a text to read or to paste into a bug report. */

import * as vscode from "vscode";
import { documentWords } from "../../messages/documents.ts";
import { hostWords } from "../../messages/host.ts";
import { listWords } from "../../messages/lists.ts";
import type { Log } from "../log.ts";
import type { RunService } from "../runs/runService.ts";
import type { VirtualDocuments } from "../virtualDocuments.ts";
import { withoutPaths } from "./withoutPaths.ts";

interface Services {
  readonly runs: RunService;
  readonly log: Log;
  readonly documents: VirtualDocuments;
  readonly version: string;
}

/** Shows the report as a read-only document, which closes without a question. */
export async function doctor({ runs, log, documents, version }: Services): Promise<void> {
  const text = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: hostWords().askingEngine },
    () => report(runs, log, version),
  );
  const document = await vscode.workspace.openTextDocument(documents.put("Gradient Lens Doctor.md", text));
  await vscode.window.showTextDocument(document, { preview: true });
}

async function report(runs: RunService, log: Log, version: string): Promise<string> {
  const { uiKind, remoteName } = vscode.env;
  const place = [
    uiKind === vscode.UIKind.Web ? documentWords().web : documentWords().desktop,
    ...(remoteName ? [documentWords().remote(remoteName)] : []),
  ];
  const fact = (name: string, text: string): string => `- ${documentWords().named({ name, text })}`;
  const lines = [
    `# ${documentWords().doctor}`,
    "",
    `- Gradient Lens: ${version}`,
    `- VS Code: ${vscode.version} (${listWords().commas([vscode.env.appName, ...place])})`,
    fact(documentWords().workspace, vscode.workspace.isTrusted ? documentWords().trusted : documentWords().restricted),
  ];
  try {
    const answer = await runs.doctor();
    lines.push(
      fact(documentWords().engine, `Node ${listWords().commas([answer.node, answer.platform])}`),
      fact(documentWords().backend, answer.backend.label),
    );
    for (const rejected of answer.backend.rejected) lines.push(`  - ${documentWords().notBackend(rejected)}`);
    for (const { name, value } of answer.facts) lines.push(fact(name, value));
  } catch (error) {
    lines.push(
      fact(documentWords().engine, documentWords().noAnswer(error instanceof Error ? error.message : String(error))),
    );
  }
  const errors = log.errors.slice(-10);
  if (errors.length > 0) lines.push("", `## ${documentWords().lastErrors}`, "", ...errors.map((error) => `- ${error}`));
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  return withoutPaths(`${lines.join("\n")}\n`, folders);
}

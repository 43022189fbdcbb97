/** The command "Doctor": reports what runs here and why, as a text to read or to paste into a bug report. */

import * as vscode from "vscode";
import { hostWords } from "../../messages/host.ts";
import type { Log } from "../log.ts";
import type { RunService } from "../runs/runService.ts";
import type { VirtualDocuments } from "../virtualDocuments.ts";

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
  const lines = [
    "# Gradient Lens: doctor",
    "",
    `- Gradient Lens: ${version}`,
    `- VS Code: ${vscode.version} (${vscode.env.appName}, ${vscode.env.uiKind === vscode.UIKind.Web ? "web" : "desktop"}${vscode.env.remoteName ? `, remote: ${vscode.env.remoteName}` : ""})`,
    `- Workspace: ${vscode.workspace.isTrusted ? "trusted" : "Restricted Mode, nothing runs"}`,
  ];
  try {
    const answer = await runs.doctor();
    lines.push(`- Engine: Node ${answer.node}, ${answer.platform}`, `- Backend: ${answer.backend.label}`);
    for (const { name, reason } of answer.backend.rejected) lines.push(`  - not ${name}: ${reason}`);
    for (const { name, value } of answer.facts) lines.push(`- ${name}: ${value}`);
  } catch (error) {
    lines.push(`- Engine: **does not answer.** ${error instanceof Error ? error.message : String(error)}`);
  }
  const errors = log.errors.slice(-10);
  if (errors.length > 0) lines.push("", "## Last errors", "", ...errors.map((error) => `- ${error}`));
  return `${lines.join("\n")}\n`;
}

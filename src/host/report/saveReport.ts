/** Saves a report of a run as HTML or Markdown, whichever name the user gives it. */

import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { Verification } from "../../protocol/verification.ts";
import { configName } from "../runs/configName.ts";
import type { Run } from "../runs/run.ts";
import { confirmSaved, fileName } from "../save/saveAs.ts";
import { writeUri } from "../save/writeUri.ts";
import { reportHtml } from "./html.ts";
import { reportMarkdown } from "./markdown.ts";
import { reportTitle, runReport } from "./runReport.ts";

export async function saveReport(run: Run, verification: Verification | undefined): Promise<void> {
  const name = fileName(`${basename(configName(run.configPath), ".json")}-${run.name}-report`);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(join(dirname(run.configPath), `${name}.html`)),
    filters: { HTML: ["html"], Markdown: ["md"] },
  });
  if (!target) return;
  const parts = runReport(run, verification);
  const text = target.path.endsWith(".md") ? reportMarkdown(parts) : reportHtml(reportTitle(run), parts);
  if (await writeUri(target, new TextEncoder().encode(text), "replace")) void confirmSaved(target);
}

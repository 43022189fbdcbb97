/** Applies a fix of a finding, or shows what it would change. */

import * as vscode from "vscode";
import { applyToText } from "../../config/applyEdits.ts";
import { hostWords } from "../../messages/host.ts";
import { listWords } from "../../messages/lists.ts";
import type { Fix } from "../../protocol/finding.ts";
import { openConfig } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { fixEdit } from "../inline/fixActions.ts";
import { warn } from "../notify.ts";
import { plainLabel } from "../plainLabel.ts";
import { configName } from "../runs/configName.ts";
import type { RunService } from "../runs/runService.ts";
import type { VirtualDocuments } from "../virtualDocuments.ts";
import { columnFor } from "./columnFor.ts";

interface Services {
  readonly runs: RunService;
  readonly store: FindingsStore;
  readonly documents: VirtualDocuments;
}

/** What a fix belongs to, as links, menus and the panel name it. */
export interface NamedFix {
  readonly uri: unknown;
  readonly model: unknown;
  readonly findingId: unknown;
  readonly fixId: unknown;
  /** The run with the finding; without one, the run that the editor shows. */
  readonly runId: unknown;
}

/** Edits the config and shows it; nothing is saved. */
export async function applyFix(services: Services, named: NamedFix): Promise<void> {
  const found = await find(services, named);
  if (!found) return;
  const { document, fix } = found;
  const visible = vscode.window.visibleTextEditors.some((editor) => editor.document === document);
  if (!visible)
    await vscode.window.showTextDocument(document, {
      preview: false,
      viewColumn: columnFor(document.uri.toString()),
    });
  await vscode.workspace.applyEdit(fixEdit(document, fix));
}

/** Shows the config before and after the fix in VS Code's diff editor. */
export async function previewFix(services: Services, named: NamedFix): Promise<void> {
  const found = await find(services, named);
  if (found) await showChange(services.documents, found.document, found.fix);
}

/** Opens VS Code's diff editor with the config as it is and with the fix. */
export async function showChange(documents: VirtualDocuments, document: vscode.TextDocument, fix: Fix): Promise<void> {
  const name = configName(document.uri.path);
  const after = documents.put(hostWords().afterTheFix(name), applyToText(document.getText(), fix.edits));
  const title = listWords().named({ name, text: plainLabel(fix.title) });
  const options = { preview: true, viewColumn: columnFor(document.uri.toString()) };
  await vscode.commands.executeCommand("vscode.diff", document.uri, after, title, options);
}

async function find(
  { runs, store }: Services,
  { uri, model, findingId, fixId, runId }: NamedFix,
): Promise<{ readonly document: vscode.TextDocument; readonly fix: Fix } | undefined> {
  if (typeof uri !== "string") return undefined;
  const document = openConfig(uri) ?? (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true)));
  const run = typeof runId === "string" ? runs.get(runId) : undefined;
  const shown = store.view(uri)?.models.find(({ name }) => name === model)?.findings ?? [];
  const found = (run ? store.findingsOf(run) : shown).find(({ finding }) => finding.id === findingId);
  if (found?.stale) {
    void warn(hostWords().editedSinceMeasured);
    return undefined;
  }
  const fix = found?.finding.fixes.find(({ id }) => id === fixId);
  return fix ? { document, fix } : undefined;
}

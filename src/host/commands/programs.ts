/** Commands about programs and their runs. None of them runs a program. */

import * as vscode from "vscode";
import { runEditorType } from "../../contributions.ts";
import { insertion } from "../../diagnosis/snippets/insertion.ts";
import { torchSnippets } from "../../diagnosis/snippets/torchSnippets.ts";
import { programWords } from "../../messages/programs.ts";
import { isProgram, openConfig, toRange } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { inform } from "../notify.ts";
import type { Run } from "../runs/run.ts";
import { addLens } from "./addLens.ts";
import { columnFor } from "./columnFor.ts";

/** Puts the lens into the program in the active editor; nothing is saved. Where it cannot, it says why. */
export async function addLensToProgram(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (!document || !isProgram(document)) {
    void inform(programWords().openProgramFirst);
    return;
  }
  const found = addLens(document.getText());
  if (found.kind === "unclear") {
    void inform(programWords().threeLines(found.why));
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  for (const { offset, text } of found.insertions) edit.insert(document.uri, document.positionAt(offset), text);
  await vscode.workspace.applyEdit(edit);
}

/** Shows the run of an event file, wherever it lies. */
export async function openExternalRun(given: unknown): Promise<void> {
  const chosen =
    given instanceof vscode.Uri
      ? [given]
      : await vscode.window.showOpenDialog({
          title: programWords().openExternalRun,
          canSelectFolders: true,
          canSelectFiles: true,
          openLabel: programWords().showRun,
        });
  const [uri] = chosen ?? [];
  if (!uri) return;
  const { type } = await vscode.workspace.fs.stat(uri);
  const file = type & vscode.FileType.Directory ? await firstEventFile(uri) : uri;
  if (file) await vscode.commands.executeCommand("vscode.openWith", file, runEditorType);
  else void inform(programWords().noEventFile);
}

async function firstEventFile(folder: vscode.Uri): Promise<vscode.Uri | undefined> {
  const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).sort();
  const name = names.find((one) => one.includes("tfevents"));
  return name === undefined ? undefined : vscode.Uri.joinPath(folder, name);
}

/** Shows the line of a program that made a layer, or that began the run. */
export async function revealInProgram(store: FindingsStore, run: Run, layer: string | null): Promise<void> {
  const found = store.programs.placeOf(run, layer);
  if (!found) return;
  for (const notebook of vscode.workspace.notebookDocuments)
    for (const cell of notebook.getCells())
      if (cell.document.uri.toString() === found.uri) {
        const selections = [new vscode.NotebookRange(cell.index, cell.index + 1)];
        await vscode.window.showNotebookDocument(notebook, { selections });
        return;
      }
  // A cell that is not open is in no file.
  if (typeof found.place.cell === "string") return;
  const uri = vscode.Uri.file(found.place.file);
  const document = await vscode.workspace.openTextDocument(uri);
  const now = store.programs.placeOf(run, layer);
  await vscode.window.showTextDocument(document, {
    preview: false,
    viewColumn: columnFor(uri.toString()),
    ...(now?.range ? { selection: toRange(document, now.range) } : {}),
  });
}

/** What a snippet belongs to, as links name it. */
interface NamedSnippet {
  readonly uri: unknown;
  readonly model: unknown;
  readonly findingId: unknown;
  readonly snippetId: unknown;
}

/** Inserts a suggestion into the program; nothing is saved. */
export async function insertSnippet(
  store: FindingsStore,
  { uri, model, findingId, snippetId }: NamedSnippet,
): Promise<void> {
  if (typeof uri !== "string") return;
  const view = store.view(uri)?.models.find(({ name }) => name === model);
  const layer = view?.layers.find(({ findings }) => findings.some(({ finding }) => finding.id === findingId));
  const finding = layer?.findings.find((found) => found.finding.id === findingId)?.finding;
  const history = view?.shown?.history;
  const document = openConfig(uri);
  if (!layer || !finding || !history || !document) return;
  const snippet = torchSnippets(finding, history, layer.index).find(({ id }) => id === snippetId);
  const place = snippet && insertion(document.getText(), snippet, layer.range);
  if (!place) {
    void inform(programWords().noPlace);
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.positionAt(place.offset), place.text);
  await vscode.workspace.applyEdit(edit);
}

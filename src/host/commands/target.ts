/** Finds what a command refers to: from its arguments, or by asking the user; and whether the workspace lets it run. */

import * as vscode from "vscode";
import { configPattern } from "../../contributions.ts";
import { hostWords } from "../../messages/host.ts";
import { activeConfig, isConfig, openConfig } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { chooseName, complain, inform, warn } from "../notify.ts";
import { plainLabel } from "../plainLabel.ts";
import type { RunTarget } from "../runs/run.ts";

/** Undefined if the user cancelled or was told the reason. `several` offers "All models". */
export async function chooseTargets(
  store: FindingsStore,
  uri: unknown,
  name: unknown,
  several: "all" | "one" = "all",
): Promise<readonly RunTarget[] | undefined> {
  const document = await chooseDocument(uri);
  if (!document) return undefined;
  if (document.uri.scheme !== "file") {
    void complain(hostWords().saveFirst);
    return undefined;
  }
  const key = document.uri.toString();
  const view = store.view(key);
  const sound = view?.models.flatMap(({ model }) => model ?? []) ?? [];
  const target = (model: (typeof sound)[number]): RunTarget => ({
    uri: key,
    configPath: document.uri.fsPath,
    configText: document.getText(),
    model,
  });
  const named = sound.find((model) => model.name === name);
  if (named) return [target(named)];
  if (typeof name === "string" || sound.length === 0) {
    await tellErrors(document, view?.problems[0]?.problem.message);
    return undefined;
  }
  if (sound.length === 1) return sound.map(target);
  const all = hostWords().allModels;
  const names = [...sound.map((model) => model.name), ...(several === "all" ? [all] : [])];
  const picked = await chooseName(names, hostWords().whichModel);
  if (picked === undefined) return undefined;
  const one = sound[picked];
  return one ? [target(one)] : sound.map(target);
}

async function chooseDocument(uri: unknown): Promise<vscode.TextDocument | undefined> {
  if (typeof uri === "string") {
    const open = openConfig(uri);
    if (open) return open;
    const parsed = vscode.Uri.parse(uri, true);
    return vscode.workspace.openTextDocument(parsed).then((d) => (isConfig(d) ? d : undefined));
  }
  const active = activeConfig();
  if (active) return active;
  const files = await vscode.workspace.findFiles(configPattern, "**/node_modules/**", 200);
  const file = files.length > 1 ? await pickFile(files) : files[0];
  if (file) {
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document, { preview: false });
    return document;
  }
  if (files.length === 0) void inform(hostWords().noConfigHere);
  return undefined;
}

async function pickFile(files: readonly vscode.Uri[]): Promise<vscode.Uri | undefined> {
  const items = files.map((file) => ({ label: plainLabel(vscode.workspace.asRelativePath(file)), file }));
  items.sort((a, b) => a.label.localeCompare(b.label));
  return (await vscode.window.showQuickPick(items, { placeHolder: hostWords().whichConfig }))?.file;
}

async function tellErrors(document: vscode.TextDocument, message: string | undefined): Promise<void> {
  const show = hostWords().showProblems;
  const answer = await complain(hostWords().configHasErrors(message ?? hostWords().noSuchModel), show);
  if (answer !== show) return;
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand("workbench.actions.view.problems");
}

/** A run's id; lenses and the panel pass the id itself, the tree passes a run. */
export function runIdOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  if (typeof argument === "object" && argument !== null && "runId" in argument)
    return typeof argument.runId === "string" ? argument.runId : undefined;
  return undefined;
}

/** Ids of the run whose menu was opened, first, and of all selected ones, as the tree passes them. */
export function runIdsOf(argument: unknown, chosen: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(chosen) ? [argument, ...chosen] : [argument];
  return [...new Set(all.flatMap((a) => runIdOf(a) ?? []))];
}

/** Whether the workspace is trusted; if not, tells the user why nothing happens. */
export async function trusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = hostWords().manageTrust;
  const answer = await warn(hostWords().restrictedMode, manage);
  if (answer === manage) await vscode.commands.executeCommand("workbench.trust.manage");
  return false;
}

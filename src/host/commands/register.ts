/**
 * Registers the commands of the manifest. Commands that run a model are also refused here in Restricted Mode, not only
 * hidden in menus.
 */

import * as vscode from "vscode";
import { type CommandId, commands, settings, settingsSection } from "../../contributions.ts";
import { type FindingCode, findingCodes } from "../../protocol/finding.ts";
import type { RunKind } from "../../protocol/run.ts";
import type { DeepProbes } from "../deep/deepProbes.ts";
import { toRange } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import type { FindingDocs } from "../inline/findingDocs.ts";
import type { Log } from "../log.ts";
import type { AskNative } from "../native/askNative.ts";
import type { VerificationService } from "../verify/verificationService.ts";
import type { VirtualDocuments } from "../virtualDocuments.ts";
import { columnFor } from "./columnFor.ts";
import { createExample } from "./createExample.ts";
import { deepProbe, deepProbeCheckpoint } from "./deepProbe.ts";
import { doctor } from "./doctor.ts";
import { applyFix, previewFix } from "./fixes.ts";
import { openExample } from "./openExample.ts";
import { addLensToProgram, insertSnippet, openExternalRun, revealInProgram } from "./programs.ts";
import { runCommands } from "./runCommands.ts";
import type { RunCommandServices } from "./runServices.ts";
import { chooseTargets, runIdOf, trusted } from "./target.ts";
import { applyVerified, showVerified, verifyFixes } from "./verify.ts";

export interface CommandServices extends RunCommandServices {
  readonly extensionId: string;
  readonly extensionUri: vscode.Uri;
  readonly store: FindingsStore;
  readonly deep: DeepProbes;
  readonly verifications: VerificationService;
  readonly docs: FindingDocs;
  readonly native: AskNative;
  readonly log: Log;
  readonly documents: VirtualDocuments;
  readonly version: string;
}

export function registerCommands(services: CommandServices): vscode.Disposable {
  const { runs, deep, panel, docs, log } = services;
  const handlers: { readonly [id in CommandId]?: (...args: unknown[]) => unknown } = {
    ...runCommands(services),
    [commands.probe]: (uri, model) => start(services, "probe", uri, model),
    [commands.train]: (uri, model) => start(services, "train", uri, model),
    [commands.deepProbe]: (uri, model, layer, steps) => deepProbe(services, uri, model, layer, steps),
    [commands.deepProbeCheckpoint]: (run, layer, kind) => deepProbeCheckpoint(services, run, layer, kind),
    [commands.stop]: (run) => {
      const id = runIdOf(run);
      if (id === undefined) {
        runs.stopAll();
        deep.stop();
      } else runs.stop(id);
    },
    [commands.openPanel]: () => panel.showView(),
    [commands.openPanelInEditor]: () => panel.showTab(),
    [commands.createExample]: () => createExample(),
    [commands.openExample]: (name) => openExample(services.extensionUri, name),
    [commands.toggle]: toggle,
    [commands.openSettings]: () =>
      vscode.commands.executeCommand("workbench.action.openSettings", `@ext:${services.extensionId}`),
    [commands.showLog]: () => log.show(),
    [commands.doctor]: async () => {
      if (await trusted()) await doctor(services);
    },
    [commands.nativeCode]: async () => {
      if (await trusted()) await services.native.again();
    },
    [commands.explain]: (code) => explain(docs, code),
    [commands.applyFix]: (uri, model, findingId, fixId, runId) =>
      applyFix(services, { uri, model, findingId, fixId, runId }),
    [commands.previewFix]: (uri, model, findingId, fixId, runId) =>
      previewFix(services, { uri, model, findingId, fixId, runId }),
    [commands.verify]: async (uri, model, findingId, runId) => {
      if (await trusted()) await verifyFixes(services, uri, model, findingId, runId);
    },
    [commands.stopVerifying]: (uri, model) => {
      if (typeof uri === "string" && typeof model === "string") services.verifications.stop(uri, model);
      else services.verifications.stopAll();
    },
    [commands.showVerified]: (uri, model) => showVerified(services, uri, model),
    [commands.applyVerified]: (uri, model, verification, fixId, preview) =>
      applyVerified(services, { uri, model, verification, fixId, preview }),
    [commands.addLens]: () => addLensToProgram(),
    [commands.openExternalRun]: (uri) => openExternalRun(uri),
    [commands.insertSnippet]: (uri, model, findingId, snippetId) =>
      insertSnippet(services.store, { uri, model, findingId, snippetId }),
    [commands.reveal]: (runId, findingId) => reveal(services, runId, findingId),
  };
  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler)),
  );
}

async function start(services: CommandServices, kind: RunKind, uri: unknown, model: unknown): Promise<void> {
  if (!(await trusted())) return;
  const targets = await chooseTargets(services.store, uri, model);
  for (const target of targets ?? []) services.runs.start(kind, target, "user");
  if (kind === "train" && targets && targets.length > 0 && !services.panel.visible) await services.panel.showView();
}

async function toggle(): Promise<void> {
  const section = vscode.workspace.getConfiguration(settingsSection);
  await section.update(settings.enabled, section.get(settings.enabled) !== true, vscode.ConfigurationTarget.Global);
}

async function explain(docs: FindingDocs, code: unknown): Promise<void> {
  const known = findingCodes.find((c): c is FindingCode => c === code);
  if (known) await vscode.commands.executeCommand("vscode.open", docs.target(known), { viewColumn: columnFor("") });
}

/** Shows a finding's place in its config. */
async function reveal({ runs, store }: CommandServices, runId: unknown, findingId: unknown): Promise<void> {
  const run = typeof runId === "string" ? runs.get(runId) : undefined;
  if (!run) return;
  const finding = run.findings.find(({ id }) => id === findingId);
  if (run.program) {
    await revealInProgram(store, run, finding?.layer ?? null);
    return;
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(run.uri, true));
  const found = store.findingsOf(run).find(({ finding }) => finding.id === findingId);
  const selection = found?.range ? toRange(document, found.range) : undefined;
  await vscode.window.showTextDocument(document, {
    preview: false,
    viewColumn: columnFor(run.uri),
    ...(selection ? { selection } : {}),
  });
}

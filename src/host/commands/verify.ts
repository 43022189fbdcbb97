/** Runs a model beside the fixes of its findings, and lets the user choose among the measured results. */

import * as vscode from "vscode";
import { commands } from "../../contributions.ts";
import { hostWords } from "../../messages/host.ts";
import { inlineWords } from "../../messages/inline.ts";
import type { Finding, Fix } from "../../protocol/finding.ts";
import type { VerifiedFix } from "../../protocol/verification.ts";
import { openConfig } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { fixEdit } from "../inline/fixActions.ts";
import { complain, inform, warn } from "../notify.ts";
import { plainLabel } from "../plainLabel.ts";
import type { RunTarget } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import type { VerificationJob, VerificationService } from "../verify/verificationService.ts";
import { fixToApply, verificationOf } from "../verify/verifiedFixes.ts";
import type { PanelHost } from "../views/panelHost.ts";
import type { VirtualDocuments } from "../virtualDocuments.ts";
import { showChange } from "./fixes.ts";
import { chooseTargets } from "./target.ts";
import { verificationNotice } from "./verificationNotice.ts";

interface Services {
  readonly runs: RunService;
  readonly store: FindingsStore;
  readonly verifications: VerificationService;
  readonly panel: Pick<PanelHost, "visible" | "selected">;
  readonly documents: VirtualDocuments;
}

/**
 * Verifies the fixes of a model. The lens, the status bar and the panel show the progress; a notification tells the
 * result, unless the panel shows it.
 *
 * @param findingId the finding whose fixes are run; any other value stands for the gravest finding.
 * @param runId given by the panel: the run with this finding.
 */
export async function verifyFixes(
  { runs, store, verifications, panel, documents }: Services,
  uri: unknown,
  model: unknown,
  findingId: unknown,
  runId: unknown,
): Promise<void> {
  const targets = await chooseTargets(store, uri, model);
  const shown = typeof runId === "string" ? runs.get(runId) : undefined;
  await Promise.all(
    (targets ?? []).map(async (target) => {
      const shownFinding = shown ? findingIn(store.findingsOf(shown), findingId) : findingOf(store, target, findingId);
      // The finding of a verification that is continued may be of a run that is gone.
      const finding = shownFinding ?? verifications.findingOf(target.uri, target.model.name, findingId);
      const job = await verifications.start(target, finding);
      const { selected } = panel;
      const inPanel = panel.visible && selected?.uri === job.uri && selected.name === job.model;
      if (!inPanel) void tell({ store, documents }, job);
    }),
  );
}

/** A notification is fine: the user started this, and looks at something else since. */
async function tell({ store, documents }: Pick<Services, "store" | "documents">, job: VerificationJob): Promise<void> {
  const notice = verificationNotice(job);
  if (!notice) return;
  const { uri, model } = job;
  const titles = {
    apply: hostWords().apply,
    showAll: hostWords().showAll,
    continue: hostWords().continueIt,
  } as const;
  const show = notice.isError ? complain : inform;
  const answer = await show(notice.text, ...notice.offers.map((offer) => titles[offer]));
  if (answer === titles.apply && notice.best) await applyMeasured(store, uri, model, notice.best);
  if (answer === titles.showAll) await showVerified({ store, documents }, uri, model);
  if (answer === titles.continue) await vscode.commands.executeCommand(commands.verify, uri, model, job.findingId);
}

interface FixItem extends vscode.QuickPickItem {
  readonly fix: VerifiedFix;
}

const icons = { better: "check", inconclusive: "question", "no difference": "dash", worse: "warning" } as const;

/** Shows the measured fixes in their order; choosing one applies it. */
export async function showVerified(
  { store, documents }: Pick<Services, "store" | "documents">,
  uri: unknown,
  model: unknown,
): Promise<void> {
  if (typeof uri !== "string" || typeof model !== "string") return;
  const view = store.view(uri)?.models.find((m) => m.name === model);
  const verification = view && verificationOf(view);
  if (!verification) return;
  const items = verification.fixes.map(
    (fix): FixItem => ({
      label: `$(${icons[fix.verdict]}) ${plainLabel(fix.fix.title)}`,
      description: fix.measured,
      detail: hostWords().verdictAndReason({ verdict: inlineWords().verdicts[fix.verdict], reason: fix.reason }),
      fix,
    }),
  );
  const picked = await pickFix(store, documents, uri, model, items, {
    title: hostWords().seedsBySteps({
      model: plainLabel(model),
      seeds: verification.seeds.length,
      steps: verification.steps,
      remark: verification.complete ? "" : hostWords().notAllDone,
    }),
    prompt: hostWords().chooseFix,
  });
  if (picked) await applyMeasured(store, uri, model, picked.fix.fix);
}

/** Lets the user choose a fix, with a button in each line that shows its change first. */
function pickFix(
  store: FindingsStore,
  documents: VirtualDocuments,
  uri: string,
  model: string,
  items: readonly FixItem[],
  texts: { readonly title: string; readonly prompt: string },
): Promise<FixItem | undefined> {
  const preview = { iconPath: new vscode.ThemeIcon("diff"), tooltip: hostWords().previewChange };
  const list = vscode.window.createQuickPick<FixItem>();
  list.title = texts.title;
  list.placeholder = texts.prompt;
  list.matchOnDetail = true;
  list.ignoreFocusOut = true;
  list.items = items.map((item) => ({ ...item, buttons: [preview] }));
  return new Promise((resolve) => {
    list.onDidTriggerItemButton(({ item }) => void previewMeasured(store, documents, uri, model, item.fix.fix));
    list.onDidAccept(() => {
      resolve(list.selectedItems[0]);
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}

/** A measured fix, as the panel names it. */
interface NamedMeasured {
  readonly uri: unknown;
  readonly model: unknown;
  readonly verification: unknown;
  readonly fixId: unknown;
  /** Whether to show what it changes, instead of applying it. */
  readonly preview: unknown;
}

/** Applies a fix that the panel shows as better, identified by its verification and its id, never by an edit. */
export async function applyVerified(
  { store, verifications, documents }: Services,
  { uri, model, verification, fixId, preview }: NamedMeasured,
): Promise<void> {
  if (typeof uri !== "string" || typeof model !== "string") return;
  const fix = fixToApply(verifications.of(uri, model), verification, fixId);
  if (!fix) return;
  // Open the config, because it is edited but not saved.
  const visible = vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri);
  if (!visible) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
    await vscode.window.showTextDocument(document, { preview: false, viewColumn: vscode.ViewColumn.One });
  }
  if (preview === true) await previewMeasured(store, documents, uri, model, fix);
  else await applyMeasured(store, uri, model, fix);
}

/** Shows what a measured fix changes; refuses if the text has changed since. */
async function previewMeasured(
  store: FindingsStore,
  documents: VirtualDocuments,
  uri: string,
  model: string,
  fix: Fix,
): Promise<void> {
  const document = openConfig(uri);
  const view = store.view(uri)?.models.find((m) => m.name === model);
  if (document && view && verificationOf(view)) await showChange(documents, document, fix);
  else await sayEdited(uri, model);
}

/** Refuses if the text has changed since: the fix was measured with another model. */
async function applyMeasured(store: FindingsStore, uri: string, model: string, fix: Fix): Promise<void> {
  const document = openConfig(uri);
  const view = store.view(uri)?.models.find((m) => m.name === model);
  if (document && view && verificationOf(view)) {
    await vscode.workspace.applyEdit(fixEdit(document, fix));
    return;
  }
  await sayEdited(uri, model);
}

async function sayEdited(uri: string, model: string): Promise<void> {
  const again = hostWords().verifyAgain;
  const answer = await warn(hostWords().editedSinceFix, again);
  if (answer === again) await vscode.commands.executeCommand(commands.verify, uri, model);
}

function findingOf(store: FindingsStore, target: RunTarget, id: unknown): Finding | null {
  const view = store.view(target.uri)?.models.find((m) => m.name === target.model.name);
  return findingIn(view?.findings ?? [], id);
}

/** Finds the finding, unless its model was edited since. */
function findingIn(
  findings: readonly { readonly finding: Finding; readonly stale: boolean }[],
  id: unknown,
): Finding | null {
  return findings.find(({ finding, stale }) => finding.id === id && !stale)?.finding ?? null;
}

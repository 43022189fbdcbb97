/** Runs a model beside the fixes of its findings, and lets the user choose among the measured results. */

import * as vscode from "vscode";
import { commands } from "../../contributions.ts";
import type { Finding, Fix } from "../../protocol/finding.ts";
import { conclusionText, type VerifiedFix, verifyingText } from "../../protocol/verification.ts";
import { openConfig } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { fixEdit } from "../inline/fixActions.ts";
import { plainLabel } from "../inline/markdown.ts";
import type { RunTarget } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import type { VerificationJob, VerificationService } from "../verify/verificationService.ts";
import { fixToApply, verificationOf } from "../verify/verifiedFixes.ts";
import { chooseTargets } from "./target.ts";

interface Services {
  readonly runs: RunService;
  readonly store: FindingsStore;
  readonly verifications: VerificationService;
}

/**
 * @param findingId the finding whose fixes are run; any other value stands for the gravest finding.
 * @param runId given by the panel: the run with this finding. The panel itself then shows the progress.
 */
export async function verifyFixes(
  { runs, store, verifications }: Services,
  uri: unknown,
  model: unknown,
  findingId: unknown,
  runId: unknown,
): Promise<void> {
  const targets = await chooseTargets(store, uri, model);
  const shown = typeof runId === "string" ? runs.get(runId) : undefined;
  await Promise.all(
    (targets ?? []).map((target) =>
      shown
        ? verifications.start(target, findingIn(store.findingsOf(shown), findingId))
        : verifyOne(verifications, store, target, findingOf(store, target, findingId)),
    ),
  );
}

async function verifyOne(
  verifications: VerificationService,
  store: FindingsStore,
  target: RunTarget,
  finding: Finding | null,
): Promise<void> {
  const name = plainLabel(target.model.name);
  const job = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t("Verifying the fixes of {0}", name),
      cancellable: true,
    },
    async (progress, token) => {
      let percent = 0;
      const subscription = verifications.onChange((changed) => {
        if (changed.uri !== target.uri || changed.model !== target.model.name || changed.outcome !== null) return;
        const now = (100 * changed.done) / changed.total;
        const message = vscode.l10n.t("run {0} of {1}: {2}", changed.done + 1, changed.total, verifyingText(changed));
        progress.report({ message, increment: Math.max(0, now - percent) });
        percent = Math.max(percent, now);
      });
      token.onCancellationRequested(() => verifications.stop(target.uri, target.model.name));
      try {
        return await verifications.start(target, finding);
      } finally {
        subscription.dispose();
      }
    },
  );
  await tell(store, job, name);
}

/** A notification is fine: the user started this. */
async function tell(store: FindingsStore, { uri, model, outcome }: VerificationJob, name: string): Promise<void> {
  if (outcome?.kind === "sound") {
    void vscode.window.showInformationMessage(vscode.l10n.t("{0} has no finding with a fix to verify.", name));
    return;
  }
  if (outcome?.kind === "ended") {
    const { end } = outcome.ran;
    const reason = end.kind === "refused" ? end.problems[0]?.message : end.kind === "failed" ? end.message : undefined;
    void vscode.window.showErrorMessage(vscode.l10n.t("{0} cannot run. {1}", name, plainLabel(reason ?? "")));
    return;
  }
  if (outcome?.kind !== "verified") return;
  const { fixes, conclusion } = outcome.verification;
  const better = fixes.filter(({ verdict }) => verdict === "better");
  const best = better[0];
  const showAll = vscode.l10n.t("Show All");
  const apply = vscode.l10n.t("Apply");
  const message = best
    ? vscode.l10n.t(
        "{0} of {1} fixes of {2} help. Best: {3} ({4}).",
        better.length,
        fixes.length,
        name,
        best.fix.title,
        best.measured,
      )
    : `${name}: ${plainLabel(conclusionText(conclusion))}`;
  const answer = await vscode.window.showInformationMessage(message, ...(best ? [apply] : []), showAll);
  if (answer === apply && best) await applyMeasured(store, uri, model, best.fix);
  if (answer === showAll) await showVerified(store, uri, model);
}

interface FixItem extends vscode.QuickPickItem {
  readonly fix: VerifiedFix;
}

const icons = { better: "check", inconclusive: "question", "no difference": "dash", worse: "warning" } as const;

/** Shows the measured fixes in their order; choosing one applies it. */
export async function showVerified(store: FindingsStore, uri: unknown, model: unknown): Promise<void> {
  if (typeof uri !== "string" || typeof model !== "string") return;
  const view = store.view(uri)?.models.find((m) => m.name === model);
  const verification = view && verificationOf(view);
  if (!verification) return;
  const items = verification.fixes.map(
    (fix): FixItem => ({
      label: `$(${icons[fix.verdict]}) ${plainLabel(fix.fix.title)}`,
      description: fix.measured,
      detail: `${fix.verdict}: ${fix.reason}`,
      fix,
    }),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t(
      "{0}: {1} seeds × {2} steps{3}",
      plainLabel(model),
      verification.seeds.length,
      verification.steps,
      verification.complete ? "" : vscode.l10n.t(", not all runs done"),
    ),
    placeHolder: vscode.l10n.t("Choose a fix to apply it; nothing is saved"),
    matchOnDetail: true,
  });
  if (picked) await applyMeasured(store, uri, model, picked.fix.fix);
}

/** Applies a fix that the panel shows as better, identified by its verification and its id, never by an edit. */
export async function applyVerified(
  { store, verifications }: Services,
  uri: unknown,
  model: unknown,
  verification: unknown,
  fixId: unknown,
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
  await applyMeasured(store, uri, model, fix);
}

/** Refuses if the text has changed since: the fix was measured with another model. */
async function applyMeasured(store: FindingsStore, uri: string, model: string, fix: Fix): Promise<void> {
  const document = openConfig(uri);
  const view = store.view(uri)?.models.find((m) => m.name === model);
  if (document && view && verificationOf(view)) {
    await vscode.workspace.applyEdit(fixEdit(document, fix));
    return;
  }
  const again = vscode.l10n.t("Verify Again");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t("The config was edited since the fix was measured."),
    again,
  );
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

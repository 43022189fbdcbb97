/**
 * Offers each fix of a finding or problem as a quick fix, which edits the open document: nothing is saved, and undo
 * reverts it.
 */

import * as vscode from "vscode";
import { applyEdits } from "../../config/applyEdits.ts";
import { promptLength } from "../../config/limits.ts";
import type { Problem } from "../../config/problem.ts";
import { shorten } from "../../config/shorten.ts";
import { commands } from "../../contributions.ts";
import { inlineWords } from "../../messages/inline.ts";
import type { Finding, Fix } from "../../protocol/finding.ts";
import { toRange } from "../documents.ts";
import type { ConfigView, ModelView } from "../findings/configView.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import type { Settings } from "../settings.ts";
import { measuredLabel, verifiedFix } from "../verify/verifiedFixes.ts";
import { diagnosticSource } from "./diagnostics.ts";
import { problemsWithFixes } from "./problemFixes.ts";
import { ruleOff } from "./ruleOff.ts";

/** An action whose edit is made only when it is chosen, because making it reads the whole text. */
class FixAction extends vscode.CodeAction {
  readonly document: vscode.TextDocument;
  readonly fix: Fix;

  constructor(title: string, document: vscode.TextDocument, fix: Fix) {
    super(title, vscode.CodeActionKind.QuickFix);
    this.document = document;
    this.fix = fix;
    // The edit is previewed with each move of the cursor: cheap for a usual text, and omitted for a long one.
    if (document.getText().length <= promptLength / 5) this.edit = fixEdit(document, fix);
  }
}

/** Most actions offered for one place; a selection may hold all problems of a config. */
const mostActions = 50;

export class FixActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  };
  readonly #store: FindingsStore;
  readonly #settings: () => Settings;

  constructor(store: FindingsStore, settings: () => Settings) {
    this.#store = store;
    this.#settings = settings;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const { enabled, diagnostics: shown } = this.#settings();
    const view = enabled ? this.#store.view(document.uri.toString()) : undefined;
    if (!view || view.text !== document.getText()) return [];
    const here = problemsWithFixes(view).filter(
      ({ range: place }) => toRange(document, place).intersection(range) !== undefined,
    );
    const repairs = here
      .slice(0, mostActions)
      .flatMap(({ problem, which }) =>
        (problem.fixes ?? []).map((fix, i) => problemAction(document, context, problem, fix, which, i === 0)),
      );
    return shown ? [...repairs, ...this.#findingActions(view, document, range, context)] : repairs;
  }

  resolveCodeAction(action: vscode.CodeAction): vscode.CodeAction {
    if (action instanceof FixAction) action.edit ??= fixEdit(action.document, action.fix);
    return action;
  }

  #findingActions(
    view: ConfigView,
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const here = view.models.map((model) => ({
      model,
      findings: model.findings.filter((f) => toRange(document, f.range).intersection(range) !== undefined),
    }));
    // A place may belong to several models: shared layers, a shared training section.
    const ambiguous = here.filter(({ findings }) => findings.length > 0).length > 1;
    return here.flatMap(({ model, findings }) => {
      const which = ambiguous ? inlineWords().inModel(shorten(model.name)) : "";
      return findings.flatMap(({ finding, stale }) => {
        const diagnostics = context.diagnostics.filter((d) => isOf(d, finding));
        // The measurements of another text are no reason to edit this one.
        const offered = stale ? [] : finding.fixes;
        const fixes = [...offered].sort(byRank(model)).map((fix) => fixAction(document, model, fix, which));
        const verifiable = vscode.workspace.isTrusted && !stale && fixes.length > 0;
        const actions = verifiable ? [...fixes, verifyAction(document, model, finding, which)] : fixes;
        const off = ruleOff(model, finding);
        const all = [...actions, new FixAction(`${off.title}${which}`, document, off)];
        for (const action of all) action.diagnostics = diagnostics;
        return all;
      });
    });
  }
}

/** The edit of a problem; preferred (what "fix" applies by itself) if the config cannot be used without it. */
function problemAction(
  document: vscode.TextDocument,
  context: vscode.CodeActionContext,
  problem: Problem,
  fix: Fix,
  which: string,
  best: boolean,
): vscode.CodeAction {
  const action = new FixAction(`${fix.title}${which}`, document, fix);
  action.diagnostics = context.diagnostics.filter(
    (d) => d.source === diagnosticSource && d.code === undefined && d.message === problem.message,
  );
  if (best && problem.severity === "error") action.isPreferred = true;
  return action;
}

/** A fix, with what a verification measured; the best verified one is preferred (what "fix" applies by itself). */
function fixAction(document: vscode.TextDocument, model: ModelView, fix: Fix, which: string): vscode.CodeAction {
  const verified = verifiedFix(model, fix);
  const measured = verified ? ` – ${measuredLabel(verified.fix)}` : "";
  const action = new FixAction(`${fix.title}${which}${measured}`, document, fix);
  if (verified?.rank === 0 && verified.fix.verdict === "better") action.isPreferred = true;
  return action;
}

function verifyAction(
  document: vscode.TextDocument,
  model: ModelView,
  finding: Finding,
  which: string,
): vscode.CodeAction {
  const title = inlineWords().verifyThese(which);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command: commands.verify, arguments: [document.uri.toString(), model.name, finding.id] };
  return action;
}

/** Orders measured fixes first, the best on top, and leaves the others in place. */
function byRank(model: ModelView): (a: Fix, b: Fix) => number {
  const rank = (fix: Fix): number => verifiedFix(model, fix)?.rank ?? Number.MAX_SAFE_INTEGER;
  return (a, b) => rank(a) - rank(b);
}

/** The whole fix as one edit of the document. */
export function fixEdit(document: vscode.TextDocument, fix: Fix): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { offset, length, content } of applyEdits(document.getText(), fix.edits))
    edit.replace(document.uri, toRange(document, { offset, length }), content);
  return edit;
}

function isOf(diagnostic: vscode.Diagnostic, finding: Finding): boolean {
  return (
    diagnostic.source === diagnosticSource &&
    typeof diagnostic.code === "object" &&
    diagnostic.code.value === finding.code &&
    diagnostic.message.includes(finding.message)
  );
}

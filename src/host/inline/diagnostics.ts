/**
 * Squiggles and entries of the Problems view: errors of the config, problems for which the engine refused a model, and
 * findings.
 */

import * as vscode from "vscode";
import type { Problem } from "../../config/problem.ts";
import { shorten } from "../../config/shorten.ts";
import { isJsonError } from "../../config/source.ts";
import { lagSourceText } from "../../diagnosis/text/lagText.ts";
import { inlineWords } from "../../messages/inline.ts";
import { listWords } from "../../messages/lists.ts";
import { severities as bySeverity, type Severity } from "../../protocol/finding.ts";
import { openConfig, toRange } from "../documents.ts";
import type { ConfigView, ModelView, ProblemView } from "../findings/configView.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import type { RenderLoop } from "../renderLoop.ts";
import type { Settings } from "../settings.ts";
import type { FindingDocs } from "./findingDocs.ts";
import { type ShownFinding, shownFindings } from "./shownFindings.ts";

export const diagnosticSource = "Gradient Lens";

export class Diagnostics {
  readonly #store: FindingsStore;
  readonly #settings: () => Settings;
  readonly #docs: FindingDocs;
  readonly #problems = vscode.languages.createDiagnosticCollection("gradlens.config");
  readonly #findings = vscode.languages.createDiagnosticCollection("gradlens.findings");

  constructor(store: FindingsStore, settings: () => Settings, docs: FindingDocs, loop: RenderLoop) {
    this.#store = store;
    this.#settings = settings;
    this.#docs = docs;
    loop.onRender(({ uri, settled }) => this.#render(uri, settled));
  }

  dispose(): void {
    this.#problems.dispose();
    this.#findings.dispose();
  }

  #render(uriText: string, settled: boolean): void {
    const uri = vscode.Uri.parse(uriText, true);
    const view = this.#store.view(uriText);
    const document = openConfig(uriText);
    const { enabled, diagnostics, diagnosticsLevel } = this.#settings();
    if (!view || !document || !enabled) {
      this.#problems.delete(uri);
      this.#findings.delete(uri);
      return;
    }
    // Half-typed text is full of errors that nobody made; meanwhile the editor moves the old squiggles along.
    if (settled) this.#problems.set(uri, problemsOf(view, document, diagnosticsLevel));
    const shown = diagnostics ? shownFindings(view, diagnosticsLevel) : [];
    this.#findings.set(
      uri,
      shown.map((finding) => this.#finding(document, view, finding)),
    );
  }

  #finding(
    document: vscode.TextDocument,
    view: ConfigView,
    { model, found: { finding, range, stale }, others }: ShownFinding,
  ): vscode.Diagnostic {
    const also = others > 0 ? inlineWords().andOthers(others) : "";
    // One line: VS Code shows it above the hover's picture, and the explanation stands below that.
    const text = `${finding.message}${stale ? inlineWords().measuredBefore : ""}`;
    const message = listWords().named({ name: `${shorten(model.name)}${also}`, text });
    const diagnostic = new vscode.Diagnostic(
      toRange(document, range),
      message,
      stale ? vscode.DiagnosticSeverity.Information : severities[finding.severity],
    );
    diagnostic.source = diagnosticSource;
    diagnostic.code = { value: finding.code, target: this.#docs.target(finding.code) };
    const related = requirement(document, view, model, finding.code);
    if (related) diagnostic.relatedInformation = [related];
    return diagnostic;
  }
}

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

/** @param level the least severity of remarks that are shown; errors of the config always are */
function problemsOf(view: ConfigView, document: vscode.TextDocument, level: Severity): vscode.Diagnostic[] {
  const own = view.problems
    .filter(({ problem }) => !(jsonIsChecked(document) && isJsonError(problem)))
    .map(({ problem, range }) => problemDiagnostic(problem, toRange(document, range)));
  const refused = view.models.flatMap((model) =>
    model.refused.map(({ problem, range }) => problemDiagnostic(problem, toRange(document, range))),
  );
  const wanted = ({ problem }: ProblemView): boolean =>
    bySeverity.indexOf(problem.severity) <= bySeverity.indexOf(level);
  const remarks = view.models.flatMap((model) => model.remarks.filter(wanted));
  // Models that share their data share the remarks on them.
  const once = remarks.filter(({ problem, range }, i) => {
    const same = (other: ProblemView) =>
      other.problem.message === problem.message && other.range.offset === range.offset;
    return remarks.findIndex(same) === i;
  });
  return [
    ...own,
    ...refused,
    ...once.map(({ problem, range }) => problemDiagnostic(problem, toRange(document, range), "information")),
  ];
}

/** Whether VS Code's JSON support underlines what is wrong with the text itself. */
function jsonIsChecked({ uri, languageId }: vscode.TextDocument): boolean {
  const isJson = languageId === "jsonc" || languageId === "json";
  const checks = vscode.workspace.getConfiguration("json", uri).get("validate.enable") !== false;
  return isJson && checks && vscode.extensions.getExtension("vscode.json-language-features")?.isActive === true;
}

function problemDiagnostic(
  problem: Problem,
  range: vscode.Range,
  severity: keyof typeof severities = problem.severity,
): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, problem.message, severities[severity]);
  diagnostic.source = diagnosticSource;
  return diagnostic;
}

/** For a gradient that does not reach far enough: the place that states how far it has to. */
function requirement(
  document: vscode.TextDocument,
  view: ConfigView,
  model: ModelView,
  code: string,
): vscode.DiagnosticRelatedInformation | undefined {
  const info = model.shown?.history?.info;
  if (code !== "vanishing-through-time" || info?.requiredLag == null || !model.requirement) return undefined;
  const why = lagSourceText(info) ?? inlineWords().wholeSequence;
  return new vscode.DiagnosticRelatedInformation(
    new vscode.Location(vscode.Uri.parse(view.uri, true), toRange(document, model.requirement)),
    inlineWords().hasToReach({ requiredLag: info.requiredLag, why }),
  );
}

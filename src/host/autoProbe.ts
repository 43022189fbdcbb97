/**
 * Probes automatically: what a save changed, what a file named in a config changed, and what has no findings when a
 * config is first shown. Only in a trusted workspace, only for configs in a visible editor, and only if the model's
 * meaning differs from what was last measured.
 */

import * as vscode from "vscode";
import type { ResolvedModel } from "../config/resolved.ts";
import { DisposableStore } from "./disposableStore.ts";
import { isConfig, openConfig } from "./documents.ts";
import type { FindingsStore } from "./findings/findingsStore.ts";
import { modelKey, type Run } from "./runs/run.ts";
import type { RunService } from "./runs/runService.ts";
import type { Settings } from "./settings.ts";

/** Milliseconds of quiet before a probe begins: "save all" and format-on-save are one save. */
const quiet = 300;

/** Milliseconds without an edit before a probe follows a save that VS Code made by itself, at each pause in typing. */
const quietAfterAutoSave = 3000;

export class AutoProbe {
  readonly #runs: RunService;
  readonly #store: FindingsStore;
  readonly #settings: () => Settings;
  readonly #ready: Promise<unknown>;
  readonly #waiting = new Map<string, { timer: NodeJS.Timeout; cause: "save" | "open" }>();
  /** Configs whose files changed while one of their models was being trained. */
  readonly #afterTraining = new Set<string>();
  /** Configs whose last save VS Code made by itself. */
  readonly #autoSaved = new Set<string>();
  readonly #subscriptions: DisposableStore;

  /** @param ready resolves when the runs of earlier windows are known, so that nothing is measured again. */
  constructor(runs: RunService, store: FindingsStore, settings: () => Settings, ready: Promise<unknown>) {
    this.#runs = runs;
    this.#store = store;
    this.#settings = settings;
    this.#ready = ready;
    this.#subscriptions = new DisposableStore(
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (reason === vscode.TextDocumentSaveReason.AfterDelay) this.#autoSaved.add(document.uri.toString());
        else this.#autoSaved.delete(document.uri.toString());
      }),
      vscode.workspace.onDidSaveTextDocument((document) => this.#later(document, "save")),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#changed(document);
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.lookAround()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.lookAround()),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document.uri.toString())),
      runs.onChange((run) => {
        if (run.kind === "train" && run.state === "ended" && this.#afterTraining.delete(run.uri))
          this.filesChanged(run.uri);
      }),
    );
    this.lookAround();
  }

  /** Whether a probe is about to begin. */
  get pending(): boolean {
    return this.#waiting.size > 0;
  }

  /** Considers every config that is shown in an editor. */
  lookAround(): void {
    for (const { document } of vscode.window.visibleTextEditors) if (!document.isDirty) this.#later(document, "open");
  }

  /**
   * Treats a change on disk of files that a config names like a save. A training run may write some of them repeatedly,
   * such as checkpoints, so its end is awaited.
   */
  filesChanged(uri: string): void {
    if (this.#runs.going.some((run) => run.kind === "train" && run.uri === uri)) {
      this.#afterTraining.add(uri);
      return;
    }
    const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri);
    if (shown && !shown.document.isDirty) this.#later(shown.document, "save");
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }

  #later(document: vscode.TextDocument, cause: "save" | "open"): void {
    if (!isConfig(document) || document.uri.scheme !== "file" || !this.#wanted(cause)) return;
    const uri = document.uri.toString();
    const before = this.#waiting.get(uri);
    clearTimeout(before?.timer);
    const stronger = before?.cause === "save" ? "save" : cause;
    const wait = stronger === "save" && this.#autoSaved.has(uri) ? quietAfterAutoSave : quiet;
    const timer = setTimeout(async () => {
      await this.#ready;
      if (this.#waiting.get(uri)?.timer !== timer) return;
      this.#waiting.delete(uri);
      // Who leafs through many configs looks at one of them; the others are considered when they are shown again.
      if (stronger === "save" || isShown(uri)) this.#probe(uri, stronger);
    }, wait);
    this.#waiting.set(uri, { timer, cause: stronger });
  }

  /** A text that changed and is not dirty was read again from its file, for example after a `git checkout`. */
  #changed(document: vscode.TextDocument): void {
    const waiting = this.#waiting.get(document.uri.toString());
    if (!document.isDirty) this.#later(document, "save");
    else if (waiting) this.#later(document, waiting.cause);
  }

  #wanted(cause: "save" | "open"): boolean {
    const { probeOnSave, probeOnOpen } = this.#settings();
    return vscode.workspace.isTrusted && (cause === "save" ? probeOnSave : probeOnOpen);
  }

  #probe(uri: string, cause: "save" | "open"): void {
    const document = openConfig(uri);
    const view = this.#store.view(uri);
    if (!document || !view || !this.#wanted(cause)) return;
    for (const { model } of view.models) {
      if (!model || this.#isKnown(uri, model, cause)) continue;
      this.#runs.start(
        "probe",
        { uri, configPath: document.uri.fsPath, configText: document.getText(), model },
        "editor",
      );
    }
  }

  /**
   * Whether the same model was measured, or is about to be. A save retries what could not run: a missing file may exist
   * now.
   */
  #isKnown(uri: string, model: ResolvedModel, cause: "save" | "open"): boolean {
    const key = modelKey(model);
    const last = this.#runs.runs.findLast(
      (run) => run.uri === uri && run.name === model.name && run.end?.kind !== "cancelled",
    );
    if (last === undefined || this.#store.isOvertaken(last)) return false;
    return modelKey(last.model) === key && (cause === "open" || hasAnswer(last));
  }

  #forget(uri: string): void {
    const waiting = this.#waiting.get(uri);
    clearTimeout(waiting?.timer);
    this.#waiting.delete(uri);
    this.#autoSaved.delete(uri);
    for (const run of this.#runs.going) if (run.uri === uri && run.askedBy === "editor") this.#runs.stop(run.runId);
  }
}

function isShown(uri: string): boolean {
  return vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri);
}

function hasAnswer(run: Run): boolean {
  return run.state !== "ended" || (run.end?.kind !== "refused" && run.end?.kind !== "failed");
}

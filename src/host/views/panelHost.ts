/**
 * The panel: a view in the side bar and any number of editor tabs, all pages of the same state. All show the same
 * selected run; a choice in one of them, or in the runs tree, applies to all.
 */

import * as vscode from "vscode";
import { configPattern, panelTabType, views } from "../../contributions.ts";
import { deepChartNames, type FromPanel, panelProtocolVersion, type ToPanel } from "../../protocol/panelMessages.ts";
import type { DeepProbes } from "../deep/deepProbes.ts";
import { DisposableStore } from "../disposableStore.ts";
import { isConfig } from "../documents.ts";
import { Emitter } from "../emitter.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import type { Log } from "../log.ts";
import type { Run } from "../runs/run.ts";
import type { RunService } from "../runs/runService.ts";
import { savePicture } from "../save/saveAs.ts";
import type { VerificationService } from "../verify/verificationService.ts";
import { Comparison } from "./comparison.ts";
import { FollowConfig } from "./followConfig.ts";
import { panelActions } from "./panelActions.ts";
import { findingsOf, historyOf, pictureSubject, saidOf, summariesOf, titleOf } from "./panelContent.ts";
import { type PageRequest, type PanelContainer, PanelPage } from "./panelPage.ts";
import { PanelTiles } from "./panelTiles.ts";
import { PanelVerification } from "./panelVerification.ts";

export interface PanelHostOptions {
  readonly extensionUri: vscode.Uri;
  readonly runs: RunService;
  readonly store: FindingsStore;
  readonly deep: DeepProbes;
  readonly verifications: VerificationService;
  readonly log: Log;
}

export class PanelHost {
  readonly #options: PanelHostOptions;
  readonly #pages = new Set<PanelPage>();
  readonly #subscriptions: DisposableStore;
  readonly #comparison: Comparison;
  readonly #verification: PanelVerification;
  readonly #tiles: PanelTiles;
  readonly #selection = new Emitter<string | undefined>();
  readonly #follow = new FollowConfig();
  #selected: string | undefined;
  #hasConfig = false;
  /** The selected run, or the runs drawn over it, changed. */
  readonly onSelect = this.#selection.on.bind(this.#selection);

  constructor(options: PanelHostOptions) {
    this.#options = options;
    const { runs, store, deep, verifications } = options;
    const shown = {
      runs,
      selected: () => this.selected,
      visible: () => this.visible,
      post: (message: ToPanel) => this.#post(message),
    };
    this.#comparison = new Comparison(shown);
    this.#tiles = new PanelTiles(shown);
    this.#verification = new PanelVerification({
      verifications,
      store,
      selected: () => this.selected,
      changed: () => this.#post(this.#verificationState()),
      verify: panelActions.verify,
      apply: panelActions.applyVerified,
    });
    this.#subscriptions = new DisposableStore(
      this.#comparison,
      this.#verification,
      this.#tiles,
      runs.onChange((run) => this.#runChanged(run)),
      runs.onRemove((run) => this.#removed(run)),
      runs.onReread(({ runId }) => setImmediate(() => runId === this.#selected && this.#postAll())),
      runs.onStart(({ run, info }) => this.#postIfSelected(run, { type: "started", info })),
      runs.onNeed(({ run, need }) => this.#postIfSelected(run, { type: "need", runId: run.runId, need })),
      runs.onFrame(({ run, frame }) => this.#postIfSelected(run, { type: "frame", frame })),
      store.onChange(({ uri }) => (this.selected?.uri === uri || this.selected?.program) && this.#postFindings()),
      deep.onChange(() => this.#post({ type: "deep", deep: deep.view })),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#looksAt(editor?.document)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#postAll()),
      vscode.window.registerWebviewViewProvider(views.panel, { resolveWebviewView: (view) => this.#open(view) }),
      vscode.window.registerWebviewPanelSerializer(panelTabType, {
        deserializeWebviewPanel: async (tab: vscode.WebviewPanel) => this.#open(tab),
      }),
    );
  }

  /** The run that all pages show. */
  get selected(): Run | undefined {
    return this.#selected === undefined ? undefined : this.#options.runs.get(this.#selected);
  }

  /** Whether any page is visible. */
  get visible(): boolean {
    return [...this.#pages].some((page) => page.visible);
  }

  select(runId: string): void {
    if (runId === this.#selected || !this.#options.runs.get(runId)) return;
    this.#selected = runId;
    this.#selection.fire(runId);
    this.#postAll();
  }

  /** Draws other runs over the selected one; an empty list removes them. */
  compare(runIds: readonly string[]): void {
    this.#comparison.choose(runIds);
    this.#selection.fire(this.#selected);
  }

  /** The runs drawn over the selected one. */
  get compared(): readonly string[] {
    return this.#comparison.runIds;
  }

  async showView(): Promise<void> {
    await vscode.commands.executeCommand(`${views.panel}.focus`);
  }

  showTab(): void {
    this.#open(
      vscode.window.createWebviewPanel(panelTabType, "Gradient Lens", {
        viewColumn: vscode.ViewColumn.Beside,
        preserveFocus: true,
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const page of this.#pages) page.dispose();
    this.#selection.dispose();
  }

  #open(container: PanelContainer): void {
    const { extensionUri, log } = this.#options;
    if ("reveal" in container) container.iconPath = vscode.Uri.joinPath(extensionUri, "media", "icon.png");
    this.#name(container);
    const renaming = this.onSelect(() => this.#name(container));
    const page = new PanelPage({
      container,
      extensionUri,
      log,
      snapshot: () => this.#everything(),
      history: (runId) => this.#options.runs.get(runId)?.history,
      receive: (message) => this.#receive(message),
    });
    this.#pages.add(page);
    if (!this.#hasConfig) void this.#lookForConfig();
    container.onDidDispose(() => {
      this.#pages.delete(page);
      renaming.dispose();
      page.dispose();
    });
  }

  /** A tab's title, or a view's, names the config and the model that it shows. */
  #name(container: PanelContainer): void {
    const title = titleOf(this.selected);
    if ("reveal" in container) container.title = title === "" ? "Gradient Lens" : `Gradient Lens: ${title}`;
    else container.description = title;
  }

  #receive(message: PageRequest): void {
    switch (message.type) {
      case "select":
        this.select(message.runId);
        return;
      case "compare":
        this.compare(message.runIds);
        return;
      case "pin":
        this.pin(message.pinned);
        return;
      case "stop":
        this.#options.runs.stop(message.runId);
        return;
      case "deepProbe":
      case "deepProbeCheckpoint":
        if (this.selected) panelActions.deep(this.selected, message);
        return;
      case "stopDeepProbe":
        this.#options.deep.stop();
        return;
      case "verify":
      case "stopVerifying":
      case "applyVerified":
      case "previewVerified":
        this.#verification.receive(message);
        return;
      case "applyFix":
      case "previewFix":
        if (this.selected) panelActions.fix(message.type, this.selected, message.findingId, message.fixId);
        return;
      case "savePicture":
        void this.#savePicture(message);
        return;
      case "reveal":
        panelActions.reveal(this.#selected, message.findingId);
        return;
      case "command":
        // The buttons on a run's page act on its model.
        panelActions[message.command](this.selected);
        return;
    }
  }

  /** Saves a picture of the selected run, or of the newest deep probe. */
  async #savePicture({ chart, png }: Extract<FromPanel, { type: "savePicture" }>): Promise<void> {
    const deep = deepChartNames.some((name) => name === chart) ? this.#options.deep.view : null;
    const of = pictureSubject(this.selected, deep);
    if (of && !(await savePicture(of.config, `${of.name}-${chart}`, png)))
      this.#options.log.write("error", "the panel sent something that is not a picture to save");
  }

  #looksAt(document: vscode.TextDocument | undefined): void {
    if (!document || !isConfig(document)) return;
    const run = this.#follow.became(document.uri.toString(), this.#options.runs.runs, this.selected);
    if (run) this.select(run.runId);
  }

  /** Whether the panel keeps its run while other configs become active. */
  get pinned(): boolean {
    return this.#follow.pinned;
  }

  pin(pinned: boolean): void {
    this.#follow.pinned = pinned;
    this.#selection.fire(this.#selected);
    this.#postAll();
  }

  #runChanged(run: Run): void {
    if (this.#follow.takesOver(run, this.selected)) this.select(run.runId);
    else this.#postRuns();
  }

  #removed(run: Run): void {
    if (run.runId === this.#selected) {
      this.#selected = this.#options.runs.runs.at(-1)?.runId;
      this.#selection.fire(this.#selected);
      this.#postAll();
    } else this.#postRuns();
  }

  #postRuns(): void {
    this.#post({ type: "runs", runs: summariesOf(this.#options.runs.runs), selected: this.#selected ?? null });
  }

  #postFindings(): void {
    const run = this.selected;
    if (run) this.#post({ type: "findings", runId: run.runId, findings: findingsOf(this.#options.store, run) });
  }

  #postIfSelected(run: Run, message: ToPanel): void {
    if (run.runId === this.#selected) this.#post(message);
  }

  #postAll(): void {
    for (const message of this.visible ? this.#everything() : []) this.#post(message);
  }

  #everything(): readonly ToPanel[] {
    const { view: deep } = this.#options.deep;
    return [this.#snapshot(), { type: "deep", deep }, this.#verificationState(), this.#tiles.message()];
  }

  #verificationState(): ToPanel {
    return { type: "verification", verification: this.#verification.view() };
  }

  #post(message: ToPanel): void {
    for (const page of this.#pages) page.post(message);
  }

  #snapshot(): ToPanel {
    return {
      type: "snapshot",
      version: panelProtocolVersion,
      viewer: false,
      runs: summariesOf(this.#options.runs.runs),
      selected: this.#selected ?? null,
      history: historyOf(this.selected),
      figures: this.#comparison.figures(),
      compared: this.#comparison.runs(),
      ...saidOf(this.#options.store, this.selected),
      trusted: vscode.workspace.isTrusted,
      pinned: this.#follow.pinned,
      hasConfig: this.#hasConfig || this.#options.store.uris.length > 0,
    };
  }

  /** Decides between "open your config" and "create one" on an empty page. */
  async #lookForConfig(): Promise<void> {
    this.#hasConfig = (await vscode.workspace.findFiles(configPattern, "**/node_modules/**", 1)).length > 0;
    if (this.#hasConfig) this.#postAll();
  }
}

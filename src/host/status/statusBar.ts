/** The status bar item. */

import * as vscode from "vscode";
import { commands } from "../../contributions.ts";
import { hostWords } from "../../messages/host.ts";
import { DisposableStore } from "../disposableStore.ts";
import { activeConfig } from "../documents.ts";
import type { FindingsStore } from "../findings/findingsStore.ts";
import { commandLink, escapeMarkdown } from "../inline/markdown.ts";
import type { RenderLoop } from "../renderLoop.ts";
import type { RunService } from "../runs/runService.ts";
import type { Settings } from "../settings.ts";
import type { VerificationService } from "../verify/verificationService.ts";
import { type StatusText, statusOf } from "./statusText.ts";

const tooltipCommands = [commands.openPanel, commands.showLog, commands.openSettings, commands.toggle];

export class StatusBar {
  readonly #store: FindingsStore;
  readonly #runs: RunService;
  readonly #verifications: VerificationService;
  readonly #settings: () => Settings;
  readonly #item = vscode.window.createStatusBarItem("gradlens.status", vscode.StatusBarAlignment.Left, 0);
  readonly #subscriptions: DisposableStore;
  #shown: StatusText | undefined;

  constructor(
    store: FindingsStore,
    runs: RunService,
    verifications: VerificationService,
    settings: () => Settings,
    loop: RenderLoop,
  ) {
    this.#store = store;
    this.#runs = runs;
    this.#verifications = verifications;
    this.#settings = settings;
    this.#item.name = "Gradient Lens";
    this.#item.command = commands.openPanel;
    this.#subscriptions = new DisposableStore(
      loop.onRender(() => this.render()),
      // Covers runs of a config that is not open.
      runs.onChange(() => this.render()),
      verifications.onChange(() => this.render()),
      vscode.window.onDidChangeActiveTextEditor(() => this.render()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.render()),
      this.#item,
    );
    this.render();
  }

  get text(): string | undefined {
    return this.#shown?.text;
  }

  render(): void {
    const document = activeConfig();
    const view = document && this.#store.view(document.uri.toString());
    const status = this.#settings().statusBar
      ? statusOf(view, this.#runs.going, this.#verifications.going, vscode.workspace.isTrusted)
      : undefined;
    this.#shown = status;
    if (!status) {
      this.#item.hide();
      return;
    }
    this.#item.text = status.text;
    const lines = status.tooltip.map(escapeMarkdown);
    const links = [
      commandLink(hostWords().openPanel, commands.openPanel),
      commandLink(hostWords().showLogLink, commands.showLog),
      commandLink(hostWords().settings, commands.openSettings),
      commandLink(hostWords().switchOff, commands.toggle),
    ];
    const tooltip = new vscode.MarkdownString(["**Gradient Lens**", ...lines, links.join(" · ")].join("\n\n"));
    tooltip.isTrusted = { enabledCommands: tooltipCommands };
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: `Gradient Lens, ${status.text.replaceAll(/\$\([\w~-]+\) ?/g, "")}` };
    this.#item.show();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

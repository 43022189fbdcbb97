/**
 * One page of the panel (side view or editor tab): sends it what to show, only while it is visible.
 *
 * VS Code discards a hidden page; when it is shown again, it sends `ready` and gets a snapshot.
 */

import * as vscode from "vscode";
import type { RunHistory } from "../../protocol/history.ts";
import { type FromPanel, fromPanelSchema, panelProtocolVersion, type ToPanel } from "../../protocol/panelMessages.ts";
import { DisposableStore } from "../disposableStore.ts";
import type { Log } from "../log.ts";
import { MapSlices } from "./mapSlices.ts";
import { openDropped } from "./openDropped.ts";
import { ownBuffers } from "./ownBuffers.ts";
import { panelHtml } from "./panelHtml.ts";

/** What a page asks of its own host; what any page can ask is done here. */
export type PageRequest = Exclude<FromPanel, { type: "ready" | "openDropped" }>;

export type PanelContainer = vscode.WebviewView | vscode.WebviewPanel;

export interface PanelPageOptions {
  readonly container: PanelContainer;
  readonly extensionUri: vscode.Uri;
  readonly log: Log;
  /** Everything to show, requested when the page is ready. */
  readonly snapshot: () => readonly ToPanel[];
  /** The history of a run that it was sent. */
  readonly history: (runId: string) => RunHistory | null | undefined;
  readonly receive: (message: PageRequest) => void;
}

export class PanelPage {
  readonly #options: PanelPageOptions;
  readonly #subscriptions: DisposableStore;
  readonly #maps: MapSlices;
  #hydrated = false;

  constructor(options: PanelPageOptions) {
    this.#options = options;
    this.#maps = new MapSlices({ history: options.history, post: (message) => this.#send(message) });
    const { container } = options;
    const { webview } = container;
    const dist = vscode.Uri.joinPath(options.extensionUri, "dist");
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const changed = (): void => {
      if (!container.visible) this.#hydrated = false;
    };
    this.#subscriptions = new DisposableStore(
      webview.onDidReceiveMessage((message: unknown) => this.#receive(message)),
      "onDidChangeViewState" in container
        ? container.onDidChangeViewState(changed)
        : container.onDidChangeVisibility(changed),
    );
    webview.html = panelHtml({
      script: webview.asWebviewUri(vscode.Uri.joinPath(dist, "panel.js")).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(dist, "panel.css")).toString(),
      cspSource: webview.cspSource,
    });
  }

  get visible(): boolean {
    return this.#options.container.visible;
  }

  /** Sends a change; a page that is hidden or not ready gets nothing. */
  post(message: ToPanel): void {
    if (this.#send(message)) this.#maps.follow(message);
  }

  dispose(): void {
    this.#hydrated = false;
    this.#maps.clear();
    this.#subscriptions.dispose();
  }

  /** Whether the page may show it. */
  #send(message: ToPanel): boolean {
    if (!this.#hydrated || !this.visible) return false;
    void this.#options.container.webview.postMessage(ownBuffers(message));
    return true;
  }

  #receive(raw: unknown): void {
    const parsed = fromPanelSchema.safeParse(raw);
    if (!parsed.success) {
      this.#options.log.write("error", `the panel sent an unknown message: ${parsed.error.message}`);
      return;
    }
    const message = parsed.data;
    if (message.type === "openDropped") {
      void openDropped(message.uris);
      return;
    }
    if (message.type !== "ready") {
      this.#options.receive(message);
      return;
    }
    if (message.version !== panelProtocolVersion)
      this.#options.log.write(
        "error",
        `the panel's page speaks version ${message.version}, the extension ${panelProtocolVersion}: reload the window`,
      );
    this.#hydrated = true;
    for (const part of this.#options.snapshot()) this.post(part);
  }
}

/** What VS Code gives a webview's script; may be acquired once per page. */

import type { FromPanel } from "../src/protocol/panelMessages.ts";

export interface VsCodeApi {
  postMessage(message: FromPanel): void;
  /** Whatever an earlier life of this page saved: to be parsed like any input. */
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export const vscode: VsCodeApi = acquireVsCodeApi();

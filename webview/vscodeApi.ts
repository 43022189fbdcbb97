/** VS Code's interface for a webview's script; may be acquired once per page. */

import type { FromPanel } from "../src/protocol/panelMessages.ts";

export interface VsCodeApi {
  postMessage(message: FromPanel): void;
  /** The state that an earlier instance of this page saved; parse it like any input. */
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export const vscode: VsCodeApi = acquireVsCodeApi();

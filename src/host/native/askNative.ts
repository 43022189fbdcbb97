/** Asks the user whether a workspace's native code may run. */

import * as vscode from "vscode";
import { type NativeConsent, nativePackage } from "./nativeConsent.ts";

/** Whose own copy of tfjs-node the engine may load; empty: nobody's. */
export function trustedFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.workspace.isTrusted && folder?.scheme === "file" ? folder.fsPath : "";
}

export class AskNative {
  readonly #consent: NativeConsent;
  readonly #changed: () => void;
  /** Packages that were asked about since the window was opened: an unanswered question is not repeated. */
  readonly #asked = new Set<string>();

  /** @param changed the answer is another one than before: the engines are to be started anew. */
  constructor(consent: NativeConsent, changed: () => void) {
    this.#consent = consent;
    this.#changed = changed;
  }

  /** To be called when a run that could use it has begun: beside it, once, and only where there is no answer yet. */
  async once(): Promise<void> {
    const workspace = trustedFolder();
    const state = workspace === "" ? null : this.#consent.state(workspace);
    if (state?.kind !== "unasked" || this.#asked.has(state.folder)) return;
    this.#asked.add(state.folder);
    await this.#ask(state.folder, false);
  }

  /** The command: asks whatever the answer was. */
  async again(): Promise<void> {
    const workspace = trustedFolder();
    const state = workspace === "" ? null : this.#consent.state(workspace);
    if (state && state.kind !== "none") await this.#ask(state.folder, true);
    else {
      const outside = state?.outside ?? null;
      void vscode.window.showInformationMessage(
        outside === null
          ? vscode.l10n.t("This workspace has no {0} of its own.", nativePackage)
          : vscode.l10n.t("This workspace has no {0} of its own: {1} is outside of it.", nativePackage, outside),
      );
    }
  }

  async #ask(folder: string, modal: boolean): Promise<void> {
    const allow = vscode.l10n.t("Allow");
    const refuse = vscode.l10n.t("Never");
    const question = vscode.l10n.t(
      "This workspace has its own TensorFlow, {0}. It is native code, which Gradient Lens runs only if you allow it. Runs work without.",
      folder,
    );
    const answer = modal
      ? await vscode.window.showWarningMessage(question, { modal }, allow, refuse)
      : await vscode.window.showWarningMessage(question, allow, refuse);
    if (answer === undefined) return;
    await this.#consent.answer(folder, answer === allow);
    this.#changed();
  }
}

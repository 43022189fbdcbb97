/** Asks the user whether a workspace's native code may run. */

import * as vscode from "vscode";
import { hostWords } from "../../messages/host.ts";
import { ask, inform, warn } from "../notify.ts";
import { type NativeConsent, nativePackage } from "./nativeConsent.ts";

/** The trusted workspace folder whose copy of tfjs-node the engine may load; empty if there is none. */
export function trustedFolder(): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return vscode.workspace.isTrusted && folder?.scheme === "file" ? folder.fsPath : "";
}

export class AskNative {
  readonly #consent: NativeConsent;
  readonly #changed: () => void;
  /** Packages asked about since the window was opened: an unanswered question is not repeated. */
  readonly #asked = new Set<string>();

  /** @param changed called when the answer changes: the engines must then be restarted. */
  constructor(consent: NativeConsent, changed: () => void) {
    this.#consent = consent;
    this.#changed = changed;
  }

  /** Asks once, when a run that could use the package has begun, and only if there is no answer yet. */
  async once(): Promise<void> {
    const workspace = trustedFolder();
    const state = workspace === "" ? null : this.#consent.state(workspace);
    if (state?.kind !== "unasked" || this.#asked.has(state.folder)) return;
    this.#asked.add(state.folder);
    await this.#ask(state.folder, false);
  }

  /** Asks even if there is an answer already; this is the command. */
  async again(): Promise<void> {
    const workspace = trustedFolder();
    const state = workspace === "" ? null : this.#consent.state(workspace);
    if (state && state.kind !== "none") await this.#ask(state.folder, true);
    else {
      const outside = state?.outside ?? null;
      void inform(
        outside === null
          ? hostWords().noOwnPackage(nativePackage)
          : hostWords().packageOutside({ nativePackage, outside }),
      );
    }
  }

  async #ask(folder: string, modal: boolean): Promise<void> {
    const allow = hostWords().allow;
    const refuse = hostWords().never;
    const question = hostWords().mayRunNative(folder);
    const answer = modal ? await ask(question, allow, refuse) : await warn(question, allow, refuse);
    if (answer === undefined) return;
    await this.#consent.answer(folder, answer === allow);
    this.#changed();
  }
}

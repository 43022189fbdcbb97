/** A verification in sentences, for users who cannot watch it: the current run, from time to time, and the result. */

import { panelWords } from "../../src/messages/panel.ts";
import { verifyingText } from "../../src/protocol/verification.ts";
import type { VerificationView } from "../../src/protocol/verificationView.ts";
import type { Block } from "../charts/scheduler.ts";
import { ownVerification } from "../state/selection.ts";
import type { View } from "../state/store.ts";
import { Announcer } from "./announcer.ts";

export class LiveVerification implements Block {
  readonly interval = 250;
  readonly #announcer = new Announcer();
  readonly element = this.#announcer.element;
  /** The verification that was seen running: one that ended earlier is not announced again when the page comes back. */
  #watched: number | null = null;

  render(view: View): void {
    const verification = ownVerification(view);
    if (verification === null) return;
    const { state, id } = verification;
    if (state.kind === "busy") {
      const { done, total, what } = state.progress;
      if (what !== "")
        this.#announcer.say(panelWords().verifyingRun({ run: done + 1, total, what: verifyingText(state.progress) }));
      this.#watched = id;
    } else if (this.#watched === id) {
      this.#watched = null;
      this.#announcer.answer(outcome(verification));
    }
  }
}

function outcome({ state }: VerificationView): string {
  if (state.kind === "sound") return panelWords().nothingToVerify;
  // A failure is an alert already.
  if (state.kind !== "done") return "";
  return panelWords().verified(state.result.conclusion.text);
}

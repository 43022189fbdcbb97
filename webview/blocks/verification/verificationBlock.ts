/** Verified fixes of the run's model: the progress of the runs, then the measured effect of each fix. */

import { panelWords } from "../../../src/messages/panel.ts";
import { purposeText, verifyingText } from "../../../src/protocol/verification.ts";
import type { VerificationView, VerifiedView } from "../../../src/protocol/verificationView.ts";
import type { Block } from "../../charts/scheduler.ts";
import { el, icons, setText } from "../../dom.ts";
import { ownVerification } from "../../state/selection.ts";
import type { Store, View } from "../../state/store.ts";
import { type VerifiedTable, verifiedTable } from "./verifiedTable.ts";

export class VerificationBlock implements Block {
  readonly interval = 0;
  readonly element: HTMLElement;
  readonly #store: Store;
  readonly #title = el("h2", { id: "verification-title", tabindex: -1 }, panelWords().verifiedFixes);
  readonly #readout = el("p", { class: "readout" });
  readonly #againText = el("span", {}, panelWords().verifyAgain);
  readonly #again = el("button", { type: "button", class: "tool-button" }, icons.play(), this.#againText);
  readonly #stop = el(
    "button",
    { type: "button", class: "tool-button" },
    icons.stop(),
    el("span", {}, panelWords().stop),
  );
  readonly #stage = el("span", { "aria-hidden": "true" });
  readonly #bar = el("progress", { max: 1, "aria-label": panelWords().verifyingFixes });
  readonly #busy = el("div", { class: "deep-busy" }, this.#bar, this.#stage);
  readonly #failed = el("p", { class: "trouble", role: "alert" });
  readonly #note = el("p", { class: "stale-note" });
  readonly #conclusion = el("div", { class: "conclusion" });
  readonly #place = el("div", { class: "verified" });
  #concluded: VerifiedView | null = null;
  #shown: { readonly id: number; readonly table: VerifiedTable } | null = null;
  #focusWhenBusy = false;

  constructor(store: Store) {
    this.#store = store;
    this.#stop.addEventListener("click", () => store.send({ type: "stopVerifying" }));
    this.#again.addEventListener("click", () => this.ask(null));
    this.element = el(
      "section",
      { class: "block verification", "aria-labelledby": "verification-title", hidden: true },
      el(
        "div",
        { class: "block-head" },
        this.#title,
        this.#readout,
        el("div", { class: "tools" }, this.#again, this.#stop),
      ),
      this.#busy,
      this.#failed,
      this.#note,
      this.#conclusion,
      this.#place,
    );
  }

  /** Verifies the fixes of a finding; null for those of the gravest. The focus moves to the button that stops it. */
  ask(findingId: string | null): void {
    this.#focusWhenBusy = true;
    this.element.scrollIntoView({ block: "nearest" });
    this.#store.send({ type: "verify", findingId });
  }

  render(view: View): void {
    const verification = ownVerification(view);
    this.element.hidden = view.link !== "live" || verification === null;
    if (this.element.hidden || verification === null) return;
    const { state } = verification;
    const result = state.kind === "done" ? state.result : null;
    const busy = state.kind === "busy";
    const heldFocus = document.activeElement === this.#stop;

    setText(this.#readout, readout(verification));
    this.#again.hidden = busy;
    setText(
      this.#againText,
      verification.continuable && !verification.stale ? panelWords().continueIt : panelWords().verifyAgain,
    );
    this.#again.disabled = !view.trusted;
    this.#stop.hidden = !busy;
    this.#busy.hidden = !busy;
    if (busy) {
      const { done, total, what } = state.progress;
      const stage =
        what === ""
          ? panelWords().waitingForEngine
          : panelWords().runOf({ run: done + 1, total, what: verifyingText(state.progress) });
      setText(this.#stage, stage);
      this.#bar.value = done / total;
      this.#bar.setAttribute("aria-valuetext", stage);
      // Do not take the focus from the editor, where the user may have gone on.
      if (this.#focusWhenBusy && document.hasFocus()) this.#stop.focus();
      this.#focusWhenBusy = false;
    }
    setText(this.#failed, state.kind === "failed" ? state.message : "");
    this.#failed.hidden = state.kind !== "failed";
    const note = noteOf(verification);
    setText(this.#note, note);
    this.#note.hidden = note === "";
    this.#conclude(result);
    this.#showTable(verification, result);
    if (!busy && heldFocus) this.#title.focus();
  }

  #conclude(result: VerifiedView | null): void {
    this.#conclusion.hidden = result === null;
    if (result === null || this.#concluded === result) return;
    this.#concluded = result;
    const { text, causes } = result.conclusion;
    const remaining =
      causes.length === 0
        ? []
        : [
            el("p", { class: "fixes-title" }, panelWords().remains),
            el("ul", { class: "fixes" }, ...causes.map((cause) => el("li", {}, cause))),
          ];
    this.#conclusion.replaceChildren(el("p", {}, text), ...remaining);
  }

  #showTable({ id, stale }: VerificationView, result: VerifiedView | null): void {
    if (result === null || result.fixes.length === 0) {
      this.#shown = null;
      this.#place.replaceChildren(...(result ? impossible(result) : []));
      return;
    }
    if (this.#shown?.id !== id) {
      const send = (type: "applyVerified" | "previewVerified") => (fixId: string) =>
        this.#store.send({ type, verification: id, fixId });
      const table = verifiedTable(result, { apply: send("applyVerified"), preview: send("previewVerified") });
      this.#shown = { id, table };
      this.#place.replaceChildren(table.element, ...impossible(result));
    }
    for (const button of this.#shown.table.applyButtons) button.disabled = stale;
  }
}

function readout({ model, state }: VerificationView): string {
  if (state.kind !== "done") return model;
  const { layer } = state.result;
  return panelWords().purpose({
    subject: layer === null ? model : `${model} / ${layer}`,
    purpose: purposeText(state.result),
  });
}

function noteOf({ state, stale }: VerificationView): string {
  const notes: string[] = [];
  if (state.kind === "sound") notes.push(panelWords().noFix);
  if (state.kind === "done" && state.result.fixes.length === 0) notes.push(panelWords().noFixRan);
  if (stale && state.kind === "busy") notes.push(panelWords().runsAsBefore);
  if (stale && state.kind === "done") notes.push(panelWords().verifiedBefore);
  return notes.join(" ");
}

/** Fixes that could not be run at all. */
function impossible(result: VerifiedView): readonly HTMLElement[] {
  if (result.impossible.length === 0) return [];
  const items = result.impossible.map(({ title, reason }) => el("li", {}, panelWords().reasonOf({ title, reason })));
  return [el("p", { class: "fixes-title" }, panelWords().couldNotRun), el("ul", { class: "fixes" }, ...items)];
}

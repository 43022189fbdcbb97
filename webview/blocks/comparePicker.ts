/** The header's list of check boxes that chooses the runs to draw over the selected one. */

import { panelWords } from "../../src/messages/panel.ts";
import { mostCompared, type RunSummary } from "../../src/protocol/panelMessages.ts";
import { el, setText } from "../dom.ts";
import type { Store, View } from "../state/store.ts";
import { runName } from "../text/runWords.ts";

export class ComparePicker {
  readonly element: HTMLDetailsElement;
  readonly #store: Store;
  readonly #label = el("span", {});
  readonly #list = el("ul", { class: "compare-list", "aria-label": panelWords().compareWith });
  readonly #boxes = new Map<string, HTMLInputElement>();
  #shown = "";

  constructor(store: Store) {
    this.#store = store;
    this.element = el(
      "details",
      { class: "compare" },
      el("summary", { class: "tool-button", title: panelWords().drawOthers }, this.#label),
      el("div", { class: "compare-menu" }, this.#list, moreRuns(store)),
    );
    this.element.addEventListener("keydown", (e) => {
      if (e.key !== "Escape" || !this.element.open) return;
      this.element.open = false;
      this.element.querySelector("summary")?.focus();
    });
    // A click elsewhere on the page closes the list.
    document.addEventListener("pointerdown", (e) => {
      if (e.target instanceof Node && !this.element.contains(e.target)) this.element.open = false;
    });
  }

  update(view: View): void {
    const { run, runs, compared } = view;
    const others = run === null ? [] : offered(run, runs);
    this.#list.hidden = others.length === 0;
    const key = others.map((r) => `${r.runId}\n${runName(r)}`).join("\n\n");
    if (key !== this.#shown) {
      this.#shown = key;
      const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.value : "";
      this.#boxes.clear();
      this.#list.replaceChildren(
        ...others.map((r) => this.#entry(r, r.model === run?.base && r.config === run.config)),
      );
      this.#boxes.get(focused)?.focus();
    }
    const chosen = compared.map((c) => c.runId);
    for (const [runId, box] of this.#boxes) {
      box.checked = chosen.includes(runId);
      box.disabled = !box.checked && chosen.length >= mostCompared;
    }
    setText(this.#label, chosen.length === 0 ? panelWords().compare : panelWords().compareMany(chosen.length));
  }

  #entry(run: RunSummary, isBase: boolean): HTMLElement {
    const box = el("input", { type: "checkbox", value: run.runId });
    box.addEventListener("change", () => {
      const chosen = this.#store.view.compared.map((c) => c.runId).filter((id) => id !== run.runId);
      this.#store.send({ type: "compare", runIds: box.checked ? [...chosen, run.runId] : chosen });
    });
    this.#boxes.set(run.runId, box);
    const note = isBase ? el("span", { class: "note" }, panelWords().extended) : null;
    return el("li", {}, el("label", {}, box, el("span", {}, runName(run)), note));
  }
}

/** Other runs with measurements: first the newest of the base, then the newest of all. */
function offered(run: RunSummary, runs: readonly RunSummary[]): readonly RunSummary[] {
  const others = runs
    .filter((r) => r.runId !== run.runId && r.state !== "starting" && r.end?.kind !== "refused")
    .sort((a, b) => b.startedAt - a.startedAt);
  const base = others.find((r) => r.model === run.base && r.config === run.config);
  return base === undefined ? others : [base, ...others.filter((r) => r !== base)];
}

/** A button that asks the host which of all runs to compare with: the page knows only those in memory. */
export function moreRuns(store: Store): HTMLButtonElement {
  const attributes = { type: "button", class: "tool-button more-runs", title: panelWords().otherRunsWhy };
  const button = el("button", attributes, panelWords().otherRunsToCompare);
  button.addEventListener("click", () => store.send({ type: "command", command: "compare" }));
  return button;
}

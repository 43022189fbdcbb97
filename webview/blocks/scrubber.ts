/** Moves the linked cursor over all steps; "newest" makes it follow the run. */

import { panelWords } from "../../src/messages/panel.ts";
import { formatCount } from "../../src/protocol/numberText.ts";
import type { Block } from "../charts/scheduler.ts";
import { el, setAttribute, setText } from "../dom.ts";
import { pinStep } from "../state/moveCursor.ts";
import { cursorStep, followsNewest } from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";

export class Scrubber implements Block {
  readonly interval = 0;
  readonly element: HTMLElement;
  readonly #range = el("input", { type: "range", min: 1, max: 1, step: 1, "aria-label": panelWords().stepName });
  readonly #text = el("output", {});
  readonly #live = el(
    "button",
    { type: "button", class: "live", title: panelWords().followNewest },
    panelWords().newest,
  );

  constructor(store: Store) {
    this.element = el(
      "section",
      { class: "block scrubber", "aria-label": panelWords().stepAtCursor },
      this.#range,
      this.#text,
      this.#live,
    );
    this.#range.addEventListener("input", () => store.choose({ step: pinStep(store, Number(this.#range.value)) }));
    this.#live.addEventListener("click", () => store.choose({ step: null }));
  }

  render(view: View): void {
    const last = view.history?.lastStep ?? 0;
    const step = cursorStep(view);
    setAttribute(this.#range, "min", String(view.history?.steps[0] ?? 1));
    setAttribute(this.#range, "max", String(Math.max(1, last)));
    if (Number(this.#range.value) !== step) this.#range.value = String(step);
    setAttribute(
      this.#range,
      "aria-valuetext",
      panelWords().stepOfLast({ step: formatCount(step), last: formatCount(last) }),
    );
    setText(this.#text, panelWords().step(formatCount(step)));
    setAttribute(this.#live, "aria-pressed", String(followsNewest(view)));
  }
}

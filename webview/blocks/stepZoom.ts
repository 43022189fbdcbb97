/** Zoom over the steps: the charts that have steps at their x-axis show the same part of them. */

import { chartWords } from "../../src/messages/charts.ts";
import { wholeSteps } from "../charts/plot.ts";
import { el } from "../dom.ts";
import { cursorStep } from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";
import type { UiState } from "../state/uiState.ts";
import { panned, type Zoom, zoomed } from "../state/zoom.ts";

/** How much a turn of the wheel zooms, per pixel, and how much a key does. */
const perPixel = 0.002;
const perKey = 0.7;

export class StepZoom {
  readonly element = el("button", { type: "button", class: "tool-button reset-zoom" }, chartWords().resetZoom);
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    this.element.addEventListener("click", () => store.choose({ zoom: null }));
  }

  update({ ui }: View): void {
    this.element.hidden = ui.zoom === null;
  }

  /**
   * Zooms with Ctrl and the wheel, + and −; moves with Shift and the wheel; 0 shows all.
   *
   * @param whole all steps
   * @param stepAt the step at a pixel of the canvas
   */
  listen(canvas: HTMLCanvasElement, whole: () => Zoom, stepAt: (x: number) => number): void {
    this.wheel(canvas, whole, stepAt);
    canvas.parentElement?.addEventListener("keydown", (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const { from, to } = this.#shown(whole);
      if (e.key === "0") this.#show(null);
      else if (e.key === "+" || e.key === "=") this.#show(zoomed({ from, to }, whole(), (from + to) / 2, perKey));
      else if (e.key === "-") this.#show(zoomed({ from, to }, whole(), (from + to) / 2, 1 / perKey));
      else return;
      e.preventDefault();
    });
  }

  /** Zooms and moves with the wheel alone; without an axis, around the step of the cursor. */
  wheel(
    element: HTMLElement,
    whole = () => wholeSteps(this.#store.view.history ?? undefined),
    stepAt: (x: number) => number = () => cursorStep(this.#store.view),
  ): void {
    element.addEventListener(
      "wheel",
      (e) => {
        if (e.ctrlKey || e.metaKey) {
          e.preventDefault();
          this.#show(zoomed(this.#shown(whole), whole(), stepAt(e.offsetX), Math.exp(e.deltaY * perPixel)));
        } else if (this.#store.view.ui.zoom !== null && (e.shiftKey || e.deltaX !== 0)) {
          e.preventDefault();
          const { from, to } = this.#shown(whole);
          const pixels = e.deltaX === 0 ? e.deltaY : e.deltaX;
          this.#show(panned({ from, to }, whole(), (pixels * (to - from)) / Math.max(1, element.clientWidth)));
        }
      },
      { passive: false },
    );
  }

  #shown(whole: () => Zoom): Zoom {
    return this.#store.view.ui.zoom ?? whole();
  }

  #show(zoom: UiState["zoom"]): void {
    this.#store.choose({ zoom });
  }
}

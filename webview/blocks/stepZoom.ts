/** Zoom over the steps: the charts that have steps at their x-axis show the same part of them. */

import { chartWords } from "../../src/messages/charts.ts";
import { el } from "../dom.ts";
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
    const shown = (): Zoom => this.#store.view.ui.zoom ?? whole();
    const show = (zoom: UiState["zoom"]): void => this.#store.choose({ zoom });
    canvas.addEventListener(
      "wheel",
      (e) => {
        if (e.ctrlKey || e.metaKey) {
          e.preventDefault();
          show(zoomed(shown(), whole(), stepAt(e.offsetX), Math.exp(e.deltaY * perPixel)));
        } else if (this.#store.view.ui.zoom !== null && (e.shiftKey || e.deltaX !== 0)) {
          e.preventDefault();
          const { from, to } = shown();
          const pixels = e.deltaX === 0 ? e.deltaY : e.deltaX;
          show(panned({ from, to }, whole(), (pixels * (to - from)) / Math.max(1, canvas.clientWidth)));
        }
      },
      { passive: false },
    );
    canvas.parentElement?.addEventListener("keydown", (e) => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const { from, to } = shown();
      if (e.key === "0") show(null);
      else if (e.key === "+" || e.key === "=") show(zoomed({ from, to }, whole(), (from + to) / 2, perKey));
      else if (e.key === "-") show(zoomed({ from, to }, whole(), (from + to) / 2, 1 / perKey));
      else return;
      e.preventDefault();
    });
  }
}

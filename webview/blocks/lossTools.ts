/** The tools of the loss chart: scale, smoothing and zoom. */

import { Picker } from "../charts/pickers.ts";
import { el } from "../dom.ts";
import type { Store, View } from "../state/store.ts";
import type { UiState } from "../state/uiState.ts";
import { panned, type Zoom, zoomed } from "../state/zoom.ts";

const scales = [
  { value: "auto", text: "scale: auto" },
  { value: "linear", text: "linear" },
  { value: "log", text: "logarithmic" },
] as const;

const smoothings = [
  { value: "0", text: "not smoothed" },
  { value: "0.6", text: "smoothed" },
  { value: "0.9", text: "more" },
  { value: "0.98", text: "most" },
] as const;

/** How much a turn of the wheel zooms, per pixel, and how much a key does. */
const perPixel = 0.002;
const perKey = 0.7;

export class LossTools {
  readonly elements: readonly HTMLElement[];
  readonly #store: Store;
  readonly #scale: Picker;
  readonly #smoothing: Picker;
  readonly #reset = el("button", { type: "button", class: "tool-button reset-zoom" }, "Reset zoom");

  constructor(store: Store) {
    this.#store = store;
    this.#scale = new Picker("Scale of the loss", "Scale of the loss", (value) => {
      const lossScale = scales.find((s) => s.value === value)?.value ?? "auto";
      store.choose({ lossScale });
    });
    this.#smoothing = new Picker(
      "Smoothing of the loss",
      "Exponential moving average; the loss as it is stays behind it",
      (value) => store.choose({ smoothing: Number(value) }),
    );
    this.#reset.addEventListener("click", () => store.choose({ zoom: null }));
    this.elements = [this.#reset, this.#scale.element, this.#smoothing.element];
  }

  update({ ui }: View): void {
    this.#reset.hidden = ui.zoom === null;
    this.#scale.update(scales, ui.lossScale);
    this.#smoothing.update(smoothings, String(ui.smoothing));
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

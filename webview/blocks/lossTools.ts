/** The tools of the loss chart: scale and smoothing. */

import { Picker } from "../charts/pickers.ts";
import type { Store, View } from "../state/store.ts";

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

export class LossTools {
  readonly elements: readonly HTMLElement[];
  readonly #scale: Picker;
  readonly #smoothing: Picker;

  constructor(store: Store) {
    this.#scale = new Picker("Scale of the loss", "Scale of the loss", (value) => {
      const lossScale = scales.find((s) => s.value === value)?.value ?? "auto";
      store.choose({ lossScale });
    });
    this.#smoothing = new Picker(
      "Smoothing of the loss",
      "Exponential moving average; the loss as it is stays behind it",
      (value) => store.choose({ smoothing: Number(value) }),
    );
    this.elements = [this.#scale.element, this.#smoothing.element];
  }

  update({ ui }: View): void {
    this.#scale.update(scales, ui.lossScale);
    this.#smoothing.update(smoothings, String(ui.smoothing));
  }
}

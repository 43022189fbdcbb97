/** The tools of the loss chart: scale and smoothing. */

import { chartWords } from "../../src/messages/charts.ts";
import { Picker } from "../charts/pickers.ts";
import type { Store, View } from "../state/store.ts";

const scales = ["auto", "linear", "log"] as const;

/** Smoothing factors by the names of their texts. */
const smoothings = { none: "0", some: "0.6", more: "0.9", most: "0.98" } as const;
const smoothingNames = ["none", "some", "more", "most"] as const satisfies readonly (keyof typeof smoothings)[];

export class LossTools {
  readonly elements: readonly HTMLElement[];
  readonly #scale: Picker;
  readonly #smoothing: Picker;

  constructor(store: Store) {
    this.#scale = new Picker(chartWords().lossScale, chartWords().lossScale, (value) => {
      const lossScale = scales.find((s) => s === value) ?? "auto";
      store.choose({ lossScale });
    });
    this.#smoothing = new Picker(chartWords().smoothing, chartWords().smoothingMeaning, (value) =>
      store.choose({ smoothing: Number(value) }),
    );
    this.elements = [this.#scale.element, this.#smoothing.element];
  }

  update({ ui }: View): void {
    this.#scale.update(
      scales.map((value) => ({ value, text: chartWords().scales[value] })),
      ui.lossScale,
    );
    this.#smoothing.update(
      smoothingNames.map((name) => ({ value: smoothings[name], text: chartWords().smoothings[name] })),
      String(ui.smoothing),
    );
  }
}

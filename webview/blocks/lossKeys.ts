/** The legend of the loss chart: of everything that is drawn beside one plain line. */

import { chartWords } from "../../src/messages/charts.ts";
import { el } from "../dom.ts";
import type { View } from "../state/store.ts";
import type { Palette } from "../theme/palette.ts";
import { crossSwatch, swatch } from "./comparedKeys.ts";

/** The colour of the loss as it is, behind its average. */
export function rawColour(palette: Palette): string {
  return `color-mix(in srgb, ${palette.series} 35%, transparent)`;
}

export class LossKeys {
  readonly element = el("div", { class: "keys loss-keys", hidden: true });
  #shown = "";

  /** @param broken whether a visible step has no finite loss */
  update(view: View, palette: Palette, broken: boolean): void {
    const tested = view.history?.series("testLoss") !== undefined;
    const smoothed = view.ui.smoothing > 0;
    this.element.hidden = !(tested || smoothed || broken);
    // With compared runs, their legend already explains the selected run's line.
    const compares = view.compared.length > 0;
    const { series, foreground, error } = palette;
    const key = [series, foreground, error, compares, tested, smoothed, broken].join("\n");
    if (key === this.#shown) return;
    this.#shown = key;
    const each = chartWords().lossOfEachStep;
    this.element.replaceChildren(
      ...(compares ? [] : [item(swatch(series, []), smoothed ? chartWords().smoothedLoss : each)]),
      ...(smoothed ? [item(swatch(rawColour(palette), []), each)] : []),
      ...(tested ? [item(swatch(foreground, [], true), chartWords().testLoss)] : []),
      ...(broken ? [item(crossSwatch(error), chartWords().lossNotFinite)] : []),
    );
  }
}

function item(picture: SVGSVGElement, text: string): HTMLElement {
  return el("span", { class: "key" }, picture, text);
}

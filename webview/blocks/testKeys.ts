/** The legend of the loss chart for a model that is also tested. */

import { chartWords } from "../../src/messages/charts.ts";
import { el } from "../dom.ts";
import type { View } from "../state/store.ts";
import type { Palette } from "../theme/palette.ts";
import { swatch } from "./comparedKeys.ts";

export class TestKeys {
  readonly element = el("div", { class: "keys test-keys", hidden: true });
  #shown = "";

  update(view: View, palette: Palette): void {
    this.element.hidden = view.history?.series("testLoss") === undefined;
    // With compared runs, their legend already explains the selected run's line.
    const compares = view.compared.length > 0;
    const key = [palette.series, palette.foreground, compares].join("\n");
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.replaceChildren(
      ...(compares ? [] : [el("span", { class: "key" }, swatch(palette.series, []), chartWords().lossOfEachStep)]),
      el("span", { class: "key" }, swatch(palette.foreground, [], true), chartWords().testLoss),
    );
  }
}

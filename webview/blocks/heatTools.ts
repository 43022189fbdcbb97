/** The heat map's choices: layer, quantity, its channel, and what the colours span. */

import { chartWords } from "../../src/messages/charts.ts";
import { Picker, Switch } from "../charts/pickers.ts";
import { viewNames } from "../state/channels.ts";
import { recurrentLayers, type Selection } from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";

export class HeatTools {
  readonly #layers: Picker;
  readonly #views: Switch;
  readonly #variants: Picker;
  readonly #range: Picker;
  #quantities: Selection["quantities"] = [];

  constructor(store: Store) {
    this.#layers = new Picker(chartWords().recurrentLayer, chartWords().whichLayer, (layer) => store.choose({ layer }));
    this.#views = new Switch(chartWords().quantity, (view) => {
      const first = this.#quantities.find((q) => q.view === view);
      if (first !== undefined) store.choose({ channel: first.channel });
    });
    this.#variants = new Picker(chartWords().channel, chartWords().whichChannel, (channel) =>
      store.choose({ channel }),
    );
    this.#range = new Picker(chartWords().colourRange, chartWords().colourRangeMeaning, (range) =>
      store.choose({ range: range === "shared" || range === "fixed" ? range : "layer" }),
    );
  }

  get elements(): readonly HTMLElement[] {
    return [this.#layers.element, this.#views.element, this.#variants.element, this.#range.element];
  }

  update(view: View, { history, quantities, quantity, info }: Selection): void {
    this.#quantities = quantities;
    const layers = recurrentLayers(history);
    this.#layers.update(
      layers.map((i) => {
        const name = history.info.layers[i]?.name ?? "";
        return { value: name, text: name };
      }),
      info.name,
    );
    const views = viewNames.filter((v) => quantities.some((q) => q.view === v));
    this.#views.update(
      views.map((v) => ({ value: v, text: chartWords().views[v], title: chartWords().viewTitles[v] })),
      quantity.view,
    );
    this.#variants.update(
      quantities.filter((q) => q.view === quantity.view).map((q) => ({ value: q.channel, text: q.short })),
      quantity.channel,
    );
    this.#range.update(
      [
        { value: "layer", text: chartWords().ranges.layer },
        ...(layers.length > 1 ? [{ value: "shared", text: chartWords().ranges.shared }] : []),
        { value: "fixed", text: chartWords().ranges.fixed },
      ],
      view.ui.range === "shared" && layers.length < 2 ? "layer" : view.ui.range,
    );
    this.#range.element.hidden = quantity.bounded;
  }
}

/** The legend below the profile: the meaning of its curves. */

import { el, setAttribute, setText } from "../dom.ts";
import type { ChannelView } from "../state/channels.ts";

export class ProfileLegend {
  readonly #quantity = el("span");
  readonly #series = key("series", this.#quantity, "");
  readonly #band = key(
    "band",
    "samples, 10–90 %",
    "From the 10th to the 90th percentile over the samples of the batch.",
  );
  readonly element = el(
    "div",
    { class: "keys" },
    this.#series,
    this.#band,
    key("dotted", "first step", "The same quantity at the first step, before training changed anything."),
  );

  /** @param band whether percentiles over the batch are available */
  update(quantity: ChannelView, band: boolean): void {
    setText(this.#quantity, `${quantity.symbol}, this step`);
    setAttribute(this.#series, "title", `At the cursor's step. ${quantity.meaning}`);
    this.#band.hidden = !band;
  }
}

function key(line: string, text: Node | string, title: string): HTMLElement {
  return el("span", { class: "key", title }, el("i", { class: `line ${line}`, "aria-hidden": "true" }), text);
}

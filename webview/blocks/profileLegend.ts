/** The legend below the profile: the meaning of its curves. */

import type { Severity } from "../../src/protocol/finding.ts";
import { el, setAttribute, setText } from "../dom.ts";
import type { ChannelView } from "../state/channels.ts";
import { showFindingKey } from "./findingKey.ts";

export class ProfileLegend {
  readonly #quantity = el("span");
  readonly #series = key("series", this.#quantity, "");
  readonly #band = key(
    "band",
    "single samples, 10–90 %",
    "From the 10th to the 90th percentile over the samples of the batch, each by itself. The curve is of the whole batch, so it need not lie within.",
  );
  readonly #finding = key("finding", "timesteps of a finding", "The timesteps that a finding of this layer is about.");
  readonly element = el(
    "div",
    { class: "keys" },
    this.#series,
    this.#band,
    key("dotted", "first step", "The same quantity at the first step, before training changed anything."),
    this.#finding,
  );

  /**
   * @param band whether percentiles over the batch are available
   * @param finding severity of the gravest finding whose timesteps are marked; null if none are
   */
  update(quantity: ChannelView, band: boolean, finding: Severity | null): void {
    setText(this.#quantity, `${quantity.symbol}, this step`);
    setAttribute(this.#series, "title", `At the cursor's step. ${quantity.meaning}`);
    this.#band.hidden = !band;
    showFindingKey(this.#finding, finding);
  }
}

function key(line: string, text: Node | string, title: string): HTMLElement {
  return el("span", { class: "key", title }, el("i", { class: `line ${line}`, "aria-hidden": "true" }), text);
}

/** Below the profile: what its curves mean. */

import { el } from "../dom.ts";

function key(line: string, text: string, title: string): HTMLElement {
  return el("span", { class: "key", title }, el("i", { class: `line ${line}`, "aria-hidden": "true" }), text);
}

export class ProfileLegend {
  readonly #band = key(
    "band",
    "samples, 10–90 %",
    "From the 10th to the 90th percentile over the samples of the batch.",
  );
  readonly element = el(
    "div",
    { class: "keys" },
    key("series", "this step", "Norm over the whole batch and all units at the cursor's step."),
    this.#band,
    key("dotted", "first step", "The same at the first step, before training changed anything."),
  );

  /** @param band whether percentiles over the batch are there */
  update(band: boolean): void {
    this.#band.hidden = !band;
  }
}

/** The legend below the profile: the meaning of its curves. */

import { chartWords } from "../../src/messages/charts.ts";
import type { Severity } from "../../src/protocol/finding.ts";
import { el, setAttribute, setText } from "../dom.ts";
import type { ChannelView } from "../state/channels.ts";
import { showFindingKey } from "./findingKey.ts";

export class ProfileLegend {
  readonly #quantity = el("span");
  readonly #series = key("series", this.#quantity, "");
  readonly #band = key("band", chartWords().band, chartWords().bandMeaning);
  readonly #finding = key("finding", chartWords().ofFinding, chartWords().ofFindingMeaning);
  readonly element = el(
    "div",
    { class: "keys" },
    this.#series,
    this.#band,
    key("dotted", chartWords().firstStep, chartWords().firstStepMeaning),
    this.#finding,
  );

  /**
   * @param band whether percentiles over the batch are available
   * @param finding severity of the gravest finding whose timesteps are marked; null if none are
   */
  update(quantity: ChannelView, band: boolean, finding: Severity | null): void {
    setText(this.#quantity, chartWords().thisStep(quantity.symbol));
    setAttribute(this.#series, "title", chartWords().atCursorStep(quantity.meaning));
    this.#band.hidden = !band;
    showFindingKey(this.#finding, finding);
  }
}

function key(line: string, text: Node | string, title: string): HTMLElement {
  return el("span", { class: "key", title }, el("i", { class: `line ${line}`, "aria-hidden": "true" }), text);
}

/** The legend below the profile: the meaning of its curves. */

import { chartWords } from "../../src/messages/charts.ts";
import type { Severity } from "../../src/protocol/finding.ts";
import { el, setAttribute, setText } from "../dom.ts";
import type { ChannelView } from "../state/channels.ts";
import type { Palette } from "../theme/palette.ts";
import { crossSwatch, tickSwatch } from "./comparedKeys.ts";
import { showFindingKey } from "./findingKey.ts";

export class ProfileLegend {
  readonly #quantity = el("span");
  readonly #series = key("series", this.#quantity, "");
  readonly #band = key("band", chartWords().band, chartWords().bandMeaning);
  readonly #finding = key("finding", chartWords().ofFinding, chartWords().ofFindingMeaning);
  /** The marks of timesteps whose value cannot be drawn. */
  readonly #marks = el("span", { class: "keys marks" });
  readonly element = el(
    "div",
    { class: "keys" },
    this.#series,
    this.#band,
    key("dotted", chartWords().firstStep, chartWords().firstStepMeaning),
    this.#finding,
    this.#marks,
  );
  #marked = "";

  /**
   * @param band whether percentiles over the batch are available
   * @param finding severity of the gravest finding whose timesteps are marked; null if none are
   * @param plotted the values that are drawn
   */
  update(
    quantity: ChannelView,
    band: boolean,
    finding: Severity | null,
    plotted: Float64Array | undefined,
    palette: Palette,
  ): void {
    setText(this.#quantity, chartWords().thisStep(quantity.symbol));
    setAttribute(this.#series, "title", chartWords().atCursorStep(quantity.meaning));
    this.#band.hidden = !band;
    showFindingKey(this.#finding, finding);
    const nan = plotted?.some(Number.isNaN) === true;
    const infinite = plotted?.includes(Number.POSITIVE_INFINITY) === true;
    const zero = plotted?.includes(Number.NEGATIVE_INFINITY) === true;
    const shown = [nan, infinite, zero, palette.error, palette.warning, palette.muted].join();
    if (shown === this.#marked) return;
    this.#marked = shown;
    this.#marks.replaceChildren(
      ...(nan ? [mark(crossSwatch(palette.error), "NaN", quantity.nan)] : []),
      ...(infinite ? [mark(crossSwatch(palette.warning), "∞", chartWords().overflowed)] : []),
      ...(zero ? [mark(tickSwatch(palette.muted), "0", quantity.zero)] : []),
    );
  }
}

function key(line: string, text: Node | string, title: string): HTMLElement {
  return el("span", { class: "key", title }, el("i", { class: `line ${line}`, "aria-hidden": "true" }), text);
}

function mark(picture: SVGSVGElement, text: string, title: string): HTMLElement {
  return el("span", { class: "key", title }, picture, text);
}

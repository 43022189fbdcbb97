/** The legend below the heat map: the meaning of its colours, hatchings and lines. */

import { chartWords } from "../../src/messages/charts.ts";
import type { Severity } from "../../src/protocol/finding.ts";
import { hatch, type MarkName, markColour, markNames } from "../charts/heatImage.ts";
import { el, setText } from "../dom.ts";
import type { ChannelView } from "../state/channels.ts";
import { divergingFor, sequential } from "../theme/colourMap.ts";
import type { Palette } from "../theme/palette.ts";
import { showFindingKey } from "./findingKey.ts";

const markTexts: { readonly [M in MarkName]: string } = { nan: "NaN", infinity: "∞", zero: "0" };

export class HeatLegend {
  readonly element: HTMLElement;
  readonly #bar = el("div", { class: "colour-bar", role: "img" });
  readonly #ticks = el("div", { class: "colour-ticks", "aria-hidden": "true" });
  readonly #unit = el("span", { class: "unit" });
  readonly #finding = el(
    "span",
    { class: "key", title: chartWords().ofFindingBar },
    el("i", { class: "line finding", "aria-hidden": "true" }),
    chartWords().ofFinding,
  );
  readonly #marks = new Map<MarkName, { swatch: HTMLCanvasElement; item: HTMLElement }>();
  #drawn = "";

  constructor() {
    const marks = markNames.map((name) => {
      const swatch = el("canvas", { class: "swatch", width: 28, height: 24, "aria-hidden": "true" });
      const item = el("span", { class: "key" }, swatch, markTexts[name]);
      this.#marks.set(name, { swatch, item });
      return item;
    });
    this.element = el(
      "div",
      { class: "heat-legend" },
      el("div", { class: "scale" }, el("div", { class: "scale-bar" }, this.#bar, this.#ticks), this.#unit),
      el(
        "div",
        { class: "keys" },
        ...marks,
        el(
          "span",
          { class: "key", title: chartWords().horizonMeaning },
          el("i", { class: "line solid", "aria-hidden": "true" }),
          chartWords().horizon,
        ),
        el(
          "span",
          { class: "key", title: chartWords().requiredLagMeaning },
          el("i", { class: "line dashed", "aria-hidden": "true" }),
          chartWords().requiredLag,
        ),
        this.#finding,
      ),
    );
  }

  /**
   * @param range plotted values at the two ends of the colours
   * @param finding severity of the gravest finding whose timesteps are marked; null if none are
   */
  update(quantity: ChannelView, range: readonly [number, number], palette: Palette, finding: Severity | null): void {
    showFindingKey(this.#finding, finding);
    const key = [quantity.channel, ...range, palette.dark, palette.background, palette.error, palette.muted].join();
    if (key === this.#drawn) return;
    this.#drawn = key;
    const map = quantity.colours === "diverging" ? divergingFor(palette.dark) : sequential;
    const stops = Array.from({ length: 17 }, (_, i) => map.css(i / 16));
    this.#bar.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
    const texts = [0, 0.5, 1].map((f) => quantity.tick(range[0] + f * (range[1] - range[0])));
    const [low = "", , high = ""] = texts;
    this.#bar.setAttribute("aria-label", `${chartWords().coloursFromTo({ low, high })} ${quantity.unit}`);
    this.#ticks.replaceChildren(...texts.map((t) => el("span", {}, t)));
    setText(this.#unit, quantity.unit);
    const meanings = { nan: quantity.nan, infinity: chartWords().overflowed, zero: quantity.zero };
    for (const name of markNames) {
      const mark = this.#marks.get(name);
      const ctx = mark?.swatch.getContext("2d");
      if (mark === undefined || ctx == null) continue;
      mark.item.title = meanings[name];
      ctx.clearRect(0, 0, 28, 24);
      const pattern = ctx.createPattern(hatch(name, palette, 2), "repeat");
      ctx.fillStyle = pattern ?? markColour(name, palette) ?? palette.background;
      ctx.fillRect(0, 0, 28, 24);
    }
  }
}

/** Small charts of the scalars that no other block shows. */

import { panelWords } from "../../src/messages/panel.ts";
import { formatCount, formatNumber } from "../../src/protocol/numberText.ts";
import type { Block } from "../charts/scheduler.ts";
import { Sparkline } from "../charts/sparkline.ts";
import { el, setText } from "../dom.ts";
import { type Metric, metricsOf } from "../state/metrics.ts";
import { cursorStep, rowAt } from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";
import { visibleRows, type Zoom } from "../state/zoom.ts";
import type { Palette } from "../theme/palette.ts";
import { StepZoom } from "./stepZoom.ts";

class Card {
  readonly #name = el("span", { class: "metric-name" });
  readonly #value = el("span", { class: "figure" });
  readonly #range = el("span", { class: "metric-range" });
  readonly #spark = new Sparkline("linear");
  readonly element = el("li", { class: "metric" }, this.#name, this.#value, this.#spark.element, this.#range);

  update({ name, steps, values }: Metric, step: number, palette: Palette, zoom: Zoom | null): void {
    const row = steps[0]! > step ? -1 : rowAt(steps, step);
    const visible = visibleRows(steps, zoom);
    const finite = values.subarray(...visible).filter(Number.isFinite);
    setText(this.#name, name);
    this.#name.title = name;
    setText(this.#value, row < 0 ? "–" : formatNumber(values[row]!));
    this.#value.title = row < 0 ? "" : panelWords().measuredAt(formatCount(steps[row]!));
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    setText(
      this.#range,
      finite.length === 0 ? "" : panelWords().fromTo({ low: formatNumber(low), high: formatNumber(high) }),
    );
    this.#spark.draw([{ values, colour: palette.series }], row, palette, visible);
  }
}

export class MetricsBlock implements Block {
  /** Twice a second: figures that change faster cannot be read. */
  readonly interval = 500;
  readonly element: HTMLElement;
  readonly #list = el("ul", { class: "metric-list" });
  readonly #palette: () => Palette;
  readonly #zoom: StepZoom;
  #cards: Card[] = [];

  constructor(store: Store, palette: () => Palette) {
    this.#palette = palette;
    this.#zoom = new StepZoom(store);
    this.element = el(
      "section",
      { class: "block metrics", "aria-labelledby": "metrics-title", hidden: true },
      el(
        "div",
        { class: "block-head" },
        el("h2", { id: "metrics-title" }, panelWords().otherFigures),
        this.#zoom.element,
      ),
      this.#list,
    );
    this.#zoom.wheel(this.#list);
  }

  render(view: View): void {
    const metrics = view.history === null ? [] : metricsOf(view.history);
    this.element.hidden = metrics.length === 0;
    if (metrics.length !== this.#cards.length) {
      this.#cards = metrics.map(() => new Card());
      this.#list.replaceChildren(...this.#cards.map(({ element }) => element));
    }
    this.#zoom.update(view);
    const step = cursorStep(view);
    const palette = this.#palette();
    for (const [i, metric] of metrics.entries()) this.#cards[i]?.update(metric, step, palette, view.ui.zoom);
  }
}

/** One row of the layers table: a layer, one of its weights, or all weights together. */

import { listWords } from "../../src/messages/lists.ts";
import { panelWords } from "../../src/messages/panel.ts";
import { formatCount, formatNumber, formatPercent } from "../../src/protocol/numberText.ts";
import { Sparkline, type SparkSeries } from "../charts/sparkline.ts";
import { el, setAttribute, setText } from "../dom.ts";
import type { Palette } from "../theme/palette.ts";

export interface RowFigures {
  /** ‖∇W‖ before and after clipping. */
  readonly gradient: Float64Array | null;
  readonly clipped: Float64Array | null;
  readonly ratio: Float64Array | null;
  /** Index of the series' row at the cursor. */
  readonly row: number;
  /** Bounds of the rows that the curves show. */
  readonly visible: readonly [number, number];
  readonly horizon?: number | undefined;
  readonly requiredLag?: number | null;
  /** The step of `horizon`; null: the median of the newest steps. */
  readonly reachedAt?: number | null;
  readonly saturated?: number | undefined;
  readonly dead?: number | undefined;
}

/** An update outside these shares of the weight's norm is highlighted (a design choice). */
const ratioBounds = [1e-5, 1e-1] as const;
/** More than this share of a layer is highlighted (a design choice). */
const shareBound = 0.5;

/** Headings of the table, and their meanings. */
export function layerColumns(): readonly { readonly title: string; readonly meaning: string }[] {
  return [
    { title: panelWords().layer, meaning: panelWords().layerMeaning },
    { title: panelWords().reach, meaning: panelWords().reachMeaning },
    { title: "‖∇W‖", meaning: panelWords().gradientMeaning },
    { title: panelWords().updateRatio, meaning: panelWords().updateRatioMeaning },
    {
      title: panelWords().saturatedDead,
      meaning: listWords().sentences(`${panelWords().saturatedMeaning} ${panelWords().deadMeaning}`),
    },
  ];
}

export class LayerRow {
  readonly element: HTMLTableRowElement;
  readonly #gradientSpark = new Sparkline();
  readonly #ratioSpark = new Sparkline();
  readonly #gradient = el("span", { class: "figure", title: panelWords().gradientMeaning });
  readonly #ratio = el("span", { class: "figure", title: panelWords().updateRatioMeaning });
  readonly #reach = el("span", { class: "figure", title: panelWords().reachMeaning });
  readonly #fill = el("span", { class: "fill" });
  readonly #track = el("span", { class: "track", "aria-hidden": "true" }, this.#fill);
  readonly #shares = el("span", { class: "figure" });

  /** @param heading the row's first cell */
  constructor(heading: Node, kind: "model" | "layer" | "weight") {
    const cell = (name: string, title: string, ...children: Node[]): HTMLElement =>
      el("td", { role: "cell", class: name, "data-title": title }, ...children);
    this.element = el(
      "tr",
      { role: "row", class: kind },
      el("th", { role: "rowheader", scope: "row" }, heading),
      cell("reach", panelWords().reachCell, this.#track, this.#reach),
      cell("norm", "‖∇W‖", this.#gradientSpark.element, this.#gradient),
      cell("ratio", panelWords().updateRatioCell, this.#ratioSpark.element, this.#ratio),
      cell("shares", panelWords().saturatedDeadCell, this.#shares),
    );
  }

  update(f: RowFigures, palette: Palette): void {
    this.#updateReach(f);
    this.#updateGradient(f, palette);
    const ratio = f.ratio?.[f.row];
    setText(this.#ratio, ratio === undefined ? "" : formatNumber(ratio));
    const odd =
      ratio !== undefined && (Number.isNaN(ratio) || ratio > ratioBounds[1] || (ratio < ratioBounds[0] && ratio > 0));
    this.#ratio.classList.toggle("odd", odd);
    this.#ratioSpark.element.classList.toggle("empty", f.ratio === null);
    if (f.ratio !== null)
      this.#ratioSpark.draw([{ values: f.ratio, colour: palette.series }], f.row, palette, f.visible);
    this.#updateShares(f);
  }

  #updateReach({ horizon, requiredLag, reachedAt }: RowFigures): void {
    const known = horizon !== undefined && !Number.isNaN(horizon);
    this.#track.classList.toggle("empty", !known);
    if (!known) {
      setText(this.#reach, "");
      return;
    }
    const when = reachedAt == null ? panelWords().medianOfNewest : panelWords().atStep(formatCount(reachedAt));
    setAttribute(this.#reach, "title", listWords().sentences(`${panelWords().reachMeaning} ${when}`));
    const lag = requiredLag ?? null;
    const share = lag === null || lag <= 0 ? 1 : Math.min(1, horizon / lag);
    this.#fill.style.width = `${(share * 100).toFixed(1)}%`;
    this.#fill.classList.toggle("short", share < 1);
    setText(
      this.#reach,
      lag === null
        ? formatCount(horizon)
        : panelWords().reaches({ horizon: formatCount(Math.min(horizon, lag)), lag: formatCount(lag) }),
    );
  }

  #updateGradient({ gradient, clipped, row, visible }: RowFigures, palette: Palette): void {
    this.#gradientSpark.element.classList.toggle("empty", gradient === null);
    const before = gradient?.[row];
    if (gradient === null || before === undefined) {
      setText(this.#gradient, "");
      return;
    }
    const after = clipped?.[row];
    const shortened = after !== undefined && after < before * 0.999;
    setText(this.#gradient, shortened ? `${formatNumber(before)} → ${formatNumber(after)}` : formatNumber(before));
    this.#gradient.classList.toggle("odd", !Number.isFinite(before));
    const series: SparkSeries[] = [{ values: gradient, colour: palette.series }];
    if (clipped !== null) series.unshift({ values: clipped, colour: palette.second });
    this.#gradientSpark.draw(series, row, palette, visible);
  }

  #updateShares({ saturated, dead }: RowFigures): void {
    const known = (x: number | undefined): x is number => x !== undefined && !Number.isNaN(x);
    const parts: readonly [string, string] = [
      known(saturated) ? formatPercent(saturated) : "–",
      known(dead) ? formatPercent(dead) : "–",
    ];
    setText(this.#shares, known(saturated) || known(dead) ? parts.join(" · ") : "");
    const meanings = [
      panelWords().saturatedIs(parts[0]),
      panelWords().saturatedMeaning,
      panelWords().deadIs(parts[1]),
      panelWords().deadMeaning,
    ];
    setAttribute(this.#shares, "title", listWords().sentences(meanings.join(" ")));
    this.#shares.classList.toggle("odd", (saturated ?? 0) > shareBound || (dead ?? 0) > shareBound);
  }
}

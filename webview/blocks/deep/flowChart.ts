/** The flow matrix as a heat map: how much of the gradient of each loss arrives at each timestep. */

import { chartWords } from "../../../src/messages/charts.ts";
import { deepChartWords } from "../../../src/messages/deepCharts.ts";
import type { DeepResult } from "../../../src/protocol/deep.ts";
import { formatCount, formatDecades } from "../../../src/protocol/numberText.ts";
import { type ChartTable, mostTableRows, spread } from "../../a11y/dataTable.ts";
import { binMap, finiteRange } from "../../charts/heatGrid.ts";
import { HeatImage } from "../../charts/heatImage.ts";
import { strokeWithHalo } from "../../charts/marks.ts";
import { Switch } from "../../charts/pickers.ts";
import { type AxisSetup, Plot } from "../../charts/plot.ts";
import { el, setText } from "../../dom.ts";
import type { Store, View } from "../../state/store.ts";
import { powerOfTen } from "../../text/axisText.ts";
import { sequential } from "../../theme/colourMap.ts";
import type { Palette } from "../../theme/palette.ts";
import { ChartFrame } from "../chartFrame.ts";
import { type FlowCell, type FlowLayout, flowLayout } from "./flowLayout.ts";

/** Most loss timesteps in the table. */
const tableColumns = 8;

export class FlowChart {
  readonly element: HTMLElement;
  readonly #frame: ChartFrame;
  readonly #plot: Plot;
  readonly #image = new HeatImage();
  readonly #store: Store;
  readonly #palette: () => Palette;
  readonly #states: Switch;
  readonly #reading = el("p", { class: "reading" });
  readonly #ticks = el("div", { class: "colour-ticks", "aria-hidden": "true" });
  readonly #bar = el("div", { class: "colour-bar", role: "img" });
  #result: DeepResult | null = null;
  #layout: FlowLayout = flowLayout(new Float64Array(0), 1);
  #state = "h";
  #cursor: FlowCell | null = null;

  constructor(store: Store, palette: () => Palette) {
    this.#store = store;
    this.#palette = palette;
    this.#states = new Switch(deepChartWords().state, (state) => {
      this.#state = state;
      this.render(store.view, this.#result);
    });
    this.#frame = new ChartFrame({
      name: "flow",
      title: deepChartWords().flow,
      meaning: deepChartWords().flowMeaning,
      store,
      palette,
      move: (move) => {
        const { k, t } = this.#at();
        if ("release" in move) this.#set(null);
        else if ("to" in move) {
          const end = move.to === "first" ? 0 : Number.POSITIVE_INFINITY;
          this.#set(this.#layout.sparse ? { k, t: end } : { k: end, t });
        } else {
          const along = (move.axis === "x") === this.#layout.sparse;
          this.#set(along ? { k, t: t + move.by } : { k: k + move.by, t });
        }
      },
      point: (at) => this.#point(at),
      table: () => this.#table(),
    });
    this.element = this.#frame.element;
    this.#frame.element.insertBefore(this.#reading, this.#frame.element.children[1] ?? null);
    this.#frame.tools.append(this.#states.element);
    this.#bar.style.background = `linear-gradient(to right, ${Array.from({ length: 17 }, (_, i) => sequential.css(i / 16)).join(", ")})`;
    this.#frame.foot.append(
      el(
        "div",
        { class: "scale" },
        el("div", { class: "scale-bar" }, this.#bar, this.#ticks),
        el("span", { class: "unit" }, "‖∂L_k/∂s_t‖"),
      ),
    );
    this.#plot = new Plot(this.#frame.canvas, {
      x: this.#axis("x"),
      y: this.#axis("y"),
      lines: [],
      paddingTop: 4,
      plugins: [
        { id: "cells", beforeDatasetsDraw: () => this.#drawCells(), afterDatasetsDraw: () => this.#drawCursor() },
      ],
    });
  }

  render(view: View, result: DeepResult | null): void {
    if (result !== this.#result) {
      this.#cursor = null;
      this.#layout = flowLayout(result?.flow.lossTimesteps ?? new Float64Array(0), result?.timesteps ?? 1);
    }
    this.#result = result;
    const own = this.#own();
    if (result === null || own === null) return;
    setText(this.#reading, result.readings.flow);
    const { states, lossTimesteps } = result.flow;
    this.#states.update(
      states.map(({ name }) => ({ value: name, text: name, title: deepChartWords().withRespectTo(name) })),
      own.name,
    );
    this.#states.element.hidden = states.length < 2;
    const { k, t } = this.#at();
    const value = own.logNorm[k * result.timesteps + t - 1];
    const loss = lossTimesteps[k];
    const text =
      value === undefined || loss === undefined
        ? deepChartWords().noLossHere
        : `k = ${formatCount(loss)} · t = ${formatCount(t)} · ${t > loss ? deepChartWords().laterThanLoss : chartWords().decadesOf(formatDecades(value))}`;
    this.#frame.readout = text;
    const { sparse, x, placeOf } = this.#layout;
    this.element.classList.toggle("few-rows", sparse);
    this.#frame.update(view, { now: placeOf({ k, t }).x, min: x.range[0] + 0.5, max: x.range[1] - 0.5, text });
    if (this.#frame.drawsChart) this.#draw(own.logNorm);
  }

  #draw(values: Float64Array): void {
    const range = finiteRange(values, (v) => v) ?? [-1, 0];
    const colours = [Math.floor(range[0]), Math.max(Math.ceil(range[1]), Math.floor(range[0]) + 1)] as const;
    const { area, pixelRatio } = this.#plot;
    const width = area === null ? 300 : (area.right - area.left) * pixelRatio;
    const height = area === null ? 200 : (area.bottom - area.top) * pixelRatio;
    const { map, x, y } = this.#layout;
    this.#image.paint(
      binMap(map(values), Math.max(50, width), Math.max(50, height), (v) => v),
      colours,
      sequential,
    );
    const texts = [colours[0], (colours[0] + colours[1]) / 2, colours[1]].map((v) => powerOfTen(Math.round(v)));
    const [low = "", , high = ""] = texts;
    this.#bar.setAttribute("aria-label", chartWords().coloursFromTo({ low, high }));
    this.#ticks.replaceChildren(...texts.map((text) => el("span", {}, text)));
    this.#plot.setRange("x", ...x.range);
    this.#plot.setRange("y", ...y.range);
    this.#plot.setTitle("x", x.title);
    this.#plot.setTitle("y", y.title);
    this.#plot.draw([], this.#palette());
  }

  /** Draws only timesteps that are not later than their loss: beyond there is nothing to measure. */
  #drawCells(): void {
    const { ctx, area } = this.#plot;
    const losses = this.#result?.flow.lossTimesteps;
    if (area === null || losses === undefined) return;
    const x = (k: number): number => this.#plot.xOf(k);
    const y = (t: number): number => this.#plot.yOf(t);
    ctx.save();
    ctx.beginPath();
    losses.forEach((_, k) => {
      const { left, right, bottom, top } = this.#layout.reach(k);
      // One pixel less above: cells end at whole pixels, and the marks of zeros would stick out.
      ctx.rect(x(left), y(top) + 1, x(right) - x(left) + 0.5, y(bottom) - y(top) - 1);
    });
    ctx.clip();
    this.#image.draw(ctx, area, { x, y }, this.#palette());
    ctx.restore();
  }

  #drawCursor(): void {
    const { ctx } = this.#plot;
    if (this.#cursor === null || this.#result?.flow.lossTimesteps[this.#cursor.k] === undefined) return;
    const place = this.#layout.placeOf(this.#cursor);
    const [x, y] = [this.#plot.xOf(place.x), this.#plot.yOf(place.y)];
    strokeWithHalo(ctx, this.#palette(), 1, () => {
      ctx.moveTo(x - 7, y);
      ctx.lineTo(x + 7, y);
      ctx.moveTo(x, y - 7);
      ctx.lineTo(x, y + 7);
    });
  }

  /** An axis that follows the layout; each drawing sets its title. */
  #axis(name: "x" | "y"): AxisSetup {
    return {
      title: "",
      label: (value) => this.#layout[name].label(value),
      ticks: (_min, _max, pixels) => this.#layout[name].ticks(pixels),
      whole: true,
    };
  }

  #own(): DeepResult["flow"]["states"][number] | null {
    const states = this.#result?.flow.states ?? [];
    return states.find((s) => s.name === this.#state) ?? states[0] ?? null;
  }

  /** The initial cursor: where the last loss arrives at the first timestep. */
  #at(): FlowCell {
    return this.#cursor ?? { k: Math.max(0, (this.#result?.flow.lossTimesteps.length ?? 1) - 1), t: 1 };
  }

  #set(cursor: FlowCell | null): void {
    const { flow, timesteps } = this.#result ?? {};
    const last = (flow?.lossTimesteps.length ?? 1) - 1;
    this.#cursor = cursor && {
      k: Math.max(0, Math.min(last, cursor.k)),
      t: Math.max(1, Math.min(timesteps ?? 1, cursor.t)),
    };
    this.render(this.#store.view, this.#result);
  }

  #point(at: { readonly x: number; readonly y: number } | null): void {
    if (at === null || this.#result === null) {
      this.#set(null);
      return;
    }
    const { x, y } = this.#plot.at(at.x, at.y);
    this.#set(this.#layout.cellAt(x, y));
  }

  #table(): ChartTable {
    const [result, own] = [this.#result, this.#own()];
    if (result === null || own === null)
      return { caption: deepChartWords().flow, columns: [chartWords().timestep], rows: [] };
    const { timesteps, flow } = result;
    const columns = spread(flow.lossTimesteps.length, tableColumns);
    return {
      caption: deepChartWords().flowTable({ symbol: `log₁₀ ‖∂L_k/∂${own.name}_t‖`, layer: result.layer }),
      columns: [
        chartWords().timestepAxis,
        ...columns.map((k) => `k = ${formatCount(flow.lossTimesteps[k]!)}`),
        deepChartWords().allLosses,
      ],
      rows: spread(timesteps, mostTableRows)
        .reverse()
        .map((i) => [
          formatCount(i + 1),
          ...columns.map((k) => formatDecades(own.logNorm[k * timesteps + i]!)),
          formatDecades(own.logTotal[i]!),
        ]),
    };
  }
}

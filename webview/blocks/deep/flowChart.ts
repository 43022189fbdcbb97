/** The flow matrix as a heat map: loss timestep k to the right, timestep t upward. */

import { chartWords } from "../../../src/messages/charts.ts";
import { deepChartWords } from "../../../src/messages/deepCharts.ts";
import type { DeepResult } from "../../../src/protocol/deep.ts";
import { formatCount, formatDecades } from "../../../src/protocol/numberText.ts";
import { type ChartTable, mostTableRows, spread } from "../../a11y/dataTable.ts";
import { binMap, finiteRange } from "../../charts/heatGrid.ts";
import { HeatImage } from "../../charts/heatImage.ts";
import { strokeWithHalo } from "../../charts/marks.ts";
import { Switch } from "../../charts/pickers.ts";
import { Plot, timestepTicks } from "../../charts/plot.ts";
import { el, setText } from "../../dom.ts";
import type { Store, View } from "../../state/store.ts";
import { powerOfTen } from "../../text/axisText.ts";
import { sequential } from "../../theme/colourMap.ts";
import type { Palette } from "../../theme/palette.ts";
import { ChartFrame } from "../chartFrame.ts";

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
  #state = "h";
  /** Index of a loss timestep, and a timestep. */
  #cursor: { readonly k: number; readonly t: number } | null = null;

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
        else if ("to" in move) this.#set({ k: move.to === "first" ? 0 : Number.POSITIVE_INFINITY, t });
        else this.#set(move.axis === "x" ? { k: k + move.by, t } : { k, t: t + move.by });
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
      x: { title: deepChartWords().entersAt, label: (v) => (Number.isInteger(v) ? formatCount(v) : ""), whole: true },
      y: {
        title: chartWords().timestepAxis,
        label: formatCount,
        ticks: (_min, max, pixels) => timestepTicks(Math.round(max - 0.5), pixels, 36),
      },
      lines: [],
      paddingTop: 4,
      plugins: [
        { id: "cells", beforeDatasetsDraw: () => this.#drawCells(), afterDatasetsDraw: () => this.#drawCursor() },
      ],
    });
  }

  render(view: View, result: DeepResult | null): void {
    if (result !== this.#result) this.#cursor = null;
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
    this.#frame.update(view, { now: loss ?? 0, min: lossTimesteps[0] ?? 0, max: lossTimesteps.at(-1) ?? 0, text });
    if (this.#frame.drawsChart) this.#draw(result, own.logNorm);
  }

  #draw({ flow, timesteps }: DeepResult, values: Float64Array): void {
    const { lossTimesteps } = flow;
    const columns = lossTimesteps.length;
    const range = finiteRange(values, (v) => v) ?? [-1, 0];
    const colours = [Math.floor(range[0]), Math.max(Math.ceil(range[1]), Math.floor(range[0]) + 1)] as const;
    const { area, pixelRatio } = this.#plot;
    const width = area === null ? 300 : (area.right - area.left) * pixelRatio;
    const height = area === null ? 200 : (area.bottom - area.top) * pixelRatio;
    const map = { timesteps, columns, firstSteps: lossTimesteps, lastSteps: lossTimesteps, values };
    this.#image.paint(
      binMap(map, Math.max(50, width), Math.max(50, height), (v) => v),
      colours,
      sequential,
    );
    const texts = [colours[0], (colours[0] + colours[1]) / 2, colours[1]].map((v) => powerOfTen(Math.round(v)));
    const [low = "", , high = ""] = texts;
    this.#bar.setAttribute("aria-label", chartWords().coloursFromTo({ low, high }));
    this.#ticks.replaceChildren(...texts.map((text) => el("span", {}, text)));
    this.#plot.setRange("x", (lossTimesteps[0] ?? 1) - 0.5, (lossTimesteps.at(-1) ?? 1) + 0.5);
    this.#plot.setRange("y", 0.5, timesteps + 0.5);
    this.#plot.draw([], this.#palette());
  }

  /** Draws only timesteps that are not later than their loss: above the diagonal there is nothing to measure. */
  #drawCells(): void {
    const { ctx, area } = this.#plot;
    const losses = this.#result?.flow.lossTimesteps;
    if (area === null || losses === undefined) return;
    const x = (k: number): number => this.#plot.xOf(k);
    const y = (t: number): number => this.#plot.yOf(t);
    ctx.save();
    ctx.beginPath();
    losses.forEach((k, i) => {
      const right = losses[i + 1] ?? k + 1;
      // One pixel less above: cells end at whole pixels, and the marks of zeros would stick out.
      ctx.rect(x(k - 0.5), y(k + 0.5) + 1, x(right - 0.5) - x(k - 0.5) + 0.5, y(0.5) - y(k + 0.5) - 1);
    });
    ctx.clip();
    this.#image.draw(ctx, area, { x, y }, this.#palette());
    ctx.restore();
  }

  #drawCursor(): void {
    const { ctx } = this.#plot;
    const loss = this.#result?.flow.lossTimesteps[this.#at().k];
    if (this.#cursor === null || loss === undefined) return;
    const [x, y] = [this.#plot.xOf(loss), this.#plot.yOf(this.#at().t)];
    strokeWithHalo(ctx, this.#palette(), 1, () => {
      ctx.moveTo(x - 7, y);
      ctx.lineTo(x + 7, y);
      ctx.moveTo(x, y - 7);
      ctx.lineTo(x, y + 7);
    });
  }

  #own(): DeepResult["flow"]["states"][number] | null {
    const states = this.#result?.flow.states ?? [];
    return states.find((s) => s.name === this.#state) ?? states[0] ?? null;
  }

  /** The initial cursor: where the last loss arrives at the first timestep. */
  #at(): { readonly k: number; readonly t: number } {
    return this.#cursor ?? { k: Math.max(0, (this.#result?.flow.lossTimesteps.length ?? 1) - 1), t: 1 };
  }

  #set(cursor: { readonly k: number; readonly t: number } | null): void {
    const { flow, timesteps } = this.#result ?? {};
    const last = (flow?.lossTimesteps.length ?? 1) - 1;
    this.#cursor = cursor && {
      k: Math.max(0, Math.min(last, cursor.k)),
      t: Math.max(1, Math.min(timesteps ?? 1, cursor.t)),
    };
    this.render(this.#store.view, this.#result);
  }

  #point(at: { readonly x: number; readonly y: number } | null): void {
    const losses = this.#result?.flow.lossTimesteps;
    if (at === null || losses === undefined) {
      this.#set(null);
      return;
    }
    const value = this.#plot.at(at.x, at.y);
    let nearest = 0;
    losses.forEach((k, i) => {
      if (Math.abs(k - value.x) < Math.abs(losses[nearest]! - value.x)) nearest = i;
    });
    this.#set({ k: nearest, t: Math.round(value.y) });
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

/** The heat map: timestep × step of what is measured of one recurrent layer. */

import { mostTableRows, spread, type TableData } from "../a11y/dataTable.ts";
import { colourRange } from "../charts/colourRange.ts";
import { binMap, columnAt } from "../charts/heatGrid.ts";
import { HeatImage } from "../charts/heatImage.ts";
import { cursorLine, strokeWithHalo } from "../charts/marks.ts";
import { minMax } from "../charts/minMax.ts";
import { Picker, Switch } from "../charts/pickers.ts";
import { createPlot, type Plot, setRange, stepRange, timestepTicks } from "../charts/plot.ts";
import type { Block } from "../charts/scheduler.ts";
import { type Quantity, type ViewName, viewNames } from "../state/channels.ts";
import { moveStep, moveTimestep, pinStep } from "../state/moveCursor.ts";
import {
  cursorStep,
  cursorTimestep,
  profileAt,
  recurrentLayers,
  type Selection,
  selection,
} from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";
import { count, stepSpan } from "../text/format.ts";
import { diverging, sequential } from "../theme/colourMap.ts";
import type { Palette } from "../theme/palette.ts";
import { ChartFrame } from "./chartFrame.ts";
import { HeatLegend } from "./heatLegend.ts";

const viewTitles: { readonly [V in ViewName]: string } = {
  h: "State gradient ∂L/∂h_t",
  c: "State gradient ∂L/∂c_t of the LSTM's cell state",
  gain: "Gain: factor by which the state gradient changes over one timestep backward",
  contribution: "Contribution of each timestep to the gradient of the recurrent weights",
  gates: "Shares of nearly closed and nearly open gates, and the time-scale they make",
};

/** Timesteps in the heat map's table: the whole profile is in the profile's own table. */
const tableTimesteps = 5;

export class HeatBlock implements Block {
  readonly interval = 0;
  readonly element: HTMLElement;
  readonly #frame: ChartFrame;
  readonly #plot: Plot;
  readonly #image = new HeatImage();
  readonly #legend = new HeatLegend();
  readonly #layers: Picker;
  readonly #views: Switch;
  readonly #variants: Picker;
  readonly #range: Picker;
  readonly #store: Store;
  readonly #palette: () => Palette;
  #selection: Selection | null = null;

  constructor(store: Store, palette: () => Palette) {
    this.#store = store;
    this.#palette = palette;
    this.#layers = new Picker("Recurrent layer", "Which recurrent layer to show", (layer) => store.choose({ layer }));
    this.#views = new Switch("Quantity", (view) => this.#chooseView(view));
    this.#variants = new Picker("Channel", "Which of these to show", (channel) => store.choose({ channel }));
    this.#range = new Picker(
      "Colour range",
      "Colours span the values of this layer, of all recurrent layers, or the same range in every run",
      (range) => store.choose({ range: range === "shared" || range === "fixed" ? range : "layer" }),
    );
    this.#frame = new ChartFrame({
      name: "heat",
      title: "Gradient through time",
      meaning: "",
      store,
      move: (move) => {
        if ("axis" in move && move.axis === "y") moveTimestep(store, move.by);
        else moveStep(store, move);
      },
      point: (at, pin) => this.#point(at, pin),
      table: () => this.#table(),
    });
    this.#frame.tools.append(this.#layers.element, this.#views.element, this.#variants.element, this.#range.element);
    this.#frame.foot.append(this.#legend.element);
    this.element = this.#frame.element;
    this.#plot = createPlot(this.#frame.canvas, {
      palette,
      x: { title: "step", label: (v) => (Number.isInteger(v) ? count(v) : ""), whole: true },
      y: {
        title: "timestep t",
        label: count,
        ticks: (_min, max, pixels) => timestepTicks(Math.round(max - 0.5), pixels, 36),
      },
      datasets: [],
      paddingTop: 4,
      plugins: [
        { id: "cells", beforeDatasetsDraw: () => this.#drawCells(), afterDatasetsDraw: () => this.#drawOver() },
      ],
    });
  }

  render(view: View): void {
    const chosen = selection(view);
    this.#selection = chosen;
    this.element.hidden = chosen === null;
    if (chosen === null) return;
    const { history, quantity, info, layer, timesteps } = chosen;
    this.#frame.setMeaning(
      quantity.symbol,
      `${quantity.meaning} Each column is one step, or the largest of several; the last timestep is on top.${
        info.recurrent?.reversed === true ? " This layer reads the sequence from its end." : ""
      }`,
    );
    this.#updateTools(view, chosen);
    const step = cursorStep(view);
    const profile = profileAt(history, layer, quantity.channel, step);
    const t = cursorTimestep(view, timesteps) ?? timesteps;
    const value = profile?.values[t - 1];
    const where = profile === null ? "" : stepSpan(profile.firstStep, profile.lastStep);
    const text = value === undefined ? "no step yet" : `${where} · t = ${count(t)} · ${quantity.text(value)}`;
    this.#frame.readout = text;
    this.#frame.update(view, {
      now: step,
      min: history.steps[0] ?? 0,
      max: history.lastStep,
      text: value === undefined ? text : `${where}, timestep ${t} of ${timesteps}, ${quantity.text(value)}`,
    });
    if (!this.#frame.drawsChart) return;
    const map = history.map(layer, quantity.channel);
    const area = this.#plot.chartArea;
    const ratio = this.#plot.currentDevicePixelRatio;
    const range = colourRange(chosen, view.ui.range);
    if (map !== undefined && area !== undefined) {
      const grid = binMap(map, Math.max(50, area.width * ratio), Math.max(50, area.height * ratio), quantity.plot);
      this.#image.paint(grid, range, quantity.colours === "diverging" ? diverging : sequential);
    }
    this.#legend.update(quantity, range, this.#palette());
    setRange(this.#plot, "x", ...stepRange(history.steps, history.lastStep));
    setRange(this.#plot, "y", 0.5, timesteps + 0.5);
    this.#plot.update("none");
  }

  #updateTools(view: View, { history, quantities, quantity, info }: Selection): void {
    this.#layers.update(
      recurrentLayers(history).map((i) => {
        const name = history.info.layers[i]?.name ?? "";
        return { value: name, text: name };
      }),
      info.name,
    );
    const views = viewNames.filter((v) => quantities.some((q) => q.view === v));
    this.#views.update(
      views.map((v) => ({ value: v, text: v, title: viewTitles[v] })),
      quantity.view,
    );
    this.#variants.update(
      quantities.filter((q) => q.view === quantity.view).map((q) => ({ value: q.channel, text: q.short })),
      quantity.channel,
    );
    this.#range.update(
      [
        { value: "layer", text: "own range" },
        ...(recurrentLayers(history).length > 1 ? [{ value: "shared", text: "shared range" }] : []),
        { value: "fixed", text: "fixed range" },
      ],
      view.ui.range === "shared" && recurrentLayers(history).length < 2 ? "layer" : view.ui.range,
    );
    this.#range.element.hidden = quantity.bounded;
  }

  #chooseView(view: string): void {
    const first: Quantity | undefined = this.#selection?.quantities.find((q) => q.view === view);
    if (first !== undefined) this.#store.choose({ channel: first.channel });
  }

  #pixels(): { x: (step: number) => number; y: (t: number) => number } | null {
    const [x, y] = [this.#plot.scales["x"], this.#plot.scales["y"]];
    return x === undefined || y === undefined
      ? null
      : { x: (step) => x.getPixelForValue(step), y: (t) => y.getPixelForValue(t) };
  }

  #drawCells(): void {
    const pixels = this.#pixels();
    if (pixels === null || this.#selection === null) return;
    const { ctx, chartArea } = this.#plot;
    this.#image.draw(ctx, chartArea, pixels.x, pixels.y, this.#palette());
  }

  #drawOver(): void {
    const pixels = this.#pixels();
    const chosen = this.#selection;
    if (pixels === null || chosen === null) return;
    const { ctx, chartArea: area } = this.#plot;
    const { view } = this.#store;
    const palette = this.#palette();
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    ctx.clip();
    this.#drawFindings(view, chosen, area.right, pixels.y, palette);
    this.#drawReach(chosen, area, pixels, palette);
    cursorLine(ctx, area, pixels.x(cursorStep(view)), palette);
    const t = cursorTimestep(view, chosen.timesteps);
    if (t !== null)
      strokeWithHalo(ctx, palette, 1, () => {
        const x = pixels.x(cursorStep(view));
        ctx.moveTo(x - 7, pixels.y(t));
        ctx.lineTo(x + 7, pixels.y(t));
      });
    ctx.restore();
  }

  /** The horizon over the steps, and how far back the task needs it to be. */
  #drawReach(
    { history, layer, state, timesteps }: Selection,
    area: { left: number; right: number },
    pixels: { x: (step: number) => number; y: (t: number) => number },
    palette: Palette,
  ): void {
    const { ctx } = this.#plot;
    const lag = history.info.requiredLag;
    if (lag !== null) {
      ctx.save();
      ctx.setLineDash([5, 4]);
      strokeWithHalo(ctx, palette, 1, () => {
        const y = Math.round(pixels.y(Math.max(1, timesteps - lag))) - 0.5;
        ctx.moveTo(area.left, y);
        ctx.lineTo(area.right, y);
      });
      ctx.restore();
    }
    const horizon = history.series("horizon", layer, state);
    if (horizon === undefined || horizon.length < 2) return;
    const { points } = minMax(history.steps, horizon, Math.max(20, (area.right - area.left) / 2));
    strokeWithHalo(ctx, palette, 1.5, () => {
      let pen = false;
      for (const p of points) {
        const [x, y] = [pixels.x(p.x), pixels.y(timesteps - p.y)];
        if (Number.isNaN(y)) pen = false;
        else if (pen) ctx.lineTo(x, y);
        else {
          ctx.moveTo(x, y);
          pen = true;
        }
      }
    });
  }

  /** A strip at the right edge along the timesteps that findings of this layer are about. */
  #drawFindings(view: View, { info }: Selection, right: number, y: (t: number) => number, palette: Palette): void {
    const { ctx } = this.#plot;
    for (const { finding, stale } of view.findings) {
      if (finding.layer !== info.name || finding.timesteps === null || stale) continue;
      const [first, last] = finding.timesteps;
      ctx.fillStyle = palette[finding.severity];
      const top = y(last + 0.5);
      ctx.fillRect(right - 4, top, 4, y(first - 0.5) - top);
    }
  }

  #point(at: { x: number; y: number } | null, pin: boolean): void {
    const [x, y] = [this.#plot.scales["x"], this.#plot.scales["y"]];
    const chosen = this.#selection;
    if (at === null || x === undefined || y === undefined || chosen === null) {
      this.#store.point(null);
      return;
    }
    const step = Math.max(1, Math.round(x.getValueForPixel(at.x) ?? 1));
    const timestep = Math.min(chosen.timesteps, Math.max(1, Math.round(y.getValueForPixel(at.y) ?? 1)));
    if (pin) this.#store.choose({ step: pinStep(this.#store, step), timestep });
    this.#store.point({ step, timestep });
  }

  #table(): TableData {
    const chosen = this.#selection;
    const map = chosen?.history.map(chosen.layer, chosen.quantity.channel);
    if (chosen == null || map === undefined) return { caption: "Heat map", columns: ["steps"], rows: [] };
    const { quantity, timesteps, info } = chosen;
    const times = spread(timesteps, tableTimesteps);
    const cursorColumn = columnAt(map.firstSteps, map.columns, cursorStep(this.#store.view));
    const columns = [...new Set([...spread(map.columns, mostTableRows / 4), cursorColumn])].sort((a, b) => b - a);
    return {
      caption: `${quantity.symbol} of ${info.name}, newest step first`,
      columns: ["steps", ...times.map((t) => `t = ${t + 1}`)],
      rows: columns
        .filter((c) => c >= 0)
        .map((c) => [
          stepSpan(map.firstSteps[c]!, map.lastSteps[c]!),
          ...times.map((t) => quantity.text(map.values[c * timesteps + t]!)),
        ]),
    };
  }
}

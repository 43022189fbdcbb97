/** The heat map: timestep × step, for one quantity of one recurrent layer. */

import { chartWords } from "../../src/messages/charts.ts";
import { panelWords } from "../../src/messages/panel.ts";
import type { RunHistory } from "../../src/protocol/history.ts";
import { formatCount } from "../../src/protocol/numberText.ts";
import { colourRange } from "../charts/colourRange.ts";
import { binMap, visibleMap } from "../charts/heatGrid.ts";
import { type Axes, HeatImage } from "../charts/heatImage.ts";
import { type Area, strokeWithHalo } from "../charts/marks.ts";
import { medians } from "../charts/medians.ts";
import type { Point } from "../charts/minMax.ts";
import { Plot, wholeSteps } from "../charts/plot.ts";
import { Remembered } from "../charts/remembered.ts";
import { type Block, chartInterval } from "../charts/scheduler.ts";
import { timestepTicks } from "../charts/timestepTicks.ts";
import { moveStep, moveTimestep, pinStep } from "../state/moveCursor.ts";
import { cursorStep, cursorTimestep, profileAt, type Selection, selection } from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";
import { stepSpan } from "../text/runWords.ts";
import { divergingFor, sequential } from "../theme/colourMap.ts";
import type { Palette } from "../theme/palette.ts";
import { ChartFrame } from "./chartFrame.ts";
import { markedSeverity } from "./findingKey.ts";
import { HeatLegend } from "./heatLegend.ts";
import { heatTable } from "./heatTable.ts";
import { HeatTools } from "./heatTools.ts";
import { StepZoom } from "./stepZoom.ts";

/** The horizon is drawn as the median over this many pixels: rules judge its median too, and the map stays visible. */
const pixelsPerMedian = 4;

/** Milliseconds between two passes over all values of a map. */
const summaryInterval = 200;

export class HeatBlock implements Block {
  readonly interval = chartInterval;
  readonly element: HTMLElement;
  readonly #frame: ChartFrame;
  readonly #plot: Plot;
  readonly #image = new HeatImage();
  readonly #legend = new HeatLegend();
  readonly #tools: HeatTools;
  readonly #zoom: StepZoom;
  readonly #store: Store;
  readonly #palette: () => Palette;
  /** Bins and colours the cells for an area's pixels; the size for which that was done, null if the map has changed since. */
  #paint: (area: Area) => void = () => {};
  #painted: string | null = null;
  /** Both read every value, and change slowly. */
  readonly #colours = new Remembered<readonly [number, number]>(summaryInterval);
  readonly #horizon = new Remembered<readonly Point[]>(summaryInterval);
  #selection: Selection | null = null;

  constructor(store: Store, palette: () => Palette) {
    this.#store = store;
    this.#palette = palette;
    this.#tools = new HeatTools(store);
    this.#frame = new ChartFrame({
      name: "heat",
      title: chartWords().heat,
      meaning: "",
      store,
      palette,
      move: (move) => {
        if ("axis" in move && move.axis === "y") moveTimestep(store, move.by);
        else moveStep(store, move);
      },
      point: (at, pin) => this.#point(at, pin),
      table: () => heatTable(this.#selection, cursorStep(store.view)),
    });
    this.#zoom = new StepZoom(store);
    this.#frame.tools.append(...this.#tools.elements, this.#zoom.element);
    this.#frame.foot.append(this.#legend.element);
    this.element = this.#frame.element;
    this.#plot = new Plot(this.#frame.canvas, {
      x: { title: chartWords().step, label: (v) => (Number.isInteger(v) ? formatCount(v) : ""), whole: true },
      y: {
        title: chartWords().timestepAxis,
        label: formatCount,
        ticks: (_min, max, pixels) => timestepTicks(Math.round(max - 0.5), pixels, 36),
      },
      lines: [],
      paddingTop: 4,
      plugins: [
        { id: "cells", beforeDatasetsDraw: () => this.#drawCells(), afterDatasetsDraw: () => this.#drawOver() },
      ],
    });
    this.#zoom.listen(
      this.#frame.canvas,
      () => wholeSteps(this.#selection?.history),
      (x) => this.#plot.at(x, 0).x,
    );
  }

  render(view: View): void {
    const chosen = selection(view);
    this.#selection = chosen;
    this.element.hidden = chosen === null;
    if (chosen === null) return;
    const { history, quantity, info, layer, timesteps } = chosen;
    this.#frame.setMeaning(
      quantity.symbol,
      chartWords().heatMeaning({ meaning: quantity.meaning, reversed: info.recurrent?.reversed === true }),
    );
    this.#tools.update(view, chosen);
    this.#zoom.update(view);
    this.#read(view, chosen);
    if (!this.#frame.drawsChart) return;
    const map = history.map(layer, quantity.channel);
    const { pixelRatio: ratio } = this.#plot;
    const measured = measuredKey(view, history);
    const range = this.#colours.get(`${measured} ${layer} ${quantity.channel} ${view.ui.range}`, () =>
      colourRange(chosen, view.ui.range),
    );
    const colours = quantity.colours === "diverging" ? divergingFor(this.#palette().dark) : sequential;
    this.#paint = ({ left, right, top, bottom }) => {
      if (map === undefined) return;
      const [width, height] = [Math.max(50, (right - left) * ratio), Math.max(50, (bottom - top) * ratio)];
      const grid = binMap(visibleMap(map, view.ui.zoom), width, height, quantity.plot, this.#image.grid);
      this.#image.paint(grid, range, colours);
    };
    this.#painted = null;
    this.#legend.update(quantity, range, this.#palette(), markedSeverity(view, chosen.info.name));
    const shown = view.ui.zoom ?? wholeSteps(history);
    this.#plot.setRange("x", shown.from, shown.to);
    this.#plot.setRange("y", 0.5, timesteps + 0.5);
    this.#plot.draw([], this.#palette());
  }

  follow(view: View): void {
    if (this.#selection === null) return;
    this.#read(view, this.#selection);
    this.#placeCursor();
  }

  /** Shows the figure at the cursor. */
  #read(view: View, { history, quantity, layer, timesteps }: Selection): void {
    const step = cursorStep(view);
    const profile = profileAt(history, layer, quantity.channel, step);
    const t = cursorTimestep(view, timesteps) ?? timesteps;
    const value = profile?.values[t - 1];
    const where = profile === null ? "" : stepSpan(profile.firstStep, profile.lastStep);
    const text =
      value === undefined
        ? panelWords().noStepYet
        : chartWords().cellReadout({ where, t: formatCount(t), value: quantity.text(value) });
    this.#frame.readout = text;
    this.#frame.update(view, {
      now: step,
      min: history.steps[0] ?? 0,
      max: history.lastStep,
      text:
        value === undefined ? text : chartWords().cellSpoken({ where, t, all: timesteps, value: quantity.text(value) }),
    });
  }

  #axes(): Axes {
    return { x: (step) => this.#plot.xOf(step), y: (t) => this.#plot.yOf(t) };
  }

  #drawCells(): void {
    const { ctx, area } = this.#plot;
    if (area === null || this.#selection === null) return;
    // Also after a new layout: cells for another size would be too coarse or too fine.
    const size = `${area.right - area.left} × ${area.bottom - area.top}`;
    if (size !== this.#painted) this.#paint(area);
    this.#painted = size;
    this.#image.draw(ctx, area, this.#axes(), this.#palette());
  }

  #drawOver(): void {
    const axes = this.#axes();
    const chosen = this.#selection;
    const { ctx, area } = this.#plot;
    if (area === null || chosen === null) return;
    const { view } = this.#store;
    const palette = this.#palette();
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    ctx.clip();
    this.#drawFindings(view, chosen, area.right, axes.y, palette);
    this.#drawReach(measuredKey(view, chosen.history), chosen, area, axes, palette);
    ctx.restore();
    this.#placeCursor();
  }

  #placeCursor(): void {
    const { area } = this.#plot;
    if (area === null || this.#selection === null) return;
    const { view } = this.#store;
    const axes = this.#axes();
    const t = cursorTimestep(view, this.#selection.timesteps);
    const mark = t === null ? null : ({ shape: "dash", y: axes.y(t) } as const);
    this.#frame.placeCursor({ area, x: axes.x(cursorStep(view)), mark });
  }

  /** Draws the horizon over the steps, and the required lag. */
  #drawReach(
    measured: string,
    { history, layer, state, timesteps }: Selection,
    area: { left: number; right: number },
    axes: Axes,
    palette: Palette,
  ): void {
    const { ctx } = this.#plot;
    const lag = history.info.requiredLag;
    if (lag !== null) {
      ctx.save();
      ctx.setLineDash([5, 4]);
      strokeWithHalo(ctx, palette, 1, () => {
        const y = Math.round(axes.y(Math.max(1, timesteps - lag))) - 0.5;
        ctx.moveTo(area.left, y);
        ctx.lineTo(area.right, y);
      });
      ctx.restore();
    }
    const horizon = history.series("horizon", layer, state);
    if (horizon === undefined || horizon.length < 2) return;
    const points = this.#horizon.get(`${measured} ${layer} ${state}`, () =>
      medians(history.steps, horizon, (area.right - area.left) / pixelsPerMedian),
    );
    strokeWithHalo(ctx, palette, 1.5, () => {
      for (const p of points) ctx.lineTo(axes.x(p.x), axes.y(timesteps - p.y));
    });
  }

  /** Draws a strip at the right edge along the timesteps that findings of this layer concern. */
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
    const chosen = this.#selection;
    if (at === null || chosen === null) {
      this.#store.point(null);
      return;
    }
    const value = this.#plot.at(at.x, at.y);
    const step = Math.max(1, Math.round(value.x));
    const timestep = Math.min(chosen.timesteps, Math.max(1, Math.round(value.y)));
    if (pin) this.#store.choose({ step: pinStep(this.#store, step), timestep });
    this.#store.point({ step, timestep });
  }
}

/** A key for figures that may lag behind a running run, but not behind its end. */
function measuredKey({ run }: View, { info, lastStep }: RunHistory): string {
  return `${info.runId} ${run?.state === "ended" ? lastStep : "going"}`;
}

/** A few curves over a few places, each place a dot, with cursor, keyboard and table. */

import { deepChartWords } from "../../../src/messages/deepCharts.ts";
import { listWords } from "../../../src/messages/lists.ts";
import type { ChartName } from "../../../src/protocol/panelMessages.ts";
import type { ChartTable } from "../../a11y/dataTable.ts";
import { label, levelLine } from "../../charts/marks.ts";
import { Plot } from "../../charts/plot.ts";
import { el, setText } from "../../dom.ts";
import type { Store, View } from "../../state/store.ts";
import type { Palette } from "../../theme/palette.ts";
import { ChartFrame } from "../chartFrame.ts";

export interface Curve {
  readonly name: string;
  /** Text under the chart; by default the name. */
  readonly legend?: string;
  readonly values: Float64Array;
}

export interface CurveData {
  readonly caption: string;
  /** Ascending. */
  readonly places: Float64Array;
  /** The curves; at most as many as there are colours. */
  readonly curves: readonly Curve[];
  /** Range from the least to the most at each place, drawn around the first curve. */
  readonly spread: { readonly low: Float64Array; readonly high: Float64Array } | null;
}

export interface CurveSetup {
  readonly name: ChartName;
  readonly title: string;
  readonly meaning: string;
  /** Meaning of the places, for the x-axis and the table's first column. */
  readonly place: string;
  readonly unit: string;
  readonly tick: (value: number) => string;
  readonly text: (value: number) => string;
  /** A horizontal line with its meaning. */
  readonly level: { readonly at: number; readonly text: string } | null;
  /** Values that the axis always includes. */
  readonly always: readonly number[];
}

const colours: readonly ((palette: Palette) => string)[] = [
  (p) => p.series,
  (p) => p.warning,
  (p) => p.second,
  (p) => p.good,
];

export class CurveChart {
  readonly element: HTMLElement;
  readonly #setup: CurveSetup;
  readonly #frame: ChartFrame;
  readonly #plot: Plot;
  readonly #store: Store;
  readonly #palette: () => Palette;
  readonly #reading = el("p", { class: "reading" });
  readonly #keys = el("div", { class: "keys" });
  #data: CurveData | null = null;
  #cursor: number | null = null;

  constructor(store: Store, palette: () => Palette, setup: CurveSetup) {
    this.#store = store;
    this.#palette = palette;
    this.#setup = setup;
    this.#frame = new ChartFrame({
      name: setup.name,
      title: setup.title,
      meaning: setup.meaning,
      store,
      palette,
      move: (move) => {
        if ("release" in move) this.#set(null);
        else if ("to" in move) this.#set(move.to === "first" ? 0 : Number.POSITIVE_INFINITY);
        else if (move.axis === "x") this.#set((this.#cursor ?? 0) + move.by);
      },
      point: (at) => this.#set(at === null ? null : this.#nearest(this.#plot.at(at.x, at.y).x)),
      table: () => this.#table(),
    });
    this.element = this.#frame.element;
    this.element.insertBefore(this.#reading, this.element.children[1] ?? null);
    this.#frame.foot.append(this.#keys);
    this.#plot = new Plot(this.#frame.canvas, {
      x: { title: setup.place, label: (v) => (Number.isInteger(v) ? String(v) : ""), whole: true },
      y: { title: setup.unit, label: setup.tick },
      lines: colours.map((colour) => ({ colour, width: 1.5 })),
      paddingTop: 6,
      plugins: [
        { id: "marks", beforeDatasetsDraw: () => this.#drawBelow(), afterDatasetsDraw: () => this.#drawOver() },
      ],
    });
  }

  /** Null if there is nothing to draw; the reading says why. */
  render(view: View, data: CurveData | null, reading: string): void {
    if (data?.places !== this.#data?.places) this.#cursor = null;
    this.#data = data;
    setText(this.#reading, reading);
    this.#read(view);
    this.#frame.canvas.hidden = data === null;
    if (data !== null && this.#frame.drawsChart) this.#draw(data);
  }

  /** Shows the figures at the cursor. */
  #read(view: View): void {
    const data = this.#data;
    const at = this.#cursor ?? 0;
    const place = data?.places[at];
    const text =
      data === null || place === undefined
        ? deepChartWords().nothingToShow
        : deepChartWords().curveReadout({
            place: this.#setup.place,
            at: place,
            values: listWords().commas(
              data.curves.map(({ name, values }) => `${name} ${this.#setup.text(values[at]!)}`.trim()),
            ),
          });
    this.#frame.readout = text;
    this.#frame.update(view, { now: place ?? 0, min: data?.places[0] ?? 0, max: data?.places.at(-1) ?? 0, text });
  }

  #draw({ places, curves, spread }: CurveData): void {
    const seen = [...curves.map((c) => c.values), ...(spread === null ? [] : [spread.low, spread.high])];
    const all = [...seen.flatMap((values) => [...values].filter(Number.isFinite)), ...this.#setup.always];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const pad = (high - low) * 0.07 || 0.1;
    this.#plot.setRange("y", low - pad, high + pad);
    const [first, last] = [places[0] ?? 0, places.at(-1) ?? 1];
    const margin = Math.max(0.5, (last - first) * 0.02);
    this.#plot.setRange("x", first - margin, last + margin);
    const palette = this.#palette();
    this.#keys.replaceChildren(
      ...(curves.length > 1 ? curves.map((c, i) => this.#key(c.legend ?? c.name, i, palette)) : []),
    );
    const points = ({ values }: Curve) =>
      Array.from(places, (x, i) => ({ x, y: Number.isFinite(values[i]) ? values[i]! : Number.NaN }));
    this.#plot.draw(
      colours.map((_, i) => (curves[i] === undefined ? [] : points(curves[i]))),
      palette,
    );
  }

  #key(name: string, i: number, palette: Palette): HTMLElement {
    const line = el("i", { class: "swatch-line", "aria-hidden": "true" });
    line.style.borderColor = colours[i]?.(palette) ?? palette.foreground;
    return el("span", { class: "key" }, line, name);
  }

  #drawBelow(): void {
    const { ctx, area } = this.#plot;
    if (area === null || this.#data === null) return;
    const palette = this.#palette();
    const { level } = this.#setup;
    if (level !== null) {
      const y = this.#plot.yOf(level.at);
      levelLine(ctx, area, y, palette);
      label(ctx, level.text, area.right - 4, y > area.top + 18 ? y - 9 : y + 9, "right", palette, palette.muted);
    }
    const { spread, places } = this.#data;
    if (spread === null) return;
    ctx.save();
    ctx.strokeStyle = palette.series;
    ctx.globalAlpha = 0.4;
    ctx.lineWidth = 5;
    places.forEach((place, i) => {
      const [low, high] = [spread.low[i]!, spread.high[i]!];
      if (!Number.isFinite(low) || !Number.isFinite(high)) return;
      const x = this.#plot.xOf(place);
      ctx.beginPath();
      ctx.moveTo(x, this.#plot.yOf(low));
      ctx.lineTo(x, this.#plot.yOf(high));
      ctx.stroke();
    });
    ctx.restore();
  }

  #drawOver(): void {
    const { ctx, area } = this.#plot;
    if (area === null || this.#data === null) return;
    const palette = this.#palette();
    const { places, curves } = this.#data;
    if (places.length <= 40)
      for (const [i, { values }] of curves.entries()) {
        ctx.fillStyle = colours[i]?.(palette) ?? palette.foreground;
        places.forEach((place, k) => {
          if (!Number.isFinite(values[k])) return;
          ctx.beginPath();
          ctx.arc(this.#plot.xOf(place), this.#plot.yOf(values[k]!), 2.5, 0, 2 * Math.PI);
          ctx.fill();
        });
      }
    this.#placeCursor();
  }

  #placeCursor(): void {
    const { area } = this.#plot;
    const at = this.#cursor === null ? undefined : this.#data?.places[this.#cursor];
    if (area !== null) this.#frame.placeCursor(at === undefined ? null : { area, x: this.#plot.xOf(at), mark: null });
  }

  #nearest(x: number): number {
    let best = 0;
    const places = this.#data?.places ?? new Float64Array(0);
    places.forEach((place, i) => {
      if (Math.abs(place - x) < Math.abs(places[best]! - x)) best = i;
    });
    return best;
  }

  #set(cursor: number | null): void {
    const last = (this.#data?.places.length ?? 1) - 1;
    this.#cursor = cursor === null ? null : Math.max(0, Math.min(last, cursor));
    this.#read(this.#store.view);
    this.#placeCursor();
  }

  #table(): ChartTable {
    const { place, title, text } = this.#setup;
    const data = this.#data;
    if (data === null) return { caption: title, columns: [place], rows: [] };
    const spread = data.spread;
    return {
      caption: data.caption,
      columns: [
        place,
        ...data.curves.map((c) => c.name),
        ...(spread === null ? [] : [deepChartWords().least, deepChartWords().most]),
      ],
      rows: Array.from(data.places, (x, i) => [
        String(x),
        ...data.curves.map((c) => text(c.values[i]!)),
        ...(spread === null ? [] : [text(spread.low[i]!), text(spread.high[i]!)]),
      ]),
    };
  }
}

/** The profile over the timesteps at the cursor's step: how far back the gradient reaches, and how far it should. */

import { chartWords } from "../../src/messages/charts.ts";
import { formatCount, formatPercent } from "../../src/protocol/numberText.ts";
import type { ChartTable } from "../a11y/dataTable.ts";
import { mostTableRows, spread } from "../a11y/dataTable.ts";
import { comparedLines } from "../charts/comparedLines.ts";
import { cross, label, levelLine, topMarker } from "../charts/marks.ts";
import { minMax, type Point } from "../charts/minMax.ts";
import { Plot } from "../charts/plot.ts";
import { type Block, chartInterval } from "../charts/scheduler.ts";
import { timestepTicks } from "../charts/timestepTicks.ts";
import { moveTimestep } from "../state/moveCursor.ts";
import { type ProfileFigures, profileFigures } from "../state/profileFigures.ts";
import { cursorStep, cursorTimestep, type Selection, selection } from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";
import { stepSpan } from "../text/runWords.ts";
import type { Palette } from "../theme/palette.ts";
import { ChartFrame } from "./chartFrame.ts";
import { ComparedKeys, comparedName } from "./comparedKeys.ts";
import { markedSeverity } from "./findingKey.ts";
import { ProfileLegend } from "./profileLegend.ts";
import { profileText } from "./profileText.ts";

/** Room above the curve for the two markers. */
const markerRoom = 32;

export class ProfileBlock implements Block {
  readonly interval = chartInterval;
  readonly element: HTMLElement;
  readonly #frame: ChartFrame;
  readonly #legend = new ProfileLegend();
  readonly #keys = new ComparedKeys();
  readonly #plot: Plot;
  readonly #store: Store;
  readonly #palette: () => Palette;
  #drawn: ProfileFigures | null = null;
  /** The step whose profile is drawn. */
  #step = 0;

  constructor(store: Store, palette: () => Palette) {
    this.#store = store;
    this.#palette = palette;
    this.#frame = new ChartFrame({
      name: "profile",
      title: chartWords().profile,
      meaning: "",
      store,
      palette,
      move: (move) => this.#move(move),
      point: (at, pin) => this.#point(at, pin),
      table: () => this.#table(),
    });
    this.#frame.foot.append(this.#legend.element, this.#keys.element);
    this.element = this.#frame.element;
    this.#plot = new Plot(this.#frame.canvas, {
      x: {
        title: chartWords().timestepAxis,
        label: formatCount,
        ticks: (_min, max, pixels) => timestepTicks(Math.round(max - 0.5), pixels, 60),
      },
      y: {
        title: "",
        label: (v) => this.#drawn?.selection.quantity.tick(v) ?? "",
      },
      lines: [
        { colour: (p) => p.series, width: 2 },
        { colour: (p) => p.muted, width: 1, dash: [2, 2] },
        ...comparedLines,
      ],
      paddingTop: markerRoom,
      plugins: [
        { id: "profile", beforeDatasetsDraw: () => this.#drawBelow(), afterDatasetsDraw: () => this.#drawOver() },
      ],
    });
  }

  render(view: View): void {
    const chosen = selection(view);
    this.element.hidden = chosen === null;
    if (chosen === null) return;
    const drawn = profileFigures(view, chosen);
    this.#drawn = drawn;
    const { quantity } = chosen;
    this.#frame.setMeaning(chartWords().profileTitle, chartWords().profileMeaning(quantity.meaning));
    this.#read(view, chosen);
    const plotted = drawn?.profile.values.map(quantity.plot);
    const finding = markedSeverity(view, chosen.info.name);
    this.#legend.update(quantity, drawn?.band != null, finding, plotted, this.#palette());
    this.#keys.update(view, this.#palette());
    if (drawn !== null && this.#frame.drawsChart) this.#draw(drawn);
  }

  follow(view: View): void {
    // Another step has other curves.
    if (this.#drawn === null || cursorStep(view) !== this.#step) {
      this.render(view);
      return;
    }
    this.#read(view, this.#drawn.selection);
    this.#placeCursor();
  }

  /** Shows the figures at the cursor. */
  #read(view: View, chosen: Selection): void {
    this.#step = cursorStep(view);
    const { readout, cursor } = profileText(view, chosen, this.#drawn);
    this.#frame.readout = readout;
    this.#frame.update(view, cursor);
  }

  #draw({ selection: chosen, profile, band, epsilonLine, compared }: ProfileFigures): void {
    const { quantity, timesteps, history, layer } = chosen;
    const { area } = this.#plot;
    const width = Math.max(50, area === null ? 300 : Math.round(area.right - area.left));
    const times = Float64Array.from({ length: timesteps }, (_, i) => i + 1);
    const curve = (values: Float64Array): Point[] => minMax(times, values.map(quantity.plot), width).points;
    const map = history.map(layer, quantity.channel);
    const first = map === undefined || map.columns < 2 ? [] : curve(map.values.subarray(0, timesteps));
    const points = curve(profile.values);
    const others = comparedLines.map((_, i) => curve(compared[i]?.values ?? new Float64Array(0)));
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const include = (y: number): void => {
      if (y < low) low = y;
      if (y > high) high = y;
    };
    for (const p of points) include(p.y);
    for (const p of [...first, ...others.flat()]) if (Number.isFinite(p.y)) include(p.y);
    if (band !== null)
      for (const values of [band.low, band.high]) for (const y of values) if (Number.isFinite(y)) include(y);
    if (epsilonLine !== null) include(epsilonLine);
    if (quantity.colours === "diverging") include(0);
    if (low > high) [low, high] = quantity.fixed;
    const pad = Math.max((high - low) * 0.06, quantity.bounded ? 0.02 : 0.1);
    if (quantity.bounded) [low, high] = quantity.fixed;
    this.#plot.setRange("y", low - pad, high + pad);
    this.#plot.setRange("x", 0.5, timesteps + 0.5);
    this.#plot.setTitle("y", quantity.unit);
    this.#plot.draw([points, first, ...others], this.#palette());
  }

  /** Draws below the curve: timesteps of findings, the band between the 10th and the 90th percentile, the ε line. */
  #drawBelow(): void {
    const { ctx, area } = this.#plot;
    if (this.#drawn === null || area === null) return;
    const { selection: chosen, band, epsilonLine } = this.#drawn;
    const palette = this.#palette();
    ctx.save();
    for (const { finding, stale } of this.#store.view.findings) {
      if (finding.layer !== chosen.info.name || finding.timesteps === null || stale) continue;
      ctx.fillStyle = palette[finding.severity];
      const left = this.#plot.xOf(finding.timesteps[0] - 0.5);
      const right = this.#plot.xOf(finding.timesteps[1] + 0.5);
      ctx.fillRect(left, area.bottom - 4, right - left, 4);
    }
    if (band !== null) {
      ctx.globalAlpha = 0.22;
      ctx.fillStyle = palette.series;
      ctx.beginPath();
      const clamp = (v: number): number => Math.min(Math.max(this.#plot.yOf(v), area.top), area.bottom);
      for (let t = 1; t <= chosen.timesteps; t++) ctx.lineTo(this.#plot.xOf(t), clamp(band.high[t - 1]!));
      for (let t = chosen.timesteps; t >= 1; t--) ctx.lineTo(this.#plot.xOf(t), clamp(band.low[t - 1]!));
      ctx.fill();
    }
    ctx.restore();
    if (epsilonLine !== null) {
      const { epsilon } = chosen.history.info.diagnosis.rules["vanishing-through-time"];
      this.#level(this.#plot.yOf(epsilonLine), chartWords().epsilonLine(formatPercent(epsilon)), palette);
    }
    if (chosen.quantity.colours === "diverging") this.#level(this.#plot.yOf(0), chartWords().keepsSize, palette);
  }

  #level(at: number, text: string, palette: Palette): void {
    const { ctx, area } = this.#plot;
    if (area === null) return;
    levelLine(ctx, area, at, palette);
    label(ctx, text, area.left + 6, at - 9, "left", palette, palette.muted);
  }

  #drawOver(): void {
    const { ctx, area } = this.#plot;
    if (this.#drawn === null || area === null) return;
    const { selection: chosen, profile, horizon } = this.#drawn;
    const palette = this.#palette();
    const lag = chosen.history.info.requiredLag;
    const reaches = horizon !== null && lag !== null && horizon >= lag;
    if (lag !== null)
      topMarker(
        ctx,
        area,
        this.#plot.xOf(Math.max(1, chosen.timesteps - lag)),
        1,
        chartWords().requiredLagIs(formatCount(lag)),
        palette.muted,
        palette,
        [5, 4],
      );
    if (horizon !== null)
      topMarker(
        ctx,
        area,
        this.#plot.xOf(Math.max(1, chosen.timesteps - horizon)),
        0,
        chartWords().horizonIs(formatCount(horizon)),
        reaches || lag === null ? palette.good : palette.warning,
        palette,
        [],
      );
    profile.values.forEach((value, i) => {
      const plotted = chosen.quantity.plot(value);
      if (Number.isFinite(plotted)) return;
      const at = this.#plot.xOf(i + 1);
      if (plotted === Number.NEGATIVE_INFINITY) {
        ctx.fillStyle = palette.muted;
        ctx.fillRect(at - 1, area.bottom - 4, 2, 4);
      } else cross(ctx, at, area.top + 5, Number.isNaN(plotted) ? palette.error : palette.warning);
    });
    this.#placeCursor();
  }

  #placeCursor(): void {
    const { area } = this.#plot;
    if (area === null || this.#drawn === null) return;
    const { selection: chosen, profile } = this.#drawn;
    const t = cursorTimestep(this.#store.view, chosen.timesteps);
    if (t === null) {
      this.#frame.placeCursor(null);
      return;
    }
    const plotted = chosen.quantity.plot(profile.values[t - 1]!);
    const mark = Number.isFinite(plotted) ? ({ shape: "dot", y: this.#plot.yOf(plotted) } as const) : null;
    this.#frame.placeCursor({ area, x: this.#plot.xOf(t), mark });
  }

  #move(move: Parameters<ConstructorParameters<typeof ChartFrame>[0]["move"]>[0]): void {
    if ("release" in move) this.#store.choose({ timestep: null });
    else if ("by" in move) moveTimestep(this.#store, move.by);
    else {
      const timesteps = this.#drawn?.selection.timesteps ?? 1;
      this.#store.choose({ timestep: move.to === "first" ? 1 : timesteps });
    }
  }

  #point(at: { x: number; y: number } | null, pin: boolean): void {
    if (at === null || this.#drawn === null) {
      this.#store.point(null);
      return;
    }
    const { timesteps } = this.#drawn.selection;
    const timestep = Math.min(timesteps, Math.max(1, Math.round(this.#plot.at(at.x, at.y).x)));
    if (pin) this.#store.choose({ timestep });
    this.#store.point({ step: null, timestep });
  }

  #table(): ChartTable {
    const drawn = this.#drawn;
    if (drawn === null) return { caption: chartWords().profile, columns: [chartWords().timestep], rows: [] };
    const { profile, band, compared, selection: chosen } = drawn;
    const { view } = this.#store;
    const { quantity, timesteps, info } = chosen;
    const percentiles = band === null ? [] : [chartWords().percentile10, chartWords().percentile90];
    return {
      caption: chartWords().profileTable({
        symbol: quantity.symbol,
        layer: info.name,
        where: stepSpan(profile.firstStep, profile.lastStep),
      }),
      columns: [
        chartWords().timestep,
        quantity.symbol,
        ...percentiles,
        ...view.compared.map((c) => comparedName(view, c.runId)),
      ],
      rows: spread(timesteps, mostTableRows)
        .reverse()
        .map((i) => [
          String(i + 1),
          quantity.text(profile.values[i]!),
          ...(band === null ? [] : [quantity.text(band.low[i]!), quantity.text(band.high[i]!)]),
          ...compared.map((c) => (c === null ? "–" : quantity.text(c.values[i]!))),
        ]),
    };
  }
}

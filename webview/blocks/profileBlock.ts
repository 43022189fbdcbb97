/** The profile over the timesteps at the cursor's step: how far back the gradient reaches, and how far it should. */

import type { TableData } from "../a11y/dataTable.ts";
import { mostTableRows, spread } from "../a11y/dataTable.ts";
import { cross, cursorLine, label, topMarker } from "../charts/marks.ts";
import { minMax, type Point } from "../charts/minMax.ts";
import { createPlot, type Plot, setRange, timestepTicks } from "../charts/plot.ts";
import type { Block } from "../charts/scheduler.ts";
import { moveTimestep } from "../state/moveCursor.ts";
import {
  cursorStep,
  cursorTimestep,
  type ProfileAtStep,
  profileAt,
  rowAt,
  type Selection,
  selection,
} from "../state/selection.ts";
import type { Store, View } from "../state/store.ts";
import { count, significant, stepSpan } from "../text/format.ts";
import type { Palette } from "../theme/palette.ts";
import { ChartFrame } from "./chartFrame.ts";

/** Room above the curve for the two markers. */
const markerRoom = 32;

interface Drawn {
  readonly selection: Selection;
  readonly profile: ProfileAtStep;
  /** Plotted values of the percentiles over the batch. */
  readonly band: { readonly low: Float64Array; readonly high: Float64Array } | null;
  /** log₁₀ of ε of the last timestep's state gradient. */
  readonly epsilonLine: number | null;
  readonly horizon: number | null;
}

export class ProfileBlock implements Block {
  readonly interval = 0;
  readonly element: HTMLElement;
  readonly #frame: ChartFrame;
  readonly #plot: Plot;
  readonly #store: Store;
  readonly #palette: () => Palette;
  #drawn: Drawn | null = null;

  constructor(store: Store, palette: () => Palette) {
    this.#store = store;
    this.#palette = palette;
    this.#frame = new ChartFrame({
      name: "profile",
      title: "Profile",
      meaning: "",
      store,
      move: (move) => this.#move(move),
      point: (at, pin) => this.#point(at, pin),
      table: () => this.#table(),
    });
    this.element = this.#frame.element;
    this.#plot = createPlot(this.#frame.canvas, {
      palette,
      x: {
        title: "timestep t",
        label: count,
        ticks: (_min, max, pixels) => timestepTicks(Math.round(max - 0.5), pixels, 60),
      },
      y: {
        title: () => this.#drawn?.selection.quantity.unit ?? "",
        label: (v) => this.#drawn?.selection.quantity.tick(v) ?? "",
      },
      datasets: [
        { data: [], borderColor: () => palette().series, borderWidth: 2 },
        { data: [], borderColor: () => palette().muted, borderWidth: 1, borderDash: [2, 2] },
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
    this.#drawn = this.#gather(view, chosen);
    const { quantity, timesteps, history } = chosen;
    this.#frame.setMeaning(
      "Profile over timesteps",
      `${quantity.meaning} Read from right to left: that is how the gradient travels. The dotted curve is the first step.`,
    );
    const t = cursorTimestep(view, timesteps);
    const drawn = this.#drawn;
    const lag = history.info.requiredLag;
    const reach =
      drawn?.horizon == null
        ? ""
        : lag === null
          ? ` · reaches ${count(drawn.horizon)} timesteps`
          : ` · reaches ${count(Math.min(drawn.horizon, lag))} of ${count(lag)} timesteps`;
    const value = t === null ? undefined : drawn?.profile.values[t - 1];
    const at = value === undefined || t === null ? "" : ` · t = ${count(t)}: ${quantity.text(value)}`;
    const span = drawn === null ? "no step yet" : stepSpan(drawn.profile.firstStep, drawn.profile.lastStep);
    this.#frame.readout = `${span}${at === "" ? reach : at}`;
    const shown = drawn?.profile.values[(t ?? timesteps) - 1];
    this.#frame.update(view, {
      now: t ?? timesteps,
      min: 1,
      max: timesteps,
      text: `${span}, timestep ${t ?? timesteps}, ${shown === undefined ? "" : quantity.text(shown)}${reach}`,
    });
    if (drawn !== null && this.#frame.drawsChart) this.#draw(drawn);
  }

  #gather(view: View, chosen: Selection): Drawn | null {
    const { history, layer, quantity, state } = chosen;
    const step = cursorStep(view);
    const profile = profileAt(history, layer, quantity.channel, step);
    if (profile === null) return null;
    const isState = quantity.view === "h" || quantity.view === "c";
    const low = isState ? profileAt(history, layer, `${state}.p10`, step) : null;
    const high = isState ? profileAt(history, layer, `${state}.p90`, step) : null;
    const end = profile.values[profile.values.length - 1]!;
    const { epsilon } = history.info.diagnosis.rules["vanishing-through-time"];
    const row = rowAt(history.steps, step);
    const horizon = history.series("horizon", layer, state)?.[row];
    return {
      selection: chosen,
      profile,
      band: low === null || high === null ? null : { low: low.values, high: high.values },
      epsilonLine: isState && Number.isFinite(end) ? end + Math.log10(epsilon) : null,
      horizon: horizon === undefined || !Number.isFinite(horizon) ? null : horizon,
    };
  }

  #draw({ selection: chosen, profile, band, epsilonLine }: Drawn): void {
    const { quantity, timesteps, history, layer } = chosen;
    const width = Math.max(50, Math.round(this.#plot.chartArea?.width ?? 300));
    const times = Float64Array.from({ length: timesteps }, (_, i) => i + 1);
    const curve = (values: Float64Array): Point[] => minMax(times, values.map(quantity.plot), width).points;
    const map = history.map(layer, quantity.channel);
    const first = map === undefined || map.columns < 2 ? [] : curve(map.values.subarray(0, timesteps));
    const points = curve(profile.values);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const include = (y: number): void => {
      if (y < low) low = y;
      if (y > high) high = y;
    };
    for (const p of points) include(p.y);
    for (const p of first) include(p.y);
    if (band !== null)
      for (const values of [band.low, band.high]) for (const y of values) if (Number.isFinite(y)) include(y);
    if (epsilonLine !== null) include(epsilonLine);
    if (quantity.colours === "diverging") include(0);
    if (low > high) [low, high] = quantity.fixed;
    const pad = Math.max((high - low) * 0.06, quantity.bounded ? 0.02 : 0.1);
    if (quantity.bounded) [low, high] = quantity.fixed;
    setRange(this.#plot, "y", low - pad, high + pad);
    setRange(this.#plot, "x", 0.5, timesteps + 0.5);
    const [now, start] = this.#plot.data.datasets;
    if (now !== undefined) now.data = points;
    if (start !== undefined) start.data = first;
    this.#plot.update("none");
  }

  /** Under the curve: timesteps of findings, the band between the 10th and the 90th percentile, the ε line. */
  #drawBelow(): void {
    const [x, y] = [this.#plot.scales["x"], this.#plot.scales["y"]];
    if (this.#drawn === null || x === undefined || y === undefined) return;
    const { ctx, chartArea: area } = this.#plot;
    const { selection: chosen, band, epsilonLine } = this.#drawn;
    const palette = this.#palette();
    ctx.save();
    for (const { finding, stale } of this.#store.view.findings) {
      if (finding.layer !== chosen.info.name || finding.timesteps === null || stale) continue;
      ctx.globalAlpha = 0.09;
      ctx.fillStyle = palette[finding.severity];
      const left = x.getPixelForValue(finding.timesteps[0] - 0.5);
      const right = x.getPixelForValue(finding.timesteps[1] + 0.5);
      ctx.fillRect(left, area.top, right - left, area.bottom - area.top);
    }
    if (band !== null) {
      ctx.globalAlpha = 0.22;
      ctx.fillStyle = palette.series;
      ctx.beginPath();
      const clamp = (v: number): number => Math.min(Math.max(y.getPixelForValue(v), area.top), area.bottom);
      for (let t = 1; t <= chosen.timesteps; t++) ctx.lineTo(x.getPixelForValue(t), clamp(band.high[t - 1]!));
      for (let t = chosen.timesteps; t >= 1; t--) ctx.lineTo(x.getPixelForValue(t), clamp(band.low[t - 1]!));
      ctx.fill();
    }
    ctx.restore();
    if (epsilonLine !== null) {
      const { epsilon } = chosen.history.info.diagnosis.rules["vanishing-through-time"];
      this.#level(y.getPixelForValue(epsilonLine), `ε = ${significant(epsilon)} of the end`, palette);
    }
    if (chosen.quantity.colours === "diverging") this.#level(y.getPixelForValue(0), "×1: keeps its size", palette);
  }

  #level(at: number, text: string, palette: Palette): void {
    const { ctx, chartArea: area } = this.#plot;
    ctx.save();
    ctx.strokeStyle = palette.muted;
    ctx.setLineDash([5, 4]);
    ctx.beginPath();
    ctx.moveTo(area.left, at);
    ctx.lineTo(area.right, at);
    ctx.stroke();
    ctx.restore();
    label(ctx, text, area.left + 6, at - 9, "left", palette, palette.muted);
  }

  #drawOver(): void {
    const [x, y] = [this.#plot.scales["x"], this.#plot.scales["y"]];
    if (this.#drawn === null || x === undefined || y === undefined) return;
    const { ctx, chartArea: area } = this.#plot;
    const { selection: chosen, profile, horizon } = this.#drawn;
    const palette = this.#palette();
    const lag = chosen.history.info.requiredLag;
    const reaches = horizon !== null && lag !== null && horizon >= lag;
    if (lag !== null)
      topMarker(
        ctx,
        area,
        x.getPixelForValue(Math.max(1, chosen.timesteps - lag)),
        1,
        `required lag ${count(lag)}`,
        palette.muted,
        palette,
        [5, 4],
      );
    if (horizon !== null)
      topMarker(
        ctx,
        area,
        x.getPixelForValue(Math.max(1, chosen.timesteps - horizon)),
        0,
        `horizon ${count(horizon)}`,
        reaches || lag === null ? palette.good : palette.warning,
        palette,
        [],
      );
    profile.values.forEach((value, i) => {
      const plotted = chosen.quantity.plot(value);
      if (Number.isFinite(plotted)) return;
      const at = x.getPixelForValue(i + 1);
      if (plotted === Number.NEGATIVE_INFINITY) {
        ctx.fillStyle = palette.muted;
        ctx.fillRect(at - 1, area.bottom - 4, 2, 4);
      } else cross(ctx, at, area.top + 5, Number.isNaN(plotted) ? palette.error : palette.warning);
    });
    const t = cursorTimestep(this.#store.view, chosen.timesteps);
    if (t === null) return;
    cursorLine(ctx, area, x.getPixelForValue(t), palette);
    const plotted = chosen.quantity.plot(profile.values[t - 1]!);
    if (!Number.isFinite(plotted)) return;
    ctx.beginPath();
    ctx.arc(x.getPixelForValue(t), y.getPixelForValue(plotted), 3.5, 0, 2 * Math.PI);
    ctx.fillStyle = palette.series;
    ctx.fill();
    ctx.strokeStyle = palette.background;
    ctx.stroke();
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
    const x = this.#plot.scales["x"];
    if (at === null || x === undefined || this.#drawn === null) {
      this.#store.point(null);
      return;
    }
    const { timesteps } = this.#drawn.selection;
    const timestep = Math.min(timesteps, Math.max(1, Math.round(x.getValueForPixel(at.x) ?? 1)));
    if (pin) this.#store.choose({ timestep });
    this.#store.point({ step: null, timestep });
  }

  #table(): TableData {
    const drawn = this.#drawn;
    if (drawn === null) return { caption: "Profile", columns: ["timestep"], rows: [] };
    const { profile, band, selection: chosen } = drawn;
    const { quantity, timesteps, info } = chosen;
    const percentiles = band === null ? [] : ["10th percentile", "90th percentile"];
    return {
      caption: `${quantity.symbol} of ${info.name} at ${stepSpan(profile.firstStep, profile.lastStep)}, last timestep first`,
      columns: ["timestep", quantity.symbol, ...percentiles],
      rows: spread(timesteps, mostTableRows)
        .reverse()
        .map((i) => [
          String(i + 1),
          quantity.text(profile.values[i]!),
          ...(band === null ? [] : [quantity.text(band.low[i]!), quantity.text(band.high[i]!)]),
        ]),
    };
  }
}

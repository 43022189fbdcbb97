/** Chart.js, configured for streams: no animation, no parsing, no points, one update per frame. */

import { Chart, LinearScale, LineController, LineElement, type Plugin, PointElement } from "chart.js";
import type { RunHistory } from "../../src/protocol/history.ts";
import type { Zoom } from "../state/zoom.ts";
import type { Palette } from "../theme/palette.ts";
import type { Point } from "./minMax.ts";

Chart.register(LineController, LineElement, PointElement, LinearScale);

type LineChart = Chart<"line", Point[]>;
export type PlotPlugin = Plugin<"line">;

/** Width of all charts' value axes, so that steps line up from chart to chart. */
const axisWidth = 50;

export interface AxisSetup {
  readonly title: string;
  /** Label of a tick. */
  readonly label: (value: number) => string;
  /** The ticks, if Chart.js's own choice does not suit; null if it does. */
  readonly ticks?: (min: number, max: number, pixels: number) => number[] | null;
  readonly whole?: boolean;
}

export interface LineSetup {
  readonly colour: (palette: Palette) => string;
  readonly width: number;
  readonly dash?: readonly number[];
}

export interface PlotSetup {
  readonly x: AxisSetup;
  readonly y: AxisSetup;
  readonly lines: readonly LineSetup[];
  readonly plugins: readonly PlotPlugin[];
  readonly paddingTop: number;
}

interface BuiltScale {
  readonly min: number;
  readonly max: number;
  width: number;
  readonly height: number;
  ticks: { value: number }[];
}

function axis(setup: AxisSetup, wide: boolean): object {
  const { ticks } = setup;
  return {
    type: "linear",
    grid: { drawTicks: false },
    title: { display: true, text: setup.title, padding: 0 },
    ticks: {
      padding: 4,
      maxRotation: 0,
      autoSkipPadding: 16,
      includeBounds: false,
      maxTicksLimit: wide ? 6 : 8,
      ...(setup.whole === true ? { precision: 0 } : {}),
      callback: (value: string | number) => setup.label(Number(value)),
    },
    ...(wide
      ? {
          afterFit: (scale: BuiltScale) => {
            scale.width = axisWidth;
          },
        }
      : {}),
    ...(ticks === undefined
      ? {}
      : {
          afterBuildTicks: (scale: BuiltScale) => {
            const pixels = wide ? scale.height || 200 : scale.width || 300;
            const chosen = ticks(scale.min, scale.max, pixels);
            if (chosen !== null) scale.ticks = chosen.map((value) => ({ value }));
          },
        }),
  };
}

/** A line chart in a canvas, whose parent decides its size. */
export class Plot {
  readonly #chart: LineChart;
  readonly #lines: readonly LineSetup[];
  #painted: Palette | null = null;

  constructor(canvas: HTMLCanvasElement, setup: PlotSetup) {
    this.#lines = setup.lines;
    this.#chart = new Chart<"line", Point[]>(canvas, {
      type: "line",
      data: {
        datasets: setup.lines.map((line) => ({
          data: [],
          borderWidth: line.width,
          borderDash: [...(line.dash ?? [])],
          pointRadius: 0,
        })),
      },
      plugins: [...setup.plugins],
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        // The page handles pointer and keyboard itself; Chart.js's hit-testing would cost a frame.
        events: [],
        layout: { padding: { top: setup.paddingTop, right: 8 } },
        elements: { point: { radius: 0, hoverRadius: 0 }, line: { tension: 0 } },
        scales: { x: axis(setup.x, false), y: axis(setup.y, true) },
      },
    });
  }

  get ctx(): CanvasRenderingContext2D {
    return this.#chart.ctx;
  }

  /** The area of the curves; null before the first layout. */
  get area(): { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number } | null {
    return this.#chart.chartArea ?? null;
  }

  get pixelRatio(): number {
    return this.#chart.currentDevicePixelRatio;
  }

  xOf(value: number): number {
    return this.#chart.scales["x"]?.getPixelForValue(value) ?? 0;
  }

  yOf(value: number): number {
    return this.#chart.scales["y"]?.getPixelForValue(value) ?? 0;
  }

  /** Values at a pixel. */
  at(x: number, y: number): { readonly x: number; readonly y: number } {
    const { scales } = this.#chart;
    return { x: scales["x"]?.getValueForPixel(x) ?? 0, y: scales["y"]?.getValueForPixel(y) ?? 0 };
  }

  setRange(name: "x" | "y", min: number, max: number): void {
    const options = this.#chart.options.scales?.[name];
    if (options === undefined) return;
    options.min = min;
    options.max = max;
  }

  setTitle(name: "x" | "y", text: string): void {
    const options = this.#chart.options.scales?.[name];
    if (options !== undefined && "title" in options && options.title !== undefined) options.title.text = text;
  }

  /** Draws one array of points for each line. The arrays must be new, or those of the last call, changed in place. */
  draw(lines: readonly Point[][], palette: Palette): void {
    if (palette !== this.#painted) this.#paint(palette);
    lines.forEach((points, i) => {
      const dataset = this.#chart.data.datasets[i];
      if (dataset !== undefined) dataset.data = points;
    });
    this.#chart.update("none");
  }

  /** Sets all colours as plain values: functions would be called for every tick of every frame. */
  #paint(palette: Palette): void {
    this.#painted = palette;
    const font = { family: palette.font, size: 11 };
    for (const options of Object.values(this.#chart.options.scales ?? {})) {
      if (options === undefined) continue;
      Object.assign(options.grid ?? {}, { color: palette.grid });
      Object.assign(options.border ?? {}, { color: palette.border });
      Object.assign(options.ticks ?? {}, { color: palette.muted, font });
      if ("title" in options) Object.assign(options.title ?? {}, { color: palette.muted, font });
    }
    this.#lines.forEach((line, i) => {
      const dataset = this.#chart.data.datasets[i];
      if (dataset === undefined) return;
      dataset.borderColor = line.colour(palette);
      dataset.backgroundColor = line.colour(palette);
    });
  }
}

/** Horizontal range of charts over steps: half a step around the first and the last. */
export function stepRange(steps: Float64Array, lastStep: number): readonly [number, number] {
  return [(steps[0] ?? 1) - 0.5, Math.max(lastStep, 1) + 0.5];
}

/** All steps of a run. */
export function wholeSteps(history: Pick<RunHistory, "steps" | "lastStep"> | undefined): Zoom {
  const [from, to] = stepRange(history?.steps ?? new Float64Array(0), history?.lastStep ?? 0);
  return { from, to };
}

/** Chart.js, set up for streams: no animation, no parsing, no points, one update a frame. */

import {
  Chart,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
  type ScaleOptionsByType,
} from "chart.js";
import type { Palette } from "../theme/palette.ts";
import type { Point } from "./minMax.ts";

Chart.register(LineController, LineElement, PointElement, LinearScale);

export type Plot = Chart<"line", Point[]>;
export type PlotPlugin = Plugin<"line">;
type LinearOptions = ScaleOptionsByType<"linear">;

/** All charts' value axes are this wide, so that steps stand in line from chart to chart. */
const axisWidth = 50;

export interface AxisSetup {
  readonly title: string | (() => string);
  /** Label of a tick. */
  readonly label: (value: number) => string;
  /** The ticks themselves, where Chart.js's own choice won't do. */
  readonly ticks?: (min: number, max: number, pixels: number) => number[];
  readonly whole?: boolean;
}

export interface PlotSetup {
  readonly palette: () => Palette;
  readonly x: AxisSetup;
  readonly y: AxisSetup;
  readonly datasets: ChartDataset<"line", Point[]>[];
  readonly plugins: readonly PlotPlugin[];
  readonly paddingTop: number;
}

function axis(setup: AxisSetup, palette: () => Palette, wide: boolean): object {
  const font = (): object => ({ family: palette().font, size: 11 });
  const title = setup.title;
  return {
    type: "linear",
    grid: { color: () => palette().grid, drawTicks: false },
    border: { color: () => palette().border },
    title: {
      display: true,
      text: title,
      color: () => palette().muted,
      font,
      padding: 0,
    },
    ticks: {
      color: () => palette().muted,
      font,
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
          afterFit: (scale: { width: number }) => {
            scale.width = axisWidth;
          },
        }
      : {}),
    ...(setup.ticks === undefined
      ? {}
      : {
          afterBuildTicks: (scale: {
            min: number;
            max: number;
            width: number;
            height: number;
            ticks: { value: number }[];
          }) => {
            const pixels = wide ? scale.height || 200 : scale.width || 300;
            scale.ticks = (setup.ticks?.(scale.min, scale.max, pixels) ?? []).map((value) => ({ value }));
          },
        }),
  } satisfies Partial<Record<keyof LinearOptions | "afterFit", unknown>>;
}

/** A line chart in `canvas`, whose parent decides its size. */
export function createPlot(canvas: HTMLCanvasElement, setup: PlotSetup): Plot {
  return new Chart<"line", Point[]>(canvas, {
    type: "line",
    data: { datasets: setup.datasets },
    plugins: [...setup.plugins],
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      // The page has its own pointer and keyboard handling; Chart.js's hit-testing would cost a frame.
      events: [],
      layout: { padding: { top: setup.paddingTop, right: 8 } },
      elements: { point: { radius: 0, hoverRadius: 0 }, line: { borderWidth: 1.5, tension: 0 } },
      scales: { x: axis(setup.x, setup.palette, false), y: axis(setup.y, setup.palette, true) },
    },
  });
}

/** Sets the range of an axis for the next update. */
export function setRange(plot: Plot, name: "x" | "y", min: number, max: number): void {
  const options = plot.options.scales?.[name];
  if (options === undefined) return;
  options.min = min;
  options.max = max;
}

/** Horizontal range of charts over steps: half a step around the first and the last. */
export function stepRange(steps: Float64Array, lastStep: number): readonly [number, number] {
  return [(steps[0] ?? 1) - 0.5, Math.max(lastStep, 1) + 0.5];
}

/** Whole-number ticks from 1 to T at round distances, both ends always there. */
export function timestepTicks(timesteps: number, pixels: number, pixelsPerTick: number): number[] {
  const rough = timesteps / Math.max(2, pixels / pixelsPerTick);
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? rough;
  const ticks = [1];
  for (let t = step; t < timesteps; t += step) if (t - 1 >= step / 2 && timesteps - t >= step / 2) ticks.push(t);
  if (timesteps > 1) ticks.push(timesteps);
  return ticks;
}

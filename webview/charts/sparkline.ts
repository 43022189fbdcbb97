/** A curve the size of a word: the number beside it is the newest value, the curve is its history. */

import { el } from "../dom.ts";
import type { Palette } from "../theme/palette.ts";

export interface SparkSeries {
  readonly values: Float64Array;
  readonly colour: string;
}

type Scale = (value: number) => number;

/** log₁₀ of a value that can be drawn; NaN otherwise. */
const logarithmic: Scale = (value) => (value > 0 && value < Number.POSITIVE_INFINITY ? Math.log10(value) : Number.NaN);
const linear: Scale = (value) => (Number.isFinite(value) ? value : Number.NaN);

export class Sparkline {
  readonly element = el("canvas", { class: "spark", "aria-hidden": "true" });

  readonly #plotted: Scale;
  readonly #leastSpan: number;

  /** @param scale logarithmic with at least one decade, or linear from the smallest to the largest value */
  constructor(scale: "logarithmic" | "linear" = "logarithmic") {
    this.#plotted = scale === "linear" ? linear : logarithmic;
    this.#leastSpan = scale === "linear" ? Number.MIN_VALUE : 1;
  }

  /**
   * Draws the smallest and the largest of several values in one pixel.
   * @param cursor index of the row at the cursor
   */
  draw(series: readonly SparkSeries[], cursor: number, palette: Palette): void {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(this.element.clientWidth * ratio);
    const height = Math.round(this.element.clientHeight * ratio);
    if (width === 0 || height === 0) return;
    if (this.element.width !== width) this.element.width = width;
    if (this.element.height !== height) this.element.height = height;
    const ctx = this.element.getContext("2d");
    if (ctx === null) return;
    ctx.clearRect(0, 0, width, height);
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { values } of series)
      for (const value of values) {
        const y = this.#plotted(value);
        if (y < low) low = y;
        if (y > high) high = y;
      }
    const middle = (low + high) / 2;
    const span = Math.max(high - low, this.#leastSpan);
    const yOf = (y: number): number => height * (0.5 - ((y - middle) / span) * 0.84);
    for (const { values, colour } of series) this.#curve(ctx, values, colour, width, ratio, yOf, palette);
    const n = series[0]?.values.length ?? 0;
    if (n > 1 && cursor >= 0 && cursor < n - 1) {
      ctx.fillStyle = palette.foreground;
      ctx.globalAlpha = 0.6;
      ctx.fillRect(Math.round((cursor / (n - 1)) * (width - ratio)), 0, ratio, height);
      ctx.globalAlpha = 1;
    }
  }

  #curve(
    ctx: CanvasRenderingContext2D,
    values: Float64Array,
    colour: string,
    width: number,
    ratio: number,
    yOf: (y: number) => number,
    palette: Palette,
  ): void {
    const n = values.length;
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.lineWidth = 1.25 * ratio;
    ctx.lineJoin = "round";
    ctx.beginPath();
    let pen = false;
    // One point per two pixels: the values between show as a band.
    const perPixel = Math.max(1, Math.ceil((2 * ratio * n) / width));
    for (let i = 0; i < n; i += perPixel) {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      let broken = false;
      for (let k = i; k < Math.min(i + perPixel, n); k++) {
        const y = this.#plotted(values[k]!);
        if (Number.isNaN(y)) broken ||= !Number.isFinite(values[k]!);
        if (y < low) low = y;
        if (y > high) high = y;
      }
      const x = n === 1 ? width / 2 : (i / (n - 1)) * (width - 2 * ratio) + ratio;
      if (broken) {
        ctx.fillStyle = palette.error;
        ctx.fillRect(x - ratio, 0, 2 * ratio, 4 * ratio);
        ctx.fillStyle = colour;
      }
      if (low > high) {
        pen = false;
        continue;
      }
      if (high > low) {
        ctx.globalAlpha = 0.45;
        ctx.fillRect(x - ratio, yOf(high), 2 * ratio, yOf(low) - yOf(high));
        ctx.globalAlpha = 1;
      }
      const y = yOf((low + high) / 2);
      if (pen) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
      pen = true;
    }
    ctx.stroke();
  }
}

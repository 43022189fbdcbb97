/** A curve the size of a word: the number beside it is the newest value, the curve is its history. */

import { el } from "../dom.ts";
import type { Palette } from "../theme/palette.ts";

export interface SparkSeries {
  readonly values: Float64Array;
  readonly colour: string;
}

interface Scale {
  readonly takes: (value: number) => boolean;
  /** Rises with its value, so that only the extremes of many values need it. */
  readonly of: (value: number) => number;
}

const logarithmic: Scale = { takes: (value) => value > 0 && value < Number.POSITIVE_INFINITY, of: Math.log10 };
const linear: Scale = { takes: Number.isFinite, of: (value) => value };

/** The values that share a point of the curve. */
interface Bucket {
  /** Plotted; `low` is above `high` if no value can be drawn. */
  readonly low: number;
  readonly high: number;
  /** Whether a value is not finite. */
  readonly broken: boolean;
}

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
   * @param at index of the row at the cursor
   * @param rows bounds of the visible rows; by default all
   */
  draw(
    whole: readonly SparkSeries[],
    at: number,
    palette: Palette,
    rows: readonly [number, number] = [0, Infinity],
  ): void {
    const series = whole.map(({ values, colour }) => ({ values: values.subarray(...rows), colour }));
    const cursor = at - rows[0];
    const ratio = window.devicePixelRatio || 1;
    const width = Math.round(this.element.clientWidth * ratio);
    const height = Math.round(this.element.clientHeight * ratio);
    if (width === 0 || height === 0) return;
    if (this.element.width !== width) this.element.width = width;
    if (this.element.height !== height) this.element.height = height;
    const ctx = this.element.getContext("2d");
    if (ctx === null) return;
    ctx.clearRect(0, 0, width, height);
    // One point per two pixels: the values between show as a band.
    const perPoint = (n: number): number => Math.max(1, Math.ceil((2 * ratio * n) / width));
    const curves = series.map(({ values, colour }) => ({
      buckets: this.#buckets(values, perPoint(values.length)),
      xOf: xOf(values.length, perPoint(values.length), width, ratio),
      colour,
    }));
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { buckets } of curves)
      for (const bucket of buckets) {
        if (bucket.low < low) low = bucket.low;
        if (bucket.high > high) high = bucket.high;
      }
    const middle = (low + high) / 2;
    const span = Math.max(high - low, this.#leastSpan);
    const yOf = (y: number): number => height * (0.5 - ((y - middle) / span) * 0.84);
    for (const curve of curves) drawCurve(ctx, curve, ratio, yOf, palette);
    const n = series[0]?.values.length ?? 0;
    if (n > 1 && cursor >= 0 && cursor < n - 1) {
      ctx.fillStyle = palette.foreground;
      ctx.globalAlpha = 0.6;
      ctx.fillRect(Math.round((cursor / (n - 1)) * (width - ratio)), 0, ratio, height);
      ctx.globalAlpha = 1;
    }
  }

  #buckets(values: Float64Array, perPoint: number): readonly Bucket[] {
    const { takes, of } = this.#plotted;
    const buckets: Bucket[] = [];
    for (let i = 0; i < values.length; i += perPoint) {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      let broken = false;
      const end = Math.min(i + perPoint, values.length);
      for (let k = i; k < end; k++) {
        const value = values[k]!;
        if (!takes(value)) {
          broken ||= !Number.isFinite(value);
          continue;
        }
        if (value < low) low = value;
        if (value > high) high = value;
      }
      buckets.push(low > high ? { low, high, broken } : { low: of(low), high: of(high), broken });
    }
    return buckets;
  }
}

/** Pixel of the i-th bucket. */
function xOf(n: number, perPoint: number, width: number, ratio: number): (i: number) => number {
  return (i) => (n === 1 ? width / 2 : ((i * perPoint) / (n - 1)) * (width - 2 * ratio) + ratio);
}

interface Curve {
  readonly buckets: readonly Bucket[];
  readonly xOf: (i: number) => number;
  readonly colour: string;
}

function drawCurve(
  ctx: CanvasRenderingContext2D,
  { buckets, xOf, colour }: Curve,
  ratio: number,
  yOf: (y: number) => number,
  palette: Palette,
): void {
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = 1.25 * ratio;
  ctx.lineJoin = "round";
  ctx.beginPath();
  let pen = false;
  for (const [i, { low, high, broken }] of buckets.entries()) {
    const x = xOf(i);
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

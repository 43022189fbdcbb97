/**
 * The pixels of a heat map: one per cell, scaled up without smoothing. Values outside the finite numbers have marks of
 * their own (NaN, infinity, zero), distinguished by hatching as well as by colour.
 */

import type { ColourMap } from "../theme/colourMap.ts";
import type { Palette } from "../theme/palette.ts";
import type { HeatGrid } from "./heatGrid.ts";
import type { Area, Context } from "./marks.ts";
import { contextOf, type Surface, type SurfaceContext, surface } from "./surface.ts";

export const markNames = ["nan", "infinity", "zero"] as const;
export type MarkName = (typeof markNames)[number];

/** Background colour of a mark; zero is left empty. */
export function markColour(mark: MarkName, palette: Palette): string | null {
  return mark === "nan" ? palette.error : mark === "infinity" ? palette.warning : null;
}

function markOf(value: number): MarkName | null {
  if (Number.isNaN(value)) return "nan";
  if (value === Number.POSITIVE_INFINITY) return "infinity";
  if (value === Number.NEGATIVE_INFINITY) return "zero";
  return null;
}

/** The hatching of a mark, repeated every 6 pixels: falling lines, rising lines, dots. */
export function hatch(mark: MarkName, palette: Palette, ratio: number): Surface {
  const size = 6 * ratio;
  const tile = surface(size, size);
  const ctx = contextOf(tile);
  if (ctx === null) return tile;
  ctx.scale(ratio, ratio);
  ctx.fillStyle = markColour(mark, palette) ?? palette.background;
  if (mark !== "zero") ctx.fillRect(0, 0, 6, 6);
  ctx.strokeStyle = mark === "zero" ? palette.muted : palette.background;
  ctx.fillStyle = palette.muted;
  ctx.lineWidth = 1.25;
  if (mark === "zero") ctx.fillRect(2, 2, 1.5, 1.5);
  else {
    const slope = mark === "nan" ? 1 : -1;
    for (const shift of [-6, 0, 6]) {
      ctx.beginPath();
      ctx.moveTo(shift - 1, slope > 0 ? -1 : 7);
      ctx.lineTo(shift + 7, slope > 0 ? 7 : -1);
      ctx.stroke();
    }
  }
  return tile;
}

/** Pixel positions of a step and of a timestep. */
export interface Axes {
  readonly x: (step: number) => number;
  readonly y: (timestep: number) => number;
}

export class HeatImage {
  #canvas: Surface = surface(1, 1);
  #masks = new Map<MarkName, Surface>();
  #image: ImageData | null = null;
  #grid: HeatGrid | null = null;

  /** What was painted last. */
  get grid(): HeatGrid | null {
    return this.#grid;
  }

  /** The marks that occur. */
  get marks(): readonly MarkName[] {
    return [...this.#masks.keys()];
  }

  /** Colours every cell. @param range plotted values at the colour map's two ends */
  paint(grid: HeatGrid, range: readonly [number, number], map: ColourMap): void {
    this.#grid = grid;
    this.#masks.clear();
    const { columns, rows, cells } = grid;
    if (columns === 0 || rows === 0) return;
    const image = this.#room(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    const masks = new Map<MarkName, ImageData>();
    const scale = 255 / Math.max(range[1] - range[0], Number.MIN_VALUE);
    for (let c = 0; c < columns; c++)
      for (let r = 0; r < rows; r++) {
        const value = cells[c * rows + r]!;
        // The last timestep is on top: the gradient enters there and moves down.
        const at = (rows - 1 - r) * image.width + c;
        const mark = markOf(value);
        if (mark === null) {
          pixels[at] = map.pixels[Math.min(255, Math.max(0, Math.round((value - range[0]) * scale)))]!;
          continue;
        }
        pixels[at] = 0;
        let mask = masks.get(mark);
        if (mask === undefined) {
          mask = new ImageData(image.width, rows);
          masks.set(mark, mask);
        }
        mask.data[at * 4 + 3] = 255;
      }
    contextOf(this.#canvas)?.putImageData(image, 0, 0, 0, 0, columns, rows);
    for (const [mark, mask] of masks) this.#masks.set(mark, toCanvas(mask));
  }

  /** Pixels for at least `columns` columns: a map grows by one at a time, and a new image for each would cost frames. */
  #room(columns: number, rows: number): ImageData {
    const known = this.#image;
    if (known?.height === rows && columns <= known.width && known.width <= 3 * columns) return known;
    const image = new ImageData(2 * columns, rows);
    this.#image = image;
    this.#canvas = surface(image.width, rows);
    return image;
  }

  /** Draws the cells into a chart's area. */
  draw(ctx: Context, area: Area, axes: Axes, palette: Palette): void {
    const grid = this.#grid;
    if (grid === null || grid.columns === 0) return;
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
    ctx.clip();
    ctx.imageSmoothingEnabled = false;
    stretch(this.#canvas, grid, ctx, axes);
    for (const [mark, mask] of this.#masks) {
      const hatched = hatchedMask(mark, mask, grid, ctx.getTransform().a || 1, area, axes, palette);
      if (hatched !== null) ctx.drawImage(hatched, area.left, area.top, area.right - area.left, area.bottom - area.top);
    }
    ctx.restore();
  }
}

/** The cells of one mark, hatched, as large as the area in device pixels. */
function hatchedMask(
  mark: MarkName,
  mask: Surface,
  grid: HeatGrid,
  ratio: number,
  area: Area,
  axes: Axes,
  palette: Palette,
): Surface | null {
  const [width, height] = [Math.round((area.right - area.left) * ratio), Math.round((area.bottom - area.top) * ratio)];
  if (width < 1 || height < 1) return null;
  const hatched = surface(width, height);
  const to = contextOf(hatched);
  const pattern = to?.createPattern(hatch(mark, palette, Math.max(1, Math.round(ratio))), "repeat");
  if (to === null || pattern == null) return null;
  to.imageSmoothingEnabled = false;
  to.setTransform(ratio, 0, 0, ratio, -area.left * ratio, -area.top * ratio);
  stretch(mask, grid, to, axes);
  to.setTransform(1, 0, 0, 1, 0, 0);
  to.globalCompositeOperation = "source-in";
  to.fillStyle = pattern;
  to.fillRect(0, 0, width, height);
  return hatched;
}

/** Draws neighbouring columns of equal width as one piece: usually all columns, then the unfinished last one. */
function stretch(image: Surface, grid: HeatGrid, ctx: SurfaceContext, axes: Axes): void {
  const { columns, rows, firstSteps, lastSteps, timestepsPerRow } = grid;
  const ratio = ctx.getTransform().a || 1;
  const snap = (v: number): number => Math.round(v * ratio) / ratio;
  const top = axes.y(rows * timestepsPerRow + 0.5);
  const bottom = axes.y(0.5);
  // A column extends to the next one, so steps between two measured ones are not blank.
  const edge = (c: number): number => (c < columns ? firstSteps[c]! : lastSteps[columns - 1]! + 1) - 0.5;
  let from = 0;
  while (from < columns) {
    const width = edge(from + 1) - edge(from);
    let to = from + 1;
    while (to < columns && edge(to + 1) - edge(to) === width) to++;
    const left = snap(axes.x(edge(from)));
    const right = snap(axes.x(edge(to)));
    ctx.drawImage(image, from, 0, to - from, rows, left, top, right - left, bottom - top);
    from = to;
  }
}

function toCanvas(image: ImageData): Surface {
  const canvas = surface(image.width, image.height);
  contextOf(canvas)?.putImageData(image, 0, 0);
  return canvas;
}

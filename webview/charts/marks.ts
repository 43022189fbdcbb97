/** Lines and labels drawn over charts. */

import type { Palette } from "../theme/palette.ts";

export type Context = CanvasRenderingContext2D;

export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A line that stays readable over any colour, with a halo of the background colour below it. */
export function strokeWithHalo(ctx: Context, palette: Palette, width: number, path: () => void): void {
  ctx.save();
  ctx.lineJoin = "round";
  ctx.beginPath();
  path();
  ctx.strokeStyle = palette.background;
  ctx.lineWidth = width + 2;
  ctx.globalAlpha = 0.8;
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = palette.foreground;
  ctx.lineWidth = width;
  ctx.stroke();
  ctx.restore();
}

/** The linked cursor: a vertical line at `x`. */
export function cursorLine(ctx: Context, area: Area, x: number, palette: Palette): void {
  const at = Math.round(x) + 0.5;
  ctx.save();
  ctx.strokeStyle = palette.foreground;
  ctx.globalAlpha = 0.75;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(at, area.top);
  ctx.lineTo(at, area.bottom);
  ctx.stroke();
  ctx.restore();
}

/** A value that no line passes through. */
export function dot(ctx: Context, x: number, y: number, colour: string): void {
  ctx.save();
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, 2.5, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}

/** A dashed horizontal line at height `y`: a baseline or a threshold. */
export function levelLine(ctx: Context, area: Area, y: number, palette: Palette): void {
  ctx.save();
  ctx.strokeStyle = palette.muted;
  ctx.setLineDash([5, 4]);
  ctx.beginPath();
  ctx.moveTo(area.left, y);
  ctx.lineTo(area.right, y);
  ctx.stroke();
  ctx.restore();
}

/** A ▼ on the upper edge, with its name beside it and a thin line down. */
export function topMarker(
  ctx: Context,
  area: Area,
  x: number,
  row: number,
  label: string,
  colour: string,
  palette: Palette,
  dash: readonly number[],
): void {
  const y = area.top - 4 - row * 14;
  ctx.save();
  ctx.font = `11px ${palette.font}`;
  ctx.textBaseline = "middle";
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([...dash]);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x, area.bottom);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x - 4.5, y - 7);
  ctx.lineTo(x + 4.5, y - 7);
  ctx.lineTo(x, y);
  ctx.closePath();
  ctx.fill();
  const width = ctx.measureText(label).width;
  const right = x + 8 + width <= area.right;
  ctx.textAlign = right ? "left" : "right";
  ctx.fillStyle = palette.foreground;
  ctx.fillText(label, right ? x + 8 : x - 8, y - 4);
  ctx.restore();
}

/** Small text inside a chart with the background behind it. */
export function label(
  ctx: Context,
  text: string,
  x: number,
  y: number,
  align: "left" | "right",
  palette: Palette,
  colour: string,
): void {
  ctx.save();
  ctx.font = `11px ${palette.font}`;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  const width = ctx.measureText(text).width;
  ctx.globalAlpha = 0.75;
  ctx.fillStyle = palette.background;
  ctx.fillRect(align === "left" ? x - 3 : x - width - 3, y - 7, width + 6, 14);
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
  ctx.restore();
}

/** A ✕ for a value that was NaN or infinite. */
export function cross(ctx: Context, x: number, y: number, colour: string): void {
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(x - 3, y - 3);
  ctx.lineTo(x + 3, y + 3);
  ctx.moveTo(x + 3, y - 3);
  ctx.lineTo(x - 3, y + 3);
  ctx.stroke();
  ctx.restore();
}

/** A chart as a self-contained PNG: with its title, the text at the cursor, and its legend. */

import type { Palette } from "../theme/palette.ts";
import type { CursorMarks } from "./cursorMarks.ts";

export interface PictureOf {
  readonly canvas: HTMLCanvasElement;
  readonly cursor: Pick<CursorMarks, "draw">;
  /** Text above the chart. */
  readonly title: string;
  /** The legend's container: elements `.key`, with a swatch and a text each, and `.scale`, a bar of colours. */
  readonly foot: HTMLElement;
}

const margin = 8;
const line = 18;
const scaleWidth = 220;

/** @returns the PNG in base64, at the chart's size in device pixels; null if the chart is not visible */
export function picture({ canvas, cursor, title, foot }: PictureOf, palette: Palette): string | null {
  const width = canvas.clientWidth + 2 * margin;
  const height = canvas.clientHeight;
  if (canvas.clientWidth === 0 || height === 0) return null;
  const ratio = canvas.width / canvas.clientWidth;
  const sheet = document.createElement("canvas");
  const ctx = sheet.getContext("2d");
  if (ctx === null) return null;
  const font = `11px ${palette.font}`;
  ctx.font = font;
  const pieces = [...scales(foot, palette), ...keys(foot, palette)];
  const rows = inRows(pieces, ctx, width - 2 * margin);
  sheet.width = Math.round(width * ratio);
  sheet.height = Math.round((2 * margin + line + height + rows.length * line) * ratio);
  ctx.scale(ratio, ratio);
  ctx.font = font;
  ctx.textBaseline = "middle";
  ctx.fillStyle = palette.background;
  ctx.fillRect(0, 0, width, sheet.height / ratio);
  ctx.fillStyle = palette.foreground;
  ctx.fillText(title, margin, margin + line / 2, width - 2 * margin);
  ctx.drawImage(canvas, margin, margin + line, canvas.clientWidth, height);
  ctx.save();
  ctx.translate(margin, margin + line);
  cursor.draw(ctx, palette);
  ctx.restore();
  for (const [i, row] of rows.entries())
    for (const { piece, x } of row) piece.draw(ctx, margin + x, margin + line + height + i * line + line / 2);
  return sheet.toDataURL("image/png").slice("data:image/png;base64,".length);
}

/** A piece of a legend. */
interface Piece {
  width(ctx: CanvasRenderingContext2D): number;
  /** @param y vertical centre */
  draw(ctx: CanvasRenderingContext2D, x: number, y: number): void;
}

const gap = 12;
const swatchWidth = 24;

function inRows(pieces: readonly Piece[], ctx: CanvasRenderingContext2D, width: number) {
  const rows: { piece: Piece; x: number }[][] = [];
  let x = width + 1;
  for (const piece of pieces) {
    const wide = piece.width(ctx);
    if (x + wide > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)?.push({ piece, x });
    x += wide + gap;
  }
  return rows;
}

function keys(foot: HTMLElement, palette: Palette): readonly Piece[] {
  return [...foot.querySelectorAll<HTMLElement>(".key")].flatMap((key): Piece[] => {
    const [swatch] = key.children;
    if (swatch === undefined || key.offsetParent === null) return [];
    const text = key.textContent?.trim() ?? "";
    return [
      {
        width: (ctx) => swatchWidth + 5 + ctx.measureText(text).width,
        draw(ctx, x, y) {
          paintSwatch(ctx, swatch, x, y);
          ctx.fillStyle = palette.muted;
          ctx.fillText(text, x + swatchWidth + 5, y);
        },
      },
    ];
  });
}

/** Paints a swatch as the page shows it: a drawn pattern, a curve sample, a line or a band of the style sheet. */
function paintSwatch(ctx: CanvasRenderingContext2D, swatch: Element, x: number, y: number): void {
  if (swatch instanceof HTMLCanvasElement) {
    ctx.drawImage(swatch, x + 5, y - 6, 14, 12);
    return;
  }
  ctx.save();
  const curve = swatch.querySelector("path");
  if (curve !== null) {
    const colour = curve.getAttribute("stroke") ?? "";
    ctx.translate(x, y - 4);
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.lineWidth = 2;
    ctx.setLineDash((curve.getAttribute("stroke-dasharray") ?? "").split(/[\s,]+/).flatMap((n) => Number(n) || []));
    const path = new Path2D(curve.getAttribute("d") ?? "");
    ctx.stroke(path);
    if (curve.getAttribute("fill") !== "none") ctx.fill(path);
  } else {
    const style = getComputedStyle(swatch);
    const thick = Number.parseFloat(style.borderTopWidth);
    ctx.globalAlpha = Number.parseFloat(style.opacity);
    if (thick > 0) {
      ctx.strokeStyle = style.borderTopColor;
      ctx.lineWidth = thick;
      if (style.borderTopStyle !== "solid") ctx.setLineDash(style.borderTopStyle === "dotted" ? [1, 2] : [4, 3]);
      ctx.beginPath();
      ctx.moveTo(x, y);
      ctx.lineTo(x + swatchWidth, y);
      ctx.stroke();
    } else {
      ctx.fillStyle = style.backgroundColor;
      ctx.fillRect(x, y - 4, swatchWidth, 8);
    }
  }
  ctx.restore();
}

function scales(foot: HTMLElement, palette: Palette): readonly Piece[] {
  return [...foot.querySelectorAll<HTMLElement>(".scale")].map((scale): Piece => {
    const bar = scale.querySelector(".colour-bar");
    const stops = bar === null ? [] : (getComputedStyle(bar).backgroundImage.match(/rgba?\([^()]*\)/g) ?? []);
    const ticks = [...scale.querySelectorAll(".colour-ticks > *")].map((tick) => tick.textContent ?? "");
    const unit = scale.querySelector(".unit")?.textContent ?? "";
    const [low = "", high = ""] = [ticks[0], ticks.at(-1)];
    const wide = (ctx: CanvasRenderingContext2D, text: string): number => ctx.measureText(text).width;
    return {
      width: (ctx) => wide(ctx, `${low} ${high} ${unit}`) + scaleWidth + 15,
      draw(ctx, x, y) {
        ctx.fillStyle = palette.muted;
        ctx.fillText(low, x, y);
        const start = x + wide(ctx, low) + 5;
        ctx.fillText(`${high} ${unit}`, start + scaleWidth + 5, y);
        const colours = ctx.createLinearGradient(start, 0, start + scaleWidth, 0);
        for (const [i, stop] of stops.entries()) colours.addColorStop(i / Math.max(1, stops.length - 1), stop);
        ctx.fillStyle = colours;
        ctx.fillRect(start, y - 5, scaleWidth, 10);
      },
    };
  });
}

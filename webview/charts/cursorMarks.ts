/**
 * The linked cursor over a chart, as elements of the page: moving one repaints a few pixels, whereas a line inside the
 * canvas would need the whole chart drawn again for each move of the pointer.
 */

import { el } from "../dom.ts";
import type { Palette } from "../theme/palette.ts";
import { type Area, type Context, cursorLine, strokeWithHalo } from "./marks.ts";

export interface CursorPlace {
  /** The area of the curves, in pixels of the canvas. */
  readonly area: Area;
  readonly x: number;
  /** What is marked on the line; null: nothing, or it lies outside the area. */
  readonly mark: { readonly shape: "dash" | "dot"; readonly y: number } | null;
}

/** Half the length of a dash, and the radius of a dot, in pixels. */
const dashReach = 7;
const dotRadius = 3.5;

export class CursorMarks {
  readonly #line = el("div", { class: "cursor-line", hidden: true });
  readonly #mark = el("div", { class: "cursor-mark", hidden: true });
  readonly elements: readonly HTMLElement[] = [this.#line, this.#mark];
  #place: CursorPlace | null = null;

  /** Moves the cursor; null hides it. */
  place(place: CursorPlace | null): void {
    const inside = place !== null && place.x >= place.area.left - 1 && place.x <= place.area.right + 1;
    this.#place = inside ? place : null;
    this.#line.hidden = !inside;
    const mark = inside ? place.mark : null;
    this.#mark.hidden = mark === null;
    if (!inside) return;
    const { area, x } = place;
    this.#line.style.height = `${area.bottom - area.top}px`;
    this.#line.style.transform = `translate(${Math.round(x)}px, ${area.top}px)`;
    if (mark === null) return;
    this.#mark.className = `cursor-mark ${mark.shape}`;
    this.#mark.style.transform = `translate(${x}px, ${mark.y}px)`;
  }

  /** Draws the cursor into a picture of the chart. */
  draw(ctx: Context, palette: Palette): void {
    if (this.#place === null) return;
    const { area, x, mark } = this.#place;
    cursorLine(ctx, area, x, palette);
    if (mark?.shape === "dash")
      strokeWithHalo(ctx, palette, 1, () => {
        ctx.moveTo(x - dashReach, mark.y);
        ctx.lineTo(x + dashReach, mark.y);
      });
    else if (mark?.shape === "dot") {
      ctx.beginPath();
      ctx.arc(x, mark.y, dotRadius, 0, 2 * Math.PI);
      ctx.fillStyle = palette.series;
      ctx.fill();
      ctx.strokeStyle = palette.background;
      ctx.stroke();
    }
  }
}

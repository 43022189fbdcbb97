/** Moving a chart's cursor with the keyboard. */

import type { CursorMove } from "../state/moveCursor.ts";

/**
 * Arrows move by one (Shift: ten), PageUp and PageDown by a tenth of the axis, Home and End to its ends,
 * Escape lets the cursor follow the newest step again.
 * @param span length of the x-axis
 */
export function cursorMove(event: KeyboardEvent, span: number): CursorMove | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const by = event.shiftKey ? 10 : 1;
  const page = Math.max(1, Math.round(span / 10));
  switch (event.key) {
    case "ArrowLeft":
      return { axis: "x", by: -by };
    case "ArrowRight":
      return { axis: "x", by };
    case "ArrowDown":
      return { axis: "y", by: -by };
    case "ArrowUp":
      return { axis: "y", by };
    case "PageDown":
      return { axis: "x", by: -page };
    case "PageUp":
      return { axis: "x", by: page };
    case "Home":
      return { axis: "x", to: "first" };
    case "End":
      return { axis: "x", to: "last" };
    case "Escape":
      return { release: true };
    default:
      return null;
  }
}

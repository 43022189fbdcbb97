/** The visible part of a chart's steps. */

export interface Zoom {
  readonly from: number;
  readonly to: number;
}

/** Fewest steps that a zoomed chart shows. */
const fewest = 8;

/** @param factor below 1 to see less. @returns null for the whole */
export function zoomed(now: Zoom, whole: Zoom, at: number, factor: number): Zoom | null {
  const all = whole.to - whole.from;
  const width = Math.max(Math.min(fewest, all), (now.to - now.from) * factor);
  if (width >= all) return null;
  const share = (Math.min(Math.max(at, now.from), now.to) - now.from) / Math.max(now.to - now.from, 1e-9);
  return within(at - share * width, width, whole);
}

/** Moves the visible part by a number of steps, at most to an end. */
export function panned({ from, to }: Zoom, whole: Zoom, by: number): Zoom {
  return within(from + by, to - from, whole);
}

function within(from: number, width: number, whole: Zoom): Zoom {
  const start = Math.min(Math.max(from, whole.from), whole.to - width);
  return { from: start, to: start + width };
}

/** Rows from the last before the visible part to the first after it, as the bounds of a subarray. */
export function visibleRows(steps: Float64Array, zoom: Zoom | null): readonly [number, number] {
  if (zoom === null) return [0, steps.length];
  const first = steps.findIndex((step) => step >= zoom.from);
  const after = steps.findIndex((step) => step > zoom.to);
  return [Math.max(0, (first < 0 ? steps.length : first) - 1), after < 0 ? steps.length : after + 1];
}

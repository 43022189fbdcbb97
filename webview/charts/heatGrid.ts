/** A heat map's cells, binned to the resolution of its pixels. */

import type { ProfileMap } from "../../src/protocol/history.ts";
import { visibleRows, type Zoom } from "../state/zoom.ts";

export interface HeatGrid {
  readonly columns: number;
  readonly rows: number;
  /** First and last step of each column. */
  readonly firstSteps: Float64Array;
  readonly lastSteps: Float64Array;
  /** Timesteps in each row; the last row may have fewer. */
  readonly timestepsPerRow: number;
  /** `columns × rows`, column by column, row 0 = timestep 1: plotted values. */
  readonly cells: Float64Array;
}

/** The worse of two values: NaN before +∞ before the larger number. */
export function worse(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return a > b ? a : b;
}

/** The columns of the visible steps, and one more at each end. */
export function visibleMap(map: ProfileMap, zoom: Zoom | null): ProfileMap {
  const [from, to] = visibleRows(map.firstSteps.subarray(0, map.columns), zoom);
  const end = Math.min(to, map.columns);
  if (from === 0 && end === map.columns) return map;
  return {
    ...map,
    columns: end - from,
    firstSteps: map.firstSteps.subarray(from, end),
    lastSteps: map.lastSteps.subarray(from, end),
    values: map.values.subarray(from * map.timesteps, end * map.timesteps),
  };
}

/**
 * Bins neighbouring columns and rows by their worst value until there are at most the requested number.
 * @param former the last grid of the same chart, whose memory is taken: a new array for each drawing would make the
 *   browser collect garbage twice a second, and drop frames
 */
export function binMap(
  map: ProfileMap,
  maxColumns: number,
  maxRows: number,
  plot: (value: number) => number,
  former: HeatGrid | null = null,
): HeatGrid {
  const perColumn = Math.max(1, Math.ceil(map.columns / Math.max(1, maxColumns)));
  const perRow = Math.max(1, Math.ceil(map.timesteps / Math.max(1, maxRows)));
  const columns = Math.ceil(map.columns / perColumn);
  const rows = Math.ceil(map.timesteps / perRow);
  const cells = cellsOf(former, columns * rows);
  const firstSteps = new Float64Array(columns);
  const lastSteps = new Float64Array(columns);
  for (let c = 0; c < columns; c++) {
    const from = c * perColumn;
    const to = Math.min(from + perColumn, map.columns);
    firstSteps[c] = map.firstSteps[from]!;
    lastSteps[c] = map.lastSteps[to - 1]!;
    for (let r = 0; r < rows; r++) {
      let cell = Number.NEGATIVE_INFINITY;
      const end = Math.min((r + 1) * perRow, map.timesteps);
      for (let k = from; k < to; k++)
        for (let t = r * perRow; t < end; t++) cell = worse(cell, map.values[k * map.timesteps + t]!);
      cells[c * rows + r] = plot(cell);
    }
  }
  return { columns, rows, firstSteps, lastSteps, timestepsPerRow: perRow, cells };
}

/** Room for `length` cells, in the memory of a former grid if that suffices. */
function cellsOf(former: HeatGrid | null, length: number): Float64Array {
  const memory = former?.cells.buffer;
  if (memory !== undefined && memory.byteLength >= length * Float64Array.BYTES_PER_ELEMENT)
    return new Float64Array(memory, 0, length);
  // A map grows by a column at a time.
  return new Float64Array(2 * length).subarray(0, length);
}

/** Smallest and largest finite value; null if there is none. */
export function finiteRange(values: Float64Array, plot: (value: number) => number): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  // An index: an iterator would allocate an object for each value.
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value - value !== 0) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  // `plot` is monotone, so only the extremes need to be mapped, not every cell; a gain of 0 plots as −∞.
  const from = plot(low);
  if (low > high) return null;
  if (from === Number.NEGATIVE_INFINITY) {
    let least = Number.POSITIVE_INFINITY;
    for (const value of values) if (value > 0 && value < least) least = value;
    return least === Number.POSITIVE_INFINITY ? null : [plot(least), plot(high)];
  }
  return [from, plot(high)];
}

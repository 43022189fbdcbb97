/**
 * Where the flow matrix's cells are: losses k to the right and timesteps t upward, or, for the few losses of a net that
 * answers at its end, a row for each loss with its timesteps to the right. A single loss would else be one giant column.
 */

import { chartWords } from "../../../src/messages/charts.ts";
import { deepChartWords } from "../../../src/messages/deepCharts.ts";
import type { ProfileMap } from "../../../src/protocol/history.ts";
import { formatCount } from "../../../src/protocol/numberText.ts";
import { timestepTicks } from "../../charts/timestepTicks.ts";

/** Most losses that are rows, and the least timesteps for each. */
const mostRows = 8;
const timestepsPerLoss = 4;

/** A cell: the index of its loss, and its timestep. */
export interface FlowCell {
  readonly k: number;
  readonly t: number;
}

interface Axis {
  readonly title: string;
  readonly range: readonly [number, number];
  readonly label: (value: number) => string;
  readonly ticks: (pixels: number) => number[] | null;
}

export interface FlowLayout {
  /** Whether losses are rows. */
  readonly sparse: boolean;
  readonly x: Axis;
  readonly y: Axis;
  /** The values as a map of columns from left to right. */
  readonly map: (values: Float64Array) => ProfileMap;
  /** The part of the chart in which a loss has a gradient: at its timestep and before. */
  readonly reach: (k: number) => {
    readonly left: number;
    readonly right: number;
    readonly bottom: number;
    readonly top: number;
  };
  /** The place of a cell, and the cell at a place. */
  readonly placeOf: (cell: FlowCell) => { readonly x: number; readonly y: number };
  readonly cellAt: (x: number, y: number) => FlowCell;
}

export function flowLayout(losses: Float64Array, timesteps: number): FlowLayout {
  const few = losses.length <= mostRows && losses.length * timestepsPerLoss <= timesteps;
  return few ? rows(losses, timesteps) : matrix(losses, timesteps);
}

function matrix(losses: Float64Array, timesteps: number): FlowLayout {
  return {
    sparse: false,
    x: {
      title: deepChartWords().entersAt,
      range: [(losses[0] ?? 1) - 0.5, (losses.at(-1) ?? 1) + 0.5],
      label: (v) => (Number.isInteger(v) ? formatCount(v) : ""),
      ticks: () => null,
    },
    y: {
      title: chartWords().timestepAxis,
      range: [0.5, timesteps + 0.5],
      label: formatCount,
      ticks: (pixels) => timestepTicks(timesteps, pixels, 36),
    },
    map: (values) => ({ timesteps, columns: losses.length, firstSteps: losses, lastSteps: losses, values }),
    reach: (k) => {
      const loss = losses[k] ?? 1;
      return { left: loss - 0.5, right: (losses[k + 1] ?? loss + 1) - 0.5, bottom: 0.5, top: loss + 0.5 };
    },
    placeOf: ({ k, t }) => ({ x: losses[k] ?? 1, y: t }),
    cellAt: (x, y) => ({ k: nearest(losses, x), t: Math.round(y) }),
  };
}

function rows(losses: Float64Array, timesteps: number): FlowLayout {
  const count = losses.length;
  const all = Float64Array.from({ length: timesteps }, (_, i) => i + 1);
  return {
    sparse: true,
    x: {
      title: chartWords().timestepAxis,
      range: [0.5, timesteps + 0.5],
      label: formatCount,
      ticks: (pixels) => timestepTicks(timesteps, pixels, 50),
    },
    y: {
      title: deepChartWords().lossAxis,
      range: [0.5, count + 0.5],
      label: (v) => formatCount(losses[v - 1] ?? 0),
      ticks: () => Array.from(losses, (_, i) => i + 1),
    },
    map: (values) => ({
      timesteps: count,
      columns: timesteps,
      firstSteps: all,
      lastSteps: all,
      values: Float64Array.from({ length: values.length }, (_, i) => {
        const [t, k] = [Math.floor(i / count), i % count];
        return values[k * timesteps + t]!;
      }),
    }),
    reach: (k) => ({ left: 0.5, right: (losses[k] ?? 1) + 0.5, bottom: k + 0.5, top: k + 1.5 }),
    placeOf: ({ k, t }) => ({ x: t, y: k + 1 }),
    cellAt: (x, y) => ({ k: Math.round(y) - 1, t: Math.round(x) }),
  };
}

function nearest(losses: Float64Array, place: number): number {
  let best = 0;
  losses.forEach((loss, i) => {
    if (Math.abs(loss - place) < Math.abs(losses[best]! - place)) best = i;
  });
  return best;
}

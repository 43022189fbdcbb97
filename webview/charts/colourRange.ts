/** The plotted values at the two ends of the heat map's colours. */

import type { RunHistory } from "../../src/protocol/history.ts";
import { recurrentLayers, type Selection } from "../state/selection.ts";
import type { UiState } from "../state/uiState.ts";
import { finiteRange } from "./heatGrid.ts";

function union(a: [number, number] | null, b: [number, number] | null): [number, number] | null {
  if (a === null || b === null) return a ?? b;
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

function layerRange(history: RunHistory, layer: number, { quantity }: Selection): [number, number] | null {
  const map = history.map(layer, quantity.channel);
  return map === undefined ? null : finiteRange(map.values.subarray(0, map.columns * map.timesteps), quantity.plot);
}

/** The range rounded to whole decades (gains: fifths), so that colours do not shimmer while values arrive. */
export function colourRange(selection: Selection, mode: UiState["range"]): readonly [number, number] {
  const { quantity, history } = selection;
  if (quantity.bounded || mode === "fixed") return quantity.fixed;
  const layers = mode === "shared" ? recurrentLayers(history) : [selection.layer];
  const range = layers.map((l) => layerRange(history, l, selection)).reduce(union, null);
  if (range === null) return quantity.fixed;
  if (quantity.colours === "diverging") {
    const reach = Math.max(0.2, Math.ceil(Math.max(-range[0], range[1]) * 5) / 5);
    return [-reach, reach];
  }
  const low = Math.floor(range[0]);
  return [low, Math.max(Math.ceil(range[1]), low + 1)];
}

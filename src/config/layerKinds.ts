/** Questions about types of layers, answered from the catalogue. */

import { type CellKind, factsOf, has } from "./layerCatalogue.ts";
import { cellTypes as cells, recurrentLayers } from "./schema/layers/recurrent.ts";

interface Typed {
  readonly type: string;
}

/** Layers that run one cell, or a stack of cells, over the timesteps; `bidirectional` wraps these. */
export const recurrentTypes: readonly string[] = recurrentLayers.map((schema) => schema.shape.type.value);

/** The cells that `rnn` runs. */
export const cellTypes: readonly string[] = cells;

/** Whether the layer is one of `denseRecurrentTypes`. */
export function isDenseRecurrent(layer: Typed): boolean {
  return has("loops", layer) && vectorCell(layer) !== undefined;
}

/** Whether the layer reads a sequence timestep by timestep. */
export function readsInOrder(layer: Typed): boolean {
  return has("loops", layer) || layer.type === "bidirectional";
}

/** The equations of a cell that multiplies vectors by weights; undefined: it convolves, or there is no cell. */
export function vectorCell({ type }: Typed): CellKind | undefined {
  const facts = factsOf(type);
  return facts?.convolves ? undefined : facts?.cell;
}

/** The gate equations of a layer or cell, also of one that convolves; null: it has no gates. */
export function gatesOf({ type }: Typed): "lstm" | "gru" | null {
  const cell = factsOf(type)?.cell ?? "simple";
  return cell === "simple" ? null : cell;
}

export function isSimple(layer: Typed): boolean {
  return vectorCell(layer) === "simple";
}

/** Whether the layer has an LSTM's gates and multiplies vectors by weights. */
export function isLstm(layer: Typed): boolean {
  return vectorCell(layer) === "lstm";
}

/** Whether the layer has gates and multiplies vectors by weights. */
export function isGated(layer: Typed): boolean {
  return isLstm(layer) || vectorCell(layer) === "gru";
}

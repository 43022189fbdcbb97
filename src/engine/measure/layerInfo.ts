/** What a run reports about its layers before the first step. */

import { type LayerVariable, RNN } from "@tensorflow/tfjs-layers";
import { factsOf } from "../../config/layerCatalogue.ts";
import type { JsonPath } from "../../config/resolved.ts";
import { engineWords } from "../../messages/engine.ts";
import type { LayerInfo } from "../../protocol/run.ts";
import { canBeRegularized } from "../instrument/kernelCell.ts";
import { type Layer, type MeasuredLayer, shortName } from "../instrument/measuredLayers.ts";
import { layerType } from "../tfjs/layerType.ts";
import type { MeterWeight } from "./stepMeter.ts";
import { symmetryOf } from "./symmetry.ts";

/** Name, type and place of a layer in the config, as the model's builder knows them. */
export interface LayerPlace {
  readonly name: string;
  readonly type: string;
  readonly path: JsonPath;
}

/**
 * @param places places of the model's layers and of those inside wrappers; the cells of a stack use their layer's.
 * @param timesteps number of timesteps of the data, for recurrent layers whose model leaves the length open.
 * @param kernels whether the fused kernels are in place.
 * @param longest per layer, the largest number of unmasked timesteps of a sample, which is a masked layer's length;
 * null if nothing is masked.
 * @param cut whether gradients through time are truncated or regularized, which kernels do not do for masked layers.
 */
export function layerInfos(
  layers: readonly MeasuredLayer[],
  places: ReadonlyMap<Layer, LayerPlace>,
  timesteps: number | null,
  kernels: boolean,
  longest: readonly (number | null)[] = [],
  cut: TimeCut | null = null,
): readonly LayerInfo[] {
  return layers.map((measured, i) => {
    const { layer, top, name, type, weights, cell } = measured;
    const around = places.get(top);
    const place = places.get(layer) ?? {
      name: around ? around.name + name.slice(top.name.length) : name,
      type,
      path: around?.path ?? [],
    };
    const reason = cell && kernelGap(measured, layers, kernels, cut);
    return {
      // Copied one by one: the builder's object has more fields, which must not be sent to another process.
      name: place.name,
      type: place.type,
      path: place.path,
      weights: trainable(layer, weights).map((weight) => weight.name),
      activation: activationName(layer, "activation"),
      gateActivation: activationName(layer, "recurrentActivation"),
      width: widthOf(measured),
      symmetry: symmetryOf(measured),
      recurrent: cell && {
        timesteps: longest[i] ?? cell.timesteps ?? timesteps ?? 1,
        units: cell.units,
        states: cell.states,
        gates: cell.gates,
        reversed: cell.reversed,
        method: "own" in cell.kernel ? "own" : reason === null ? "kernel" : "taps",
        ...(reason !== null && { reason }),
        floor: cell.floor,
      },
    };
  });
}

/** Whether the walk back is cut after some timesteps, or regularized where that is possible. */
export type TimeCut = "truncated" | "regularized";

/**
 * Why the kernels do not run a layer; null: they do. They run all cells of a stack or none.
 * @param layers the model's.
 */
function kernelGap(
  { cell, layer, top }: MeasuredLayer,
  layers: readonly MeasuredLayer[],
  kernels: boolean,
  cut: TimeCut | null,
): string | null {
  if (!cell) return null;
  const { kernel } = cell;
  if ("own" in kernel) return kernel.because;
  if ("reason" in kernel) return kernel.reason;
  if (!kernels) return engineWords().kernelsNotLoaded;
  if (!kernel.masked || cut === null) return null;
  const stack =
    cell.cell === layer ? layers.filter((other) => other.top === top && other.cell?.cell === other.layer) : [];
  const others = stack.flatMap((other) => (other.cell && "spec" in other.cell.kernel ? other.cell.kernel : []));
  if (cut === "regularized" && ![kernel, ...others].some(canBeRegularized)) return null;
  return engineWords().cutCountsMasked;
}

/**
 * The activation that the layer is, or the name from its description, so that it is the same for a model from a file. A recurrent layer's
 * activations are its cell's.
 */
function activationName(layer: Layer, key: "activation" | "recurrentActivation"): string | null {
  const own = factsOf(layerType(layer))?.applies;
  if (own !== undefined) return key === "activation" ? own : null;
  const activation = (layer instanceof RNN ? layer.cell : layer).getConfig()[key];
  return typeof activation === "string" ? activation : null;
}

/** Length of the last axis of a layer's output; for a layer inside a bidirectional one or a block, its units. */
function widthOf({ layer, top, cell }: MeasuredLayer): number | null {
  if (layer !== top && top.getClassName() !== "TimeDistributed") {
    const { units } = layer.getConfig();
    return cell?.units ?? (typeof units === "number" ? units : null);
  }
  const shapes: unknown = top.inboundNodes[0]?.outputShapes;
  const shape: unknown = Array.isArray(shapes) && Array.isArray(shapes[0]) ? shapes[0] : shapes;
  const width: unknown = Array.isArray(shape) ? shape.at(-1) : null;
  return typeof width === "number" && width > 0 ? width : null;
}

/** The places in the rows for the figures of each of `variables`. */
export function meterWeights(
  layers: readonly MeasuredLayer[],
  variables: readonly LayerVariable[],
): readonly MeterWeight[] {
  const places = new Map<LayerVariable, MeterWeight>();
  for (const { index, layer, weights } of layers) {
    for (const { variable, name } of trainable(layer, weights)) places.set(variable, { layer: index, name });
  }
  return variables.map((variable) => {
    const place = places.get(variable);
    if (!place) throw new Error(`The weight ${variable.name} belongs to no measured layer.`);
    return place;
  });
}

/** Trainable weights, with names that are unique within the layer. */
function trainable(layer: Layer, weights: readonly LayerVariable[]): { variable: LayerVariable; name: string }[] {
  const trained = new Set(layer.trainableWeights);
  const used = new Map<string, number>();
  return weights
    .filter((weight) => trained.has(weight))
    .map((variable) => {
      const short = shortName(variable);
      const before = used.get(short) ?? 0;
      used.set(short, before + 1);
      return { variable, name: before === 0 ? short : `${short}_${before}` };
    });
}

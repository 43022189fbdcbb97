/** Lists what can be measured in a model: its layers, the layers inside wrappers, and the recurrent cells. */

import type { Tensor } from "@tensorflow/tfjs-core";
import { type LayersModel, type LayerVariable, type layers, RNN } from "@tensorflow/tfjs-layers";
import { cellKinds, factsOf } from "../../config/layerCatalogue.ts";
import { engineWords } from "../../messages/engine.ts";
import type { StateName } from "../../protocol/run.ts";
import { ExternalMemory } from "../memory/externalMemory.ts";
import { statesOf } from "../memory/memoryPass.ts";
import { internal, isOn, layersAt } from "../tfjs/internals.ts";
import { layerType } from "../tfjs/layerType.ts";
import { type KernelCell, kernelCell, type NotCovered, type OwnPass, stackedKernelCells } from "./kernelCell.ts";
import { maskedLayers } from "./masks.ts";

export type Layer = layers.Layer;

/** A recurrent cell and which figures the taps can take from it. */
export interface MeasuredCell {
  readonly cell: Layer;
  readonly timesteps: number | null;
  readonly units: number;
  readonly states: readonly StateName[];
  /** In the order in which the cell calls its recurrent activation. */
  readonly gates: readonly string[];
  readonly keepGate: string | null;
  readonly reversed: boolean;
  /** Whether the cell passes c through its activation, as the second call within a timestep, to make h. */
  readonly innerState: boolean;
  /** Whether the cell reads all its weights through its own LayerVariables, once per timestep. */
  readonly scaled: boolean;
  /** Whether the cell's output is used at every timestep, not only at the last. */
  readonly everyTimestep: boolean;
  readonly floor: number | null;
  /** How the fused kernels run it, or why they cannot or need not. */
  readonly kernel: KernelCell | NotCovered | OwnPass;
}

export interface MeasuredLayer {
  readonly index: number;
  /** Name of the model's layer; parts of wrappers and stacks follow after a slash. */
  readonly name: string;
  /** tf.layers factory name. */
  readonly type: string;
  /** The model's layer that this layer is or is part of. */
  readonly top: Layer;
  /** The layer, or a cell of a stack. */
  readonly layer: Layer;
  /** Its own weights, without those of inner layers. */
  readonly weights: readonly LayerVariable[];
  readonly cell: MeasuredCell | null;
  /**
   * Whether the loss's gradient with respect to its output is computed at all: true if it or a layer before it has
   * weights.
   */
  readonly hasGradient: boolean;
  /** Whether the gradient with respect to its input is needed. */
  readonly inputGradient: boolean;
}

/** If a gradient enters at every timestep, state gradients are exact down to the smallest normal float32 (log₁₀). */
const float32Floor = -37.9;

/** log₁₀ of the smallest float64, with a margin. */
const float64Floor = -300;

/** `simple_rnn/recurrent_kernel_1` → `recurrent_kernel`. */
export function shortName(variable: LayerVariable): string {
  return variable.originalName.slice(variable.originalName.lastIndexOf("/") + 1);
}

/** Layers inside a layer, each with the last part of its name. */
function parts(layer: Layer): readonly (readonly [string, Layer])[] {
  const [forward] = layersAt(layer, "forwardLayer");
  const [backward] = layersAt(layer, "backwardLayer");
  if (forward && backward) return [["forward", forward] as const, ["backward", backward] as const];
  const [inner] = layersAt(layer, "layer");
  if (inner) return [["inner", inner] as const];
  return layersAt(layer, "layers")
    .filter((part) => part.getClassName() !== "InputLayer")
    .map((part) => [part.name, part] as const);
}

function dimensions(shape: unknown): readonly (number | null)[] {
  if (!Array.isArray(shape)) return [];
  const whole: readonly unknown[] = Array.isArray(shape[0]) ? shape[0] : shape;
  return whole.map((size) => (typeof size === "number" ? size : null));
}

/** Shape of the (first) input that the model passes to a layer; empty if it has none of its own. */
function inputShape(layer: Layer): readonly (number | null)[] {
  const node = layer.inboundNodes[0];
  return node ? dimensions(node.inputShapes) : [];
}

function measuredCell(
  cell: Layer,
  rnn: RNN,
  timesteps: number | null,
  everyTimestep: boolean,
  kernel: KernelCell | NotCovered,
): MeasuredCell {
  const kind = factsOf(layerType(cell))?.cell;
  const facts = kind && cellKinds[kind];
  const size = internal(cell, "stateSize");
  const units: unknown = Array.isArray(size) ? size[0] : size;
  return {
    cell,
    timesteps,
    units: typeof units === "number" ? units : 1,
    states: facts?.states ?? ["h"],
    gates: facts?.gates ?? [],
    keepGate: facts?.keepGate ?? null,
    reversed: isOn(rnn, "goBackwards"),
    innerState: facts?.states.includes("c") ?? false,
    scaled: facts !== undefined,
    everyTimestep,
    floor: facts !== undefined && !everyTimestep ? null : float32Floor,
    kernel,
  };
}

function measuredMemory(layer: ExternalMemory, timesteps: number | null): MeasuredCell {
  const lstm = layer.layout.controller === "lstm";
  return {
    cell: layer,
    timesteps,
    units: layer.layout.units,
    states: statesOf(layer.layout),
    gates: lstm ? ["input", "forget", "output"] : [],
    keepGate: lstm ? "forget" : null,
    reversed: layer.goBackwards,
    innerState: false,
    scaled: true,
    everyTimestep: layer.returnSequences,
    floor: layer.returnSequences ? float32Floor : float64Floor,
    kernel: { own: true, because: engineWords().noMemory },
  };
}

/** Layers of the model that have weights or follow one that has weights. */
function withGradient(model: LayersModel): ReadonlySet<Layer> {
  const found = new Set<Layer>();
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const layer of model.layers) {
      const before = layer.inboundNodes.flatMap((node) => node.inboundLayers);
      if (layer.weights.length > 0 || isOn(layer, "sharesWeights") || before.some((other) => found.has(other)))
        found.add(layer);
    }
  }
  return found;
}

/** True unless the layer is a model layer (or a direction of a Bidirectional) with nothing trainable before it. */
function needsInputGradient(layer: Layer, top: Layer, gradient: ReadonlySet<Layer>): boolean {
  if (layer !== top && top.getClassName() !== "Bidirectional") return true;
  return top.inboundNodes.some((node) => node.inboundLayers.some((before) => gradient.has(before)));
}

/** Every layer of a built model, in the model's order, wrappers before their parts. Input layers are left out. */
export function measuredLayers(model: LayersModel): readonly MeasuredLayer[] {
  const result: MeasuredLayer[] = [];
  const gradient = withGradient(model);
  const masked = maskedLayers(model);

  const visit = (layer: Layer, name: string, top: Layer, input: readonly (number | null)[]): void => {
    const base = {
      name,
      type: layerType(layer),
      top,
      hasGradient: gradient.has(top),
      inputGradient: needsInputGradient(layer, top, gradient),
    };
    if (layer instanceof ExternalMemory) {
      const cell = measuredMemory(layer, input[1] ?? null);
      result.push({ ...base, index: result.length, layer, weights: layer.weights, cell });
      return;
    }
    if (layer instanceof RNN) {
      const timesteps = input[1] ?? null;
      const stack = layersAt(layer.cell, "cells");
      if (stack.length === 0) {
        const kernel = kernelCell(layer, masked.has(top));
        const cell = measuredCell(layer.cell, layer, timesteps, layer.returnSequences, kernel);
        result.push({ ...base, index: result.length, layer, weights: layer.weights, cell });
        return;
      }
      result.push({ ...base, index: result.length, layer, weights: [], cell: null });
      const kernels = stackedKernelCells(layer, stack, masked.has(top));
      for (const [i, inner] of stack.entries()) {
        result.push({
          ...base,
          index: result.length,
          name: `${name}/cell_${i}`,
          type: layerType(inner),
          layer: inner,
          weights: inner.weights,
          inputGradient: i > 0 || base.inputGradient,
          cell: measuredCell(inner, layer, timesteps, i < stack.length - 1 || layer.returnSequences, kernels[i]!),
        });
      }
      return;
    }
    const inside = parts(layer);
    result.push({ ...base, index: result.length, layer, weights: inside.length > 0 ? [] : layer.weights, cell: null });
    const perTimestep = layer.getClassName() === "TimeDistributed";
    for (const [part, inner] of inside) {
      const own = inputShape(inner);
      visit(inner, `${name}/${part}`, top, own.length > 0 ? own : perTimestep ? [null, ...input.slice(2)] : input);
    }
  };

  for (const layer of model.layers) {
    if (layer.getClassName() !== "InputLayer") visit(layer, layer.name, layer, inputShape(layer));
  }
  return result;
}

/** The first tensor of a layer's input or output. */
export function firstTensor(value: Tensor | Tensor[]): Tensor | undefined {
  return Array.isArray(value) ? value[0] : value;
}

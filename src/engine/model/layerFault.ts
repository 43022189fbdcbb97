/** Exceptions that say in which layer they were thrown. */

import type * as tfl from "@tensorflow/tfjs-layers";
import type { Problem } from "../../config/problem.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { plainMessage } from "./plainMessage.ts";

/** A layer could not compute what it got. */
export class LayerFault extends Error {
  readonly layer: tfl.layers.Layer;

  constructor({ layer, name, type }: BuiltLayer, cause: unknown) {
    super(`"${name}" (${type}) cannot compute what it gets: ${plainMessage(cause)}`, { cause });
    this.layer = layer;
  }
}

/** From now on what a layer throws is a LayerFault: that of the innermost one, whose doing it is. */
export function nameFaults(layers: readonly BuiltLayer[]): void {
  for (const built of layers) {
    const { layer } = built;
    const call = layer.call;
    Object.defineProperty(layer, "call", {
      configurable: true,
      writable: true,
      value: (...args: Parameters<typeof call>) => {
        try {
          return Reflect.apply(call, layer, args);
        } catch (error) {
          throw error instanceof LayerFault ? error : new LayerFault(built, error);
        }
      },
    });
  }
}

/** The fault at the layer's place; null: it is none of this model's. */
export function faultProblem(fault: unknown, { byLayer }: BuiltModel): Problem | null {
  const built = fault instanceof LayerFault ? byLayer.get(fault.layer) : undefined;
  if (!built || !(fault instanceof LayerFault)) return null;
  return { severity: "error", message: fault.message, path: [...built.path, "type"], on: "value" };
}

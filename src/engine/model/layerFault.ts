/** Exceptions that say in which layer they were thrown. */

import * as tf from "@tensorflow/tfjs-core";
import type * as tfl from "@tensorflow/tfjs-layers";
import type { Problem } from "../../config/problem.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { plainMessage } from "./plainMessage.ts";

/** A layer could not compute what it got, or its gradient. */
export class LayerFault extends Error {
  readonly layer: tfl.layers.Layer;

  constructor({ layer, name, type }: BuiltLayer, cause: unknown, what = "what it gets") {
    super(`"${name}" (${type}) cannot compute ${what}: ${plainMessage(cause)}`, { cause });
    this.layer = layer;
  }
}

/** From now on what a layer throws, on the way back too, is a LayerFault: that of the innermost one, whose doing it is. */
export function nameFaults(layers: readonly BuiltLayer[]): void {
  for (const built of layers) {
    const { layer } = built;
    const call = layer.call;
    Object.defineProperty(layer, "call", {
      configurable: true,
      writable: true,
      value: (...args: Parameters<typeof call>) => {
        const from = tape()?.length ?? 0;
        try {
          return Reflect.apply(call, layer, args);
        } catch (error) {
          throw error instanceof LayerFault ? error : new LayerFault(built, error);
        } finally {
          nameGradientFaults(built, from);
        }
      },
    });
  }
}

type Tape = ReturnType<typeof tf.engine>["state"]["activeTape"];

/** What tfjs walks back over; null: nothing is being differentiated. An inner tape of a custom gradient is gone by then. */
function tape(): Tape | null {
  return tf.engine().state.activeTape ?? null;
}

/** Operations that have a layer: those of inner ones are seen first. */
const named = new WeakSet<object>();

function nameGradientFaults(built: BuiltLayer, from: number): void {
  const nodes = tape();
  if (!nodes) return;
  for (let i = from; i < nodes.length; i++) {
    const node = nodes[i]!;
    const { gradient } = node;
    if (!gradient || named.has(node)) continue;
    named.add(node);
    const naming = <T>(compute: () => T): T => {
      try {
        return compute();
      } catch (error) {
        throw error instanceof LayerFault ? error : new LayerFault(built, error, "the gradient of what it gets");
      }
    };
    node.gradient = (dys) => {
      const made = naming(() => gradient(dys));
      return Object.fromEntries(
        Object.keys(made).map((input) => [input, () => naming(() => fitting(made[input]!(), node.inputs[input]))]),
      );
    };
  }
}

/** tfjs checks this as well, where nobody knows the layer any more. */
function fitting(gradient: tf.Tensor, input: tf.Tensor | undefined): tf.Tensor {
  if (input && !tf.util.arraysEqual(gradient.shape, input.shape))
    throw new Error(`its shape is (${gradient.shape.join(", ")}), and not (${input.shape.join(", ")})`);
  return gradient;
}

/** The fault at the layer's place; null: it is none of this model's. */
export function faultProblem(fault: unknown, { byLayer }: BuiltModel): Problem | null {
  const built = fault instanceof LayerFault ? byLayer.get(fault.layer) : undefined;
  if (!built || !(fault instanceof LayerFault)) return null;
  return { severity: "error", message: fault.message, path: [...built.path, "type"], on: "value" };
}

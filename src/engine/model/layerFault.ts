/** Exceptions that name the layer in which they were thrown. */

import * as tf from "@tensorflow/tfjs-core";
import type * as tfl from "@tensorflow/tfjs-layers";
import type { Problem } from "../../config/problem.ts";
import { Stopped } from "../../kernels/stop.ts";
import { fitWords } from "../../messages/fit.ts";
import type { BuiltLayer, BuiltModel } from "./builtModel.ts";
import { plainMessage } from "./messages.ts";

/** Thrown if a layer cannot compute its output or its gradient. */
export class LayerFault extends Error {
  readonly layer: tfl.layers.Layer;

  constructor({ layer, name, type }: BuiltLayer, cause: unknown, what = fitWords().whatItGets) {
    super(fitWords().cannotCompute({ layer: name, type, what, why: plainMessage(cause) }), { cause });
    this.layer = layer;
  }
}

/**
 * From now on, any error that a layer throws, also on the way back, is a LayerFault of the innermost layer involved.
 */
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
          throw faultOf(built, error);
        } finally {
          nameGradientFaults(built, from);
        }
      },
    });
  }
}

/** An error that names the layer already, or is none of a layer, stays as it is. */
function faultOf(built: BuiltLayer, error: unknown, what?: string): unknown {
  return error instanceof LayerFault || error instanceof Stopped ? error : new LayerFault(built, error, what);
}

type Tape = ReturnType<typeof tf.engine>["state"]["activeTape"];

/**
 * tfjs's gradient tape; null: nothing is being differentiated. The inner tape of a custom gradient is already gone
 * then.
 */
function tape(): Tape | null {
  return tf.engine().state.activeTape ?? null;
}

/** Operations that already have a layer: inner layers are seen first. */
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
        throw faultOf(built, error, fitWords().itsGradient);
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

/** tfjs checks this as well, but at a point where the layer is no longer known. */
function fitting(gradient: tf.Tensor, input: tf.Tensor | undefined): tf.Tensor {
  if (input && !tf.util.arraysEqual(gradient.shape, input.shape))
    throw new Error(`its shape is (${gradient.shape.join(", ")}), not (${input.shape.join(", ")})`);
  return gradient;
}

/** The fault as a problem at the layer's place; null: it is not a fault of this model. */
export function faultProblem(fault: unknown, { byLayer }: BuiltModel): Problem | null {
  const built = fault instanceof LayerFault ? byLayer.get(fault.layer) : undefined;
  if (!built || !(fault instanceof LayerFault)) return null;
  return { severity: "error", message: fault.message, path: [...built.path, "type"], on: "value" };
}

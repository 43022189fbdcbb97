/**
 * What tfjs's objects keep to themselves, read with a check of its type. tfjs has no public access to these properties;
 * no other module of the engine reads or replaces them.
 */

import type { Tensor } from "@tensorflow/tfjs-core";
import { type LayerVariable, layers } from "@tensorflow/tfjs-layers";

type Layer = layers.Layer;

/** An activation function as a layer keeps it. */
export interface Activation {
  apply(x: Tensor): Tensor;
}

/** A property whatever it holds; undefined where there is none. The caller checks its type. */
export function internal(target: object, key: string): unknown {
  const value: unknown = Reflect.get(target, key);
  return value;
}

/** Replaces a property that tfjs reads. */
export function setInternal(target: object, key: string, value: unknown): void {
  Reflect.set(target, key, value);
}

/** Gives `target` its own property `key`; returns what restores the former state. */
export function override(target: object, key: string, value: unknown): () => void {
  const former = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
  return () => {
    if (former) Object.defineProperty(target, key, former);
    else Reflect.deleteProperty(target, key);
  };
}

/** Whether a switch is on, e.g. `goBackwards`, `useBias`, `maskZero`. */
export function isOn(layer: Layer, key: string): boolean {
  return internal(layer, key) === true;
}

/** A number, e.g. `units` or `dropout`; null where there is none. */
export function numberAt(layer: Layer, key: string): number | null {
  const value = internal(layer, key);
  return typeof value === "number" ? value : null;
}

/** Layers that a layer keeps under a name, one or a list. */
export function layersAt(layer: Layer, key: string): Layer[] {
  const value = internal(layer, key);
  return (Array.isArray(value) ? value : [value]).filter((v) => v instanceof layers.Layer);
}

/** The activation that a layer or cell keeps under a name; null where there is none. */
export function activationAt(layer: Layer, key: "activation" | "recurrentActivation"): Activation | null {
  const value = internal(layer, key);
  return isActivation(value) ? value : null;
}

function isActivation(value: unknown): value is Activation {
  return typeof value === "object" && value !== null && "apply" in value && typeof value.apply === "function";
}

/** tfjs's name of that activation, e.g. `hardSigmoid`; null where there is none. */
export function activationName(layer: Layer, key: "activation" | "recurrentActivation"): string | null {
  const value = internal(layer, key);
  if (typeof value !== "object" || value === null || !("getClassName" in value)) return null;
  const { getClassName } = value;
  return typeof getClassName === "function" ? String(Reflect.apply(getClassName, value, [])) : null;
}

/** The weight that a layer keeps under a name. Throws where it has none there. */
export function weightAt(layer: Layer, key: string): LayerVariable {
  const variable = internal(layer, key);
  const found = layer.weights.find((weight) => weight === variable);
  if (!found) throw new Error(`${layer.name} has no weight ${key}.`);
  return found;
}

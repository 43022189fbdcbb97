/**
 * Typed readers of tfjs's internal properties, which have no public access. No other module of the engine reads or
 * replaces them.
 */

import { Tensor } from "@tensorflow/tfjs-core";
import { LayerVariable, layers } from "@tensorflow/tfjs-layers";

type Layer = layers.Layer;

/** An activation function as stored in a layer. */
export interface Activation {
  apply(x: Tensor): Tensor;
}

/** A property with any value; undefined if it does not exist. The caller checks its type. */
export function internal(target: object, key: string): unknown {
  const value: unknown = Reflect.get(target, key);
  return value;
}

/** Replaces a property that tfjs reads. */
export function setInternal(target: object, key: string, value: unknown): void {
  Reflect.set(target, key, value);
}

/** Gives `target` a property `key` of its own; returns a function that restores the former state. */
export function override(target: object, key: string, value: unknown): () => void {
  const former = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
  return () => {
    if (former) Object.defineProperty(target, key, former);
    else Reflect.deleteProperty(target, key);
  };
}

/** Whether a flag is set, e.g. `goBackwards`, `useBias`, `maskZero`. */
export function isOn(layer: Layer, key: string): boolean {
  return internal(layer, key) === true;
}

/** A number, e.g. `units` or `dropout`; null if it does not exist. */
export function numberAt(layer: Layer, key: string): number | null {
  const value = internal(layer, key);
  return typeof value === "number" ? value : null;
}

/** Two numbers, e.g. the `strides` of a two-dimensional convolution; null if they do not exist. */
export function pairAt(layer: Layer, key: string): [number, number] | null {
  const value = internal(layer, key);
  const [first, second]: readonly unknown[] = Array.isArray(value) ? value : [];
  return typeof first === "number" && typeof second === "number" ? [first, second] : null;
}

/** The present value of a weight, or of an object that replaces it; null if there is none. */
export function valueAt(layer: Layer, key: string): Tensor | null {
  const weight = internal(layer, key);
  if (typeof weight !== "object" || weight === null || !("read" in weight)) return null;
  const { read } = weight;
  const value: unknown = typeof read === "function" ? Reflect.apply(read, weight, []) : null;
  return value instanceof Tensor ? value : null;
}

/** One layer or a list of layers that a layer stores under a name. */
export function layersAt(layer: Layer, key: string): Layer[] {
  const value = internal(layer, key);
  return (Array.isArray(value) ? value : [value]).filter((v) => v instanceof layers.Layer);
}

/** The activation that a layer or cell stores under a name; null if it does not exist. */
export function activationAt(layer: Layer, key: "activation" | "recurrentActivation"): Activation | null {
  const value = internal(layer, key);
  return isActivation(value) ? value : null;
}

function isActivation(value: unknown): value is Activation {
  return typeof value === "object" && value !== null && "apply" in value && typeof value.apply === "function";
}

/** tfjs's name of that activation, e.g. `hardSigmoid`; null if it does not exist. */
export function activationName(layer: Layer, key: "activation" | "recurrentActivation"): string | null {
  const value = internal(layer, key);
  if (typeof value !== "object" || value === null || !("getClassName" in value)) return null;
  const { getClassName } = value;
  return typeof getClassName === "function" ? String(Reflect.apply(getClassName, value, [])) : null;
}

/** The weight that a layer stores under a name. Throws if there is none. */
export function weightAt(layer: Layer, key: string): LayerVariable {
  const variable = internal(layer, key);
  if (!(variable instanceof LayerVariable)) throw new Error(`${layer.name} has no weight ${key}.`);
  return variable;
}

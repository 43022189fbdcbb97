/** The common parts of the kernels that replace tfjs's: values of tensors on either backend, and checked arguments. */

import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelConfig, TensorInfo } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { heldTensors } from "../heldTensors.ts";

export type Shape4 = [number, number, number, number];
export type Shape5 = [number, number, number, number, number];
export type KernelParams = Parameters<KernelConfig["kernelFunc"]>[0];
/** One computation in our kernels; null: not covered, so tfjs's own kernel runs it. */
export type Compute = (params: KernelParams) => TensorInfo | TensorInfo[] | null;

/** Tries each computation before tfjs's kernel of the same name. */
export function computeInKernels(
  computations: Readonly<Record<string, Compute>>,
  backends: readonly ("wasm" | "cpu")[] = ["wasm", "cpu"],
): void {
  for (const backendName of backends) {
    for (const [kernelName, compute] of Object.entries(computations)) {
      const former = tf.getKernel(kernelName, backendName);
      if (!former) continue;
      tf.unregisterKernel(kernelName, backendName);
      tf.registerKernel({ ...former, kernelFunc: (params) => compute(params) ?? former.kernelFunc(params) });
    }
  }
}

/** tfjs's names of the activations that it fuses, and the kernels that compute them. */
const activationKernels: { readonly [activation: string]: string } = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  leakyrelu: "LeakyRelu",
  prelu: "Prelu",
};

/** Applies the activation of a fused kernel to the linear result. */
export function fused({ inputs, attrs, backend }: KernelParams, linear: TensorInfo | null): TensorInfo | null {
  const activation: unknown = attrs?.["activation"];
  if (!linear || activation === undefined || activation === null || activation === "linear") return linear;
  const on = backendOf(backend);
  const { preluActivationWeights: alpha } = inputs;
  try {
    const name = activationKernels[String(activation)] ?? "";
    const kernel = tf.getKernel(name, on instanceof BackendWasm ? "wasm" : "cpu");
    if (!kernel) throw new Error(`tfjs has no kernel for the activation ${String(activation)}`);
    const made = kernel.kernelFunc({
      inputs: { x: linear, ...(alpha && { alpha }) },
      attrs: { alpha: Number(attrs?.["leakyreluAlpha"]) },
      backend,
    });
    const [output] = Array.isArray(made) ? made : [made];
    return output ?? null;
  } finally {
    // Also if the activation was stopped.
    if (on instanceof BackendWasm) on.disposeData(linear.dataId);
    else on.disposeIntermediateTensorInfo(linear);
  }
}

/** A tensor of the values that `compute` makes from the inputs' values; null if a value is missing or not float32. */
export function result(
  backend: unknown,
  shape: readonly number[],
  inputs: readonly TensorInfo[],
  compute: (a: Float32Array, b: Float32Array, c?: Float32Array) => Float32Array,
): TensorInfo | null {
  const on = backendOf(backend);
  // All of them before the first is read: the kernels' memory may grow, and its former views then end.
  if (on instanceof BackendWasm) for (const tensor of inputs) heldTensors(on)?.hold(tensor);
  const [a, b, c] = inputs.map((tensor) => valuesOf(on, tensor));
  if (!a || !b || (inputs[2] && !c) || a.length === 0 || b.length === 0) return null;
  return madeOf(on, shape, compute(a, b, c ?? undefined));
}

/** A tensor of values that the caller will overwrite, or of a result that the kernels have just computed. */
export function madeOf(backend: unknown, shape: readonly number[], values: Float32Array): TensorInfo {
  const kept = backend instanceof BackendWasm ? heldTensors(backend)?.keep(shape, values) : null;
  return kept ?? filled(backend, shape, (room) => room.set(values));
}

/** A tensor whose values `fill` writes. */
export function filled(backend: unknown, shape: readonly number[], fill: (values: Float32Array) => void): TensorInfo {
  const on = backendOf(backend);
  if (on instanceof MathBackendCPU) {
    const values = new Float32Array(shape.reduce((size, n) => size * n, 1));
    fill(values);
    return on.makeTensorInfo([...shape], "float32", values);
  }
  const made = on.makeOutput([...shape], "float32");
  const values = on.typedArrayFromHeap(made);
  if (values instanceof Float32Array) fill(values);
  return made;
}

/** Values in the kernels' memory, valid until anything is kept there; null: they are only in the backend's. */
export function heldOf(backend: unknown, tensor: TensorInfo): Float32Array | null {
  return backend instanceof BackendWasm ? (heldTensors(backend)?.values(tensor.dataId) ?? null) : null;
}

/** A tensor's values, valid until the backend next makes a tensor; null if they are not float32, or not on this backend. */
export function floatsOf(backend: unknown, tensor: TensorInfo): Float32Array | null {
  const on = backendOf(backend);
  const here = on instanceof BackendWasm ? on.dataIdMap.has(tensor.dataId) : on.data.has(tensor.dataId);
  return here ? valuesOf(on, tensor) : null;
}

function valuesOf(backend: BackendWasm | MathBackendCPU, tensor: TensorInfo): Float32Array | null {
  if (tensor.dtype !== "float32") return null;
  const values =
    backend instanceof BackendWasm
      ? (heldOf(backend, tensor) ?? backend.typedArrayFromHeap(tensor))
      : backend.data.get(tensor.dataId).values;
  return values instanceof Float32Array ? values : null;
}

function backendOf(backend: unknown): BackendWasm | MathBackendCPU {
  if (backend instanceof BackendWasm || backend instanceof MathBackendCPU) return backend;
  throw new Error("a kernel was called with another backend");
}

export function isShape4(value: unknown): value is Shape4 {
  return Array.isArray(value) && value.length === 4 && value.every((size) => typeof size === "number");
}

export function pairOf(value: unknown): [number, number] | null {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  const [first, second] = pair;
  return pair.length === 2 && typeof first === "number" && typeof second === "number" ? [first, second] : null;
}

export function padOf(value: unknown): "same" | "valid" | number | null {
  return value === "same" || value === "valid" || typeof value === "number" ? value : null;
}

export function shape5Of(value: unknown): Shape5 | null {
  const [a, b, c, d, e]: readonly unknown[] = Array.isArray(value) && value.length === 5 ? value : [];
  const numbers = typeof a === "number" && typeof b === "number" && typeof c === "number";
  return numbers && typeof d === "number" && typeof e === "number" ? [a, b, c, d, e] : null;
}

export function tripleOf(value: unknown): [number, number, number] | null {
  const [a, b, c]: readonly unknown[] = Array.isArray(value) ? value : [value, value, value];
  return typeof a === "number" && typeof b === "number" && typeof c === "number" ? [a, b, c] : null;
}

/**
 * Replacements for kernels that lose NaN: this project looks for non-finite numbers, so none may turn into a harmless
 * one. They were found by comparing every elementwise, reducing and pooling kernel of the two backends on inputs with
 * NaN; a test repeats the comparison.
 *
 * If an input is NaN, tfjs's WASM kernels return: ClipByValue its lower bound, Relu6 and the fused relu and relu6 0,
 * Maximum and Minimum one of the two numbers. (The sign of NaN is 0 on both backends; pooling.ts replaces pooling.) In
 * addition, WASM's Prelu treats alpha as one value per channel, whatever its shape.
 */

import type { KernelConfig, NamedAttrMap, TensorInfo, TypedArray } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import { cpuBackend } from "../cpuBackend.ts";
import { cpuFallback, wasmOf } from "./missingKernels.ts";

/** Call this once, before either backend is used. */
export function registerNanKernels(): void {
  replace(elementwise("ClipByValue", (attrs) => [Number(attrs?.["clipValueMin"]), Number(attrs?.["clipValueMax"])]));
  replace(elementwise("Relu6", () => [0, 6]));
  replace(sign(kernelOf("Sign", "wasm")));
  replace(sign(kernelOf("Sign", "cpu")));
  for (const name of ["Maximum", "Minimum", "Prelu"]) replace(cpuFallback(kernelOf(name, "cpu")));
  for (const name of ["_FusedMatMul", "FusedConv2D", "FusedDepthwiseConv2D"]) {
    replace(unfusedRelu(kernelOf(name, "wasm")));
  }
}

/** Comparisons with NaN are false, so NaN passes through. */
function clamp(x: number, low: number, high: number): number {
  return x < low ? low : x > high ? high : x;
}

function kernelOf(name: string, backend: "cpu" | "wasm"): KernelConfig {
  const kernel = tf.getKernel(name, backend);
  if (!kernel) throw new Error(`tfjs's ${backend} backend has no kernel ${name}`);
  return kernel;
}

function replace(kernel: KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

/** A WASM kernel that limits each entry of `x` directly on the heap. */
function elementwise(
  kernelName: string,
  limits: (attrs: NamedAttrMap | undefined) => readonly [number, number],
): KernelConfig {
  return {
    kernelName,
    backendName: "wasm",
    kernelFunc({ inputs, attrs, backend }) {
      const wasm = wasmOf(backend);
      const x = inputs["x"]!;
      const [low, high] = limits(attrs);
      const out = wasm.makeOutput(x.shape, x.dtype);
      // Take the views of the heap after the allocation, which may have moved it.
      const from = wasm.typedArrayFromHeap(x);
      const to = wasm.typedArrayFromHeap(out);
      for (let i = 0; i < from.length; i++) to[i] = clamp(from[i]!, low, high);
      return out;
    },
  };
}

function sign(kernel: KernelConfig): KernelConfig {
  return {
    ...kernel,
    kernelFunc(params) {
      const x = params.inputs["x"]!;
      if (x.dtype !== "float32") return kernel.kernelFunc(params);
      return makeTensor(params.backend, valuesOf(params.backend, x).map(Math.sign), x.shape);
    },
  };
}

/** A fused WASM kernel with its relu or relu6 applied afterwards, by comparisons. */
function unfusedRelu(kernel: KernelConfig): KernelConfig {
  return {
    ...kernel,
    kernelFunc(params) {
      const activation: unknown = params.attrs?.["activation"];
      if (!params.attrs || (activation !== "relu" && activation !== "relu6")) return kernel.kernelFunc(params);
      const out = kernel.kernelFunc({ ...params, attrs: { ...params.attrs, activation: "linear" } });
      const high = activation === "relu6" ? 6 : Number.POSITIVE_INFINITY;
      for (const tensor of Array.isArray(out) ? out : [out]) {
        const values = wasmOf(params.backend).typedArrayFromHeap(tensor);
        for (let i = 0; i < values.length; i++) values[i] = clamp(values[i]!, 0, high);
      }
      return out;
    },
  };
}

/** A copy of a tensor's values. */
function valuesOf(backend: unknown, tensor: TensorInfo): Float32Array {
  const values =
    backend === cpuBackend() ? cpuBackend().readSync(tensor.dataId) : wasmOf(backend).readSync(tensor.dataId);
  return values instanceof Float32Array ? values.slice() : Float32Array.from(values, Number);
}

function makeTensor(backend: unknown, values: TypedArray, shape: number[]): TensorInfo {
  return backend === cpuBackend()
    ? cpuBackend().makeTensorInfo(shape, "float32", values)
    : wasmOf(backend).makeOutput(shape, "float32", undefined, values);
}
